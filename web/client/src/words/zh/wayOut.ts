/** The telephone as the way out of a room whose line is lost. */
export const wayOut = {
  title: "线路中断时的电话",
  station: "站点电话",
  hospital: "医院电话",
  /** Beside the drawing of a telephone. */
  short: { station: "站点", hospital: "医院" },
  noneOfStation: (who: string) => `站点电话不详，请询问${who}`,
  noneOfHospital: (who: string) => `医院电话不详，请询问${who}`,
  /** Who can tell a number that is not known. */
  administrator: "管理员（机构）",
  goOn: (numbers: string) => `可改用电话继续：${numbers}`,
};
