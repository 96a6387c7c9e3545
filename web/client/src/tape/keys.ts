/** The player's keys, told apart by place (`code`), so that they work while an input method is on. Pure. */

import type { KeyPress } from "../pages/Room/keys";

export type PlayerAction = "play" | "frameOn" | "frameBack" | "waveOn" | "waveBack" | "drawing" | "freeze";

const ACTIONS: Record<string, PlayerAction> = {
  Space: "play",
  ArrowRight: "frameOn",
  ArrowLeft: "frameBack",
  Period: "frameOn",
  Comma: "frameBack",
  KeyR: "waveOn",
  KeyD: "drawing",
  KeyF: "freeze",
};

/** What a key press means in the player, or `null`. */
export function playerActionFor(press: KeyPress): PlayerAction | null {
  if (press.typing || press.choosing || press.isComposing || press.ctrlKey || press.altKey || press.metaKey) return null;
  if (press.shiftKey) return press.code === "KeyR" ? "waveBack" : null;
  return ACTIONS[press.code] ?? null;
}
