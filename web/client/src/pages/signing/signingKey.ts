/** The keys that sign: one for this, one for this and the next that is due; they open the review, and again they sign. Pure. */

export type SigningKey = "sign" | "next";

type Press = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey" | "isComposing" | "repeat">;

/** What a key press means to somebody who writes an opinion, or `null`; never while an input method composes. */
export function signingKey(press: Press): SigningKey | null {
  if (press.isComposing || press.repeat || press.altKey || !(press.ctrlKey || press.metaKey)) return null;
  // An input method that is on may call every key "Process"; its place on the keyboard stays.
  if (press.key !== "Enter" && press.code !== "Enter" && press.code !== "NumpadEnter") return null;
  return press.shiftKey ? "next" : "sign";
}
