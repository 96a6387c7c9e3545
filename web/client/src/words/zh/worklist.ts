export const worklist = {
  presence: "我的在岗状态",
  titleRinging: (n: number) => `● 会诊呼叫 ${n}`,
  notification: (urgency: string) => `会诊呼叫（${urgency}），请打开工作列表`,
  stripRings: (n: number) => (n === 1 ? "有 1 个会诊正在呼叫您" : `有 ${n} 个会诊正在呼叫您`),
  stripQuiet: "会诊中，不响铃",
  openCard: "查看",
};
