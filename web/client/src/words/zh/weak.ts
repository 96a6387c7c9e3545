/** What a weak line makes the room do without: said on the picture concerned, and once aloud. */
export const weak = {
  own: (what: string) => `本机带宽不足：${what}`,
  station: (what: string) => `站点带宽不足：${what}`,
  over: "网络恢复，画面已全部恢复",
  facesOnly: "已关闭人像，超声保持清晰",
  what: {
    faces: "已关闭人像",
    ultrasound_frames: "超声部分帧未显示",
    ultrasound_coarse: "超声清晰度降低",
    ultrasound_cropped: "超声只传扇区，周围文字与标尺未显示",
    ultrasound_small: "超声缩小后传输",
  },
  faceOff: "本机带宽不足，人像已关闭；优先传输心电与声音",
  notSent: "未传输",
  misplaced: "画面在原图中的位置未知，暂不能使用指针",
  givenUp: (what: string) => `线路让步：${what}`,
};
