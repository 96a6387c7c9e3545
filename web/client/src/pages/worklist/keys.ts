/** The worklist's keys: which wish a key press means. Pure; told by the key's place, as in the room. */

export type ListKey = "search" | "help" | "next" | "previous" | "close" | "take" | "return" | "decline";

type Press = Pick<KeyboardEvent, "code" | "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey" | "isComposing" | "repeat">;

const KEYS: Record<string, ListKey> = {
  ArrowDown: "next",
  ArrowUp: "previous",
  Escape: "close",
  Enter: "take",
  NumpadEnter: "take",
};
const CHARACTERS: Record<string, ListKey> = { KeyR: "return", KeyX: "decline", Slash: "search", NumpadDivide: "search" };
const MAY_REPEAT: readonly ListKey[] = ["next", "previous"];

/** What a key press means, or `null`. `letters`: single characters are switched on (WCAG 2.1.4). */
export function listKeyFor(press: Press, letters: boolean): ListKey | null {
  if (press.isComposing || press.ctrlKey || press.metaKey || press.altKey) return null;
  const wish = KEYS[press.code] ?? (letters ? characterKey(press) : null);
  return wish !== null && press.repeat && !MAY_REPEAT.includes(wish) ? null : wish;
}

function characterKey(press: Press): ListKey | null {
  if (press.key === "?" || press.key === "？" || (press.code === "Slash" && press.shiftKey)) return "help";
  if (press.key === "/") return "search";
  return press.shiftKey ? null : (CHARACTERS[press.code] ?? null);
}
