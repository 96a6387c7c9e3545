import type { checklists as zh } from "../zh/checklists";

export const checklists: typeof zh = {
  title: "Views to obtain",
  choose: "Open a checklist",
  add: "Choose a protocol",
  open: (name) => `Open: ${name}`,
  progress: (done, whole) => `${done} / ${whole}`,
  state: { open: "open", adequate: "obtained", limited: "limited", not_obtained: "not obtained" },
  tick: (view) => `${view}: state`,
  by: (who, at) => `${who}, ${at}`,
  drawing: (view, hour) => `Drawing of ${view}: where the probe stands, marker to ${hour} o'clock`,
  look: "Look for",
  hint: "A checklist says whether a view was obtained, not what was found. The drawings are our own: have a clinician check them before use.",
  source: (text) => `Source: ${text}`,
  fault: (why) => `Not saved: ${why}`,
  none: "No checklist was opened",
};
