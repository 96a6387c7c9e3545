/** What the ultrasound examines, what is kept of it on a weak line, and what is wrong with the captured picture. */
export const exam = {
  title: "检查类型",
  choose: "选择检查类型",
  none: "未选择：流畅优先",
  preset: { cardiac: "心脏", vascular: "血管", abdomen: "腹部", small_parts: "浅表器官" },
  keeps: { motion: "流畅优先", detail: "清晰优先" },
  why: { motion: "带宽不足时保持帧率，先降低清晰度", detail: "带宽不足时保持清晰度，先降低帧率" },
  shown: (preset: string, keeps: string) => `${preset}：${keeps}`,
  failed: (sentence: string) => `检查类型未更改：${sentence}`,
  trouble: {
    lost: "超声设备没有画面传出",
    frozen: "超声画面静止：设备已冻结，或信号停住",
    blank: "超声画面全黑或为单一颜色：请检查设备与连接线",
    resized: "超声画面尺寸刚刚改变：此前的测量比例已不同",
    layout_changed: "设备屏幕刚刚换了版式：此前的测量比例已不同",
    scale_void: "设备的深度或放大倍数已改变：在冻结画面上重新标定之前，测量未标定",
    new_text: "设备屏幕上出现新的文字，此处已遮盖：请回到常用屏幕，或在站点电脑上签核此版式",
    unknown_layout: "设备的这个屏幕版式未经签核：最多只显示已知的扇区。请回到常用屏幕，或在站点电脑上签核此版式",
    no_profile: "超声画面已隐藏：尚未有人签核此设备屏幕上哪些内容可以显示。请在站点电脑上运行 cloudclinic station setup",
    profile_broken: "超声画面已隐藏：站点的设备档案损坏或被改动。请在站点电脑上运行 cloudclinic station setup 并重新签核",
  },
};
