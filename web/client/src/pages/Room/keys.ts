/**
 * The room's keys: which action a key press means. Pure.
 *
 * Told apart by the place of the key (`code`), not its letter, so they work while a Chinese input method
 * is on; off while somebody types or composes.
 */

export type KeyAction =
  | "freeze"
  | "pointer"
  | "microphone"
  | "camera"
  | "slower"
  | "faster"
  | "panel1"
  | "panel2"
  | "panel3"
  | "panel4"
  | "help"
  | "leaveTool";

export interface KeyPress {
  code: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  isComposing: boolean;
  repeat: boolean;
  /** Whether the focus is where one types. */
  typing: boolean;
}

const ACTIONS: Record<string, KeyAction> = {
  KeyF: "freeze",
  KeyP: "pointer",
  KeyM: "microphone",
  KeyV: "camera",
  BracketLeft: "slower",
  BracketRight: "faster",
  Digit1: "panel1",
  Digit2: "panel2",
  Digit3: "panel3",
  Digit4: "panel4",
  Numpad1: "panel1",
  Numpad2: "panel2",
  Numpad3: "panel3",
  Numpad4: "panel4",
  Escape: "leaveTool",
};

/** What a key press means in the room, or `null`. */
export function actionFor(press: KeyPress): KeyAction | null {
  if (press.typing || press.isComposing || press.repeat) return null;
  if (press.ctrlKey || press.altKey || press.metaKey) return null;
  if (press.code === "Slash" && press.shiftKey) return "help";
  return press.shiftKey ? null : (ACTIONS[press.code] ?? null);
}

const TYPED_INTO = "input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable]";

/** The parts of a keyboard event that decide. */
export function pressOf(event: KeyboardEvent): KeyPress {
  const { code, shiftKey, ctrlKey, altKey, metaKey, isComposing, repeat, target } = event;
  const typing = target instanceof Element && target.closest(TYPED_INTO) !== null;
  return { code, shiftKey, ctrlKey, altKey, metaKey, isComposing, repeat, typing };
}
