import type { worklist as zh } from "../zh/worklist";

export const worklist: typeof zh = {
  presence: "My presence",
  titleRinging: (n) => `● Consult rings ${n}`,
  notification: (urgency) => `Consult request (${urgency}): open the worklist`,
  stripRings: (n) => (n === 1 ? "A consult is ringing you" : `${n} consults are ringing you`),
  stripQuiet: "In a call: no sound",
  openCard: "View",
};
