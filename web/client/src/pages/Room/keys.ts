/**
 * The room's keys: which action a key press means. Pure.
 *
 * Told apart by the place of the key (`code`), not its letter, so they work while a Chinese input method
 * is on; off while somebody types or composes.
 */

export type KeyAction =
  | "freeze"
  | "freezeEcg"
  | "calipers"
  | "electrodes"
  | "chestPain"
  | "pointer"
  | "microphone"
  | "camera"
  | "slower"
  | "faster"
  | "panel1"
  | "panel2"
  | "panel3"
  | "panel4"
  | "panel5"
  | "emergency"
  | "help"
  | "draw"
  | "arrow"
  | "circle"
  | "text"
  | "target"
  | "undo"
  | "clear"
  | "measure"
  | "derive"
  | "keepPicture"
  | "keepForView"
  | "keepClip"
  | "inset"
  | "insetCorner"
  | "takeBackScanner"
  | "secondWindow"
  | "earlierExam"
  | "citePicture"
  | "stepBack"
  | "stepOn"
  | "beatBack"
  | "beatOn"
  | "nearer"
  | "further"
  | "whole"
  | "auscultate"
  | "diagnostics"
  | "leaveTool";

export interface KeyPress {
  code: string;
  /** What the key writes; only the question mark is told by it, which stands elsewhere on other keyboards. */
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  isComposing: boolean;
  repeat: boolean;
  /** Whether the focus is where one types. */
  typing: boolean;
  /** Whether the focus is on a choice that digits are typed into: paper speed, gain, layout. */
  choosing: boolean;
}

const ACTIONS: Record<string, KeyAction> = {
  KeyF: "freeze",
  KeyH: "freezeEcg",
  KeyC: "calipers",
  KeyE: "electrodes",
  KeyT: "chestPain",
  KeyP: "pointer",
  KeyM: "microphone",
  KeyV: "camera",
  BracketLeft: "slower",
  BracketRight: "faster",
  Digit1: "panel1",
  Digit2: "panel2",
  Digit3: "panel3",
  Digit4: "panel4",
  Digit5: "panel5",
  Numpad1: "panel1",
  Numpad2: "panel2",
  Numpad3: "panel3",
  Numpad4: "panel4",
  Numpad5: "panel5",
  KeyD: "draw",
  KeyA: "arrow",
  KeyO: "circle",
  KeyL: "text",
  KeyG: "target",
  KeyU: "undo",
  KeyX: "clear",
  KeyK: "measure",
  KeyW: "keepPicture",
  KeyJ: "keepClip",
  KeyQ: "citePicture",
  Comma: "stepBack",
  Period: "stepOn",
  Equal: "nearer",
  NumpadAdd: "nearer",
  Minus: "further",
  NumpadSubtract: "further",
  Digit0: "whole",
  Numpad0: "whole",
  KeyZ: "inset",
  KeyS: "auscultate",
  KeyI: "diagnostics",
  Escape: "leaveTool",
};

const SHIFTED: Record<string, KeyAction> = { Comma: "beatBack", Period: "beatOn", Equal: "nearer", KeyW: "keepForView", KeyK: "derive", KeyJ: "earlierExam", KeyV: "secondWindow", KeyZ: "insetCorner", KeyR: "takeBackScanner" };

const QUESTION_MARKS = ["?", "？"];

/** Held down, these go on and on: frame after frame, nearer and nearer. */
const REPEATED = new Set(["Comma", "Period", "Equal", "Minus", "NumpadAdd", "NumpadSubtract"]);

/** What a key press means in the room, or `null`. `letters`: single-letter keys are switched on (WCAG 2.1.4). */
export function actionFor(press: KeyPress, letters: boolean): KeyAction | null {
  if ((press.ctrlKey || press.metaKey) && !press.altKey && !press.shiftKey && press.code === "KeyZ" && !press.typing) return "undo";
  if (press.ctrlKey || press.altKey || press.metaKey) return null;
  if (press.repeat && !REPEATED.has(press.code)) return null;
  // A function key writes nothing: help is called also in the middle of a word.
  if (press.code === "F2" && !press.shiftKey) return "emergency";
  if (press.typing || press.isComposing) return null;
  const action = singleKey(press);
  if (press.choosing && (action === "leaveTool" || action?.startsWith("panel"))) return null;
  return letters || action === "leaveTool" ? action : null;
}

function singleKey(press: KeyPress): KeyAction | null {
  if (QUESTION_MARKS.includes(press.key) || (press.code === "Slash" && press.shiftKey)) return "help";
  return (press.shiftKey ? SHIFTED : ACTIONS)[press.code] ?? null;
}

const TYPED_INTO = "input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=range]), textarea, [contenteditable]";

/** The parts of a keyboard event that decide. */
export function pressOf(event: KeyboardEvent): KeyPress {
  const { code, key, shiftKey, ctrlKey, altKey, metaKey, isComposing, repeat, target } = event;
  const at = target instanceof Element ? target : null;
  const typing = at?.closest(TYPED_INTO) != null;
  const choosing = at?.closest("select") != null;
  return { code, key, shiftKey, ctrlKey, altKey, metaKey, isComposing, repeat, typing, choosing };
}
