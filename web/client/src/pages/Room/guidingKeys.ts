/** The keys that answer a guide, and the one that opens the guide's words. Pure. */

import type { KeyPress } from "./keys";

export type GuidingAction = "pad" | "seen" | "done" | "cannot";

const LETTERS: Record<string, GuidingAction> = { KeyR: "pad", KeyB: "seen", KeyY: "done", KeyN: "cannot" };

/** What a key press means, or `null`. `letters`: single-letter keys are switched on. */
export function guidingActionFor(press: KeyPress, letters: boolean): GuidingAction | null {
  if (press.ctrlKey || press.altKey || press.metaKey || press.shiftKey || press.repeat) return null;
  if (press.typing || press.isComposing || !letters) return null;
  return LETTERS[press.code] ?? null;
}
