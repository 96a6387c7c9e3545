/** Guiding the hand: what was asked, in words; what is open; what is to be spoken. Pure. */

import type { Guiding, GuidingState, GuidingView, Movement, ProbeWord, RemoteEvent, ScannerControl, ScannerSetting, Toward } from "./api/types";
import { figure } from "./words/format";
import { w } from "./words/index.svelte";

type Asked = { word?: ProbeWord | null; probe?: ProbeWord | null; control: ScannerControl | null; remote?: RemoteEvent | null; at_device?: boolean };

const OPPOSITE: Partial<Record<Toward, Exclude<Toward, "oclock">>> = {
  to_marker: "from_marker",
  from_marker: "to_marker",
  head: "feet",
  feet: "head",
  patient_right: "patient_left",
  patient_left: "patient_right",
};

/** A word of the vocabulary. */
export function wordOf(movement: Movement, toward: Toward | null = null, hour: number | null = null): ProbeWord {
  return { movement, toward, hour, little: false };
}

/** The operator still owes an answer. */
export function isOpen(state: GuidingState): boolean {
  return state === "asked" || state === "seen" || state === "unanswered";
}

/** An adapter has it in hand at this moment: the scanner itself answers, and nobody else. */
export function isAtDevice(view: Pick<GuidingView, "state" | "at_device">): boolean {
  return view.at_device && view.state === "asked";
}

/** How a scanner says it stands, in words; "" when it says nothing. */
export function settingOf({ depth_mm, gain_db, mode, frozen }: ScannerSetting): string {
  return [
    depth_mm === null ? "" : w.guiding.scanner.depth(figure(depth_mm / 10, 1)),
    gain_db === null ? "" : w.guiding.scanner.gain(`${gain_db > 0 ? "+" : ""}${figure(gain_db, Number.isInteger(gain_db) ? 0 : 1)}`),
    mode === null ? "" : w.guiding.control[mode],
    frozen === true ? w.guiding.scanner.frozen : "",
  ].filter((one) => one !== "").join(w.common.listComma);
}

/** The side the probe's tail leans to when its beam is aimed at another; `null`: the word turns no beam. */
export function tailOf(word: ProbeWord): Exclude<Toward, "oclock"> | null {
  if (word.movement !== "rock" && word.movement !== "tilt") return null;
  return word.toward == null ? null : (OPPOSITE[word.toward] ?? null);
}

/** The side opposite of where a word goes; `null`: it has none. */
export function oppositeOf(toward: Toward): Exclude<Toward, "oclock"> | null {
  return OPPOSITE[toward] ?? null;
}

function of(asked: Asked): ProbeWord | null {
  return asked.word ?? asked.probe ?? null;
}

/** Where a word goes; "" when it goes nowhere. */
export function wayOf(word: ProbeWord): string {
  return word.toward == null ? "" : w.guiding.way(word.movement, word.toward, word.hour);
}

/** What was asked, as one line: the movement, and where. */
export function titleOf(asked: Asked): string {
  const word = of(asked);
  if (asked.remote != null) return w.guiding.scanner.event[asked.remote];
  if (word === null) return asked.control === null ? "" : w.guiding.control[asked.control];
  const way = wayOf(word);
  const title = way === "" ? w.guiding.movement[word.movement] : `${w.guiding.movement[word.movement]} ${w.guiding.arrow} ${way}`;
  return word.little ? `${title}${w.common.listComma}${w.guiding.little}` : title;
}

/** How it is done, as one line below. */
export function hintOf(asked: Asked): string {
  const word = of(asked);
  if (word === null) return asked.at_device === true ? w.guiding.scanner.hint : w.guiding.controlHint;
  const tail = tailOf(word);
  const hint = w.guiding.hint[word.movement];
  return tail === null ? hint : `${hint}${w.common.listComma}${w.guiding.tail(w.guiding.side[tail])}`;
}

/** What is spoken: no arrow, only words. */
export function spokenOf(asked: Asked): string {
  return titleOf(asked).replace(` ${w.guiding.arrow} `, w.common.listComma);
}

/** What became of it, with the reason where there is one; of a scanner, how it says that it stands. */
export function outcomeOf(view: Pick<GuidingView, "state" | "reason"> & Partial<Pick<GuidingView, "at_device" | "reported">>): string {
  const said = view.at_device === true ? w.guiding.scanner.state[view.state] : w.guiding.state[view.state];
  const setting = view.reported == null ? "" : settingOf(view.reported);
  const why = view.reason == null ? "" : w.guiding.reason[view.reason];
  const more = [why, setting === "" ? "" : w.guiding.scanner.stands(setting)].filter((one) => one !== "");
  return more.length === 0 ? said : `${said}${w.common.colon}${more.join(w.common.listComma)}`;
}

/** The same of what is kept: the last step tells it. */
export function keptOutcomeOf(guiding: Guiding): string {
  const last = guiding.steps.at(-1);
  const handed_on = guiding.steps.slice(0, -1).some((one) => one.event === "time_out");
  return outcomeOf({ state: guiding.state, reason: last?.reason ?? null, at_device: guiding.at_device && !handed_on, reported: last?.reported ?? null });
}

/** Seconds from asking to what became of it last; `null`: nothing did. */
export function answeredAfter_s(guiding: Guiding): number | null {
  const last = guiding.steps.at(-1);
  return last === undefined ? null : (Date.parse(last.at) - Date.parse(guiding.asked_at)) / 1000;
}

/**
 * What is to be said aloud now, after what was said last; `null`: nothing new. Each asking once, and once more when
 * nobody answered; what the scanner itself was asked only then.
 */
export function toSpeak(said: string | null, view: GuidingView | null): { key: string; view: GuidingView } | null {
  if (view === null || isAtDevice(view) || (view.state !== "asked" && view.state !== "unanswered")) return null;
  const key = `${view.id} ${view.state}`;
  return key === said ? null : { key, view };
}
