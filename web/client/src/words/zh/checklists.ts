import type { ViewState } from "../../api/types";

export const checklists = {
  title: "切面清单",
  choose: "打开清单",
  add: "选择检查方案",
  open: (name: string) => `打开：${name}`,
  progress: (done: number, whole: number) => `${done} / ${whole}`,
  state: { open: "未做", adequate: "已取得", limited: "质量受限", not_obtained: "未取得" } as Record<ViewState, string>,
  tick: (view: string) => `${view}：状态`,
  by: (who: string, at: string) => `${who} ${at}`,
  drawing: (view: string, hour: number) => `${view}示意图：探头位置，标记指向 ${hour} 点钟`,
  look: "看",
  hint: "清单只记录切面是否取得，不说明结果。示意图为自绘，使用前请由本院医师核对。",
  source: (text: string) => `依据：${text}`,
  fault: (why: string) => `没有保存：${why}`,
  none: "未打开清单",
};
