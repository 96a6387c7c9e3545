/**
 * Foot switches, and the one large key: which key press means which act of the operator. Pure.
 *
 * A foot switch is a keyboard of one or three keys that its maker, or a program of its maker, has set. It is
 * learnt by pressing it. Told apart by the place of the key and what is held with it.
 */

export const ACTS = ["done", "seen", "cannot", "take_back_control", "freeze", "keep_still", "keep_clip", "next_view", "call_help"] as const;
/** What an operator does with the probe in her hand, in the order in which it is offered. */
export type Act = (typeof ACTS)[number];

/** A key with what is held with it. */
export interface PedalKey {
  code: string;
  ctrl: boolean;
  alt: boolean;
  shift: boolean;
}

export type Bindings = Partial<Record<Act, PedalKey>>;

export interface Pedals {
  bindings: Bindings;
  /** One key walks through the acts and does the one shown when it is held. */
  large_on: boolean;
  large_key: PedalKey;
  /** How long it is held to do something. */
  hold_ms: number;
}

export const HOLDS_MS = [600, 900, 1500] as const;

export function plainKey(code: string): PedalKey {
  return { code, ctrl: false, alt: false, shift: false };
}

/** F8 and F9 write nothing, and no browser uses them for itself. */
export const FIRST: Pedals = { bindings: { done: plainKey("F8") }, large_on: false, large_key: plainKey("F9"), hold_ms: 900 };

/** What of a key event decides. */
export interface Pressed {
  code: string;
  ctrlKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  metaKey: boolean;
}

export function pedalOf({ code, ctrlKey, altKey, shiftKey }: Pressed): PedalKey {
  return { code, ctrl: ctrlKey, alt: altKey, shift: shiftKey };
}

export function isSame(a: PedalKey, b: PedalKey): boolean {
  return a.code === b.code && a.ctrl === b.ctrl && a.alt === b.alt && a.shift === b.shift;
}

/** The act a key is set to, or `null`. */
export function actOf(pressed: Pressed, bindings: Bindings): Act | null {
  if (pressed.metaKey) return null;
  const key = pedalOf(pressed);
  return ACTS.find((act) => bindings[act] !== undefined && isSame(bindings[act], key)) ?? null;
}

/** Why a key cannot be learnt: it is held with another, everybody needs it for something else, or it has no place. */
export type NotLearnt = "modifier" | "reserved" | "unknown";

const MODIFIERS = /^(Control|Shift|Alt|Meta|OS)(Left|Right)?$|^(CapsLock|NumLock|Fn|FnLock|ScrollLock)$/;
// By these one moves through the page, leaves it, calls for help, or the browser and the system act themselves.
const RESERVED = /^(Tab|Escape|Enter|NumpadEnter|Space|Arrow(Up|Down|Left|Right)|F1|F2|F5|F6|F7|F10|F11|F12|Backspace|Delete|ContextMenu|PrintScreen)$/;

export function notLearnt(pressed: Pressed): NotLearnt | null {
  const { code, ctrlKey, altKey, metaKey } = pressed;
  if (code === "" || code === "Unidentified") return "unknown";
  if (MODIFIERS.test(code)) return "modifier";
  if (metaKey || RESERVED.test(code) || (ctrlKey && !altKey) || (altKey && !ctrlKey)) return "reserved";
  return null;
}

/** An act set to a key; what else was set to it loses it. */
export function bound(pedals: Pedals, act: Act, key: PedalKey): Pedals {
  const others = Object.entries(pedals.bindings).filter(([one, its]) => one !== act && !isSame(its, key));
  return { ...pedals, bindings: { ...Object.fromEntries(others), [act]: key } };
}

export function unbound(pedals: Pedals, act: Act): Pedals {
  return { ...pedals, bindings: Object.fromEntries(Object.entries(pedals.bindings).filter(([one]) => one !== act)) };
}

/** The large key set; an act that was set to it loses it. */
export function withLargeKey(pedals: Pedals, key: PedalKey): Pedals {
  return { ...pedals, large_key: key, bindings: Object.fromEntries(Object.entries(pedals.bindings).filter(([, its]) => !isSame(its, key))) };
}

const SHORT: Record<string, string> = { PageUp: "PgUp", PageDown: "PgDn", BracketLeft: "[", BracketRight: "]", Comma: ",", Period: ".", Minus: "−", Equal: "=", Slash: "/", Semicolon: ";", Quote: "'", Backquote: "`", Backslash: "\\" };

/** As it is printed on a key. */
export function labelOf({ code, ctrl, alt, shift }: PedalKey): string {
  const name = SHORT[code] ?? code.replace(/^(Key|Digit)/, "").replace(/^Numpad/, "Num ");
  return [...(ctrl ? ["Ctrl"] : []), ...(alt ? ["Alt"] : []), ...(shift ? ["Shift"] : []), name].join("+");
}

/** What was kept, as far as it is readable; all else as it is at first. */
export function readPedals(kept: unknown): Pedals {
  if (typeof kept !== "object" || kept === null) return FIRST;
  const { bindings, large_on, large_key, hold_ms } = kept as Record<string, unknown>;
  return {
    bindings: typeof bindings === "object" && bindings !== null ? readBindings(bindings) : FIRST.bindings,
    large_on: large_on === true,
    large_key: isKey(large_key) ? large_key : FIRST.large_key,
    hold_ms: HOLDS_MS.find((one) => one === hold_ms) ?? FIRST.hold_ms,
  };
}

function readBindings(kept: object): Bindings {
  return Object.fromEntries(Object.entries(kept).filter(([act, key]) => (ACTS as readonly string[]).includes(act) && isKey(key)));
}

function isKey(kept: unknown): kept is PedalKey {
  if (typeof kept !== "object" || kept === null) return false;
  const { code, ctrl, alt, shift } = kept as Record<string, unknown>;
  return typeof code === "string" && [ctrl, alt, shift].every((one) => typeof one === "boolean");
}
