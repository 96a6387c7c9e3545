/** Guiding the hand: what was asked, in words; what is open; what is to be spoken. Pure. */

import type { Guiding, GuidingState, GuidingView, Movement, ProbeWord, ScannerControl, Toward } from "./api/types";
import { w } from "./words/index.svelte";

type Asked = { word?: ProbeWord | null; probe?: ProbeWord | null; control: ScannerControl | null };

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
  if (word === null) return asked.control === null ? "" : w.guiding.control[asked.control];
  const way = wayOf(word);
  const title = way === "" ? w.guiding.movement[word.movement] : `${w.guiding.movement[word.movement]} ${w.guiding.arrow} ${way}`;
  return word.little ? `${title}${w.common.listComma}${w.guiding.little}` : title;
}

/** How it is done, as one line below. */
export function hintOf(asked: Asked): string {
  const word = of(asked);
  if (word === null) return w.guiding.controlHint;
  const tail = tailOf(word);
  const hint = w.guiding.hint[word.movement];
  return tail === null ? hint : `${hint}${w.common.listComma}${w.guiding.tail(w.guiding.side[tail])}`;
}

/** What is spoken: no arrow, only words. */
export function spokenOf(asked: Asked): string {
  return titleOf(asked).replace(` ${w.guiding.arrow} `, w.common.listComma);
}

/** What became of it, with the reason where there is one. */
export function outcomeOf(view: Pick<GuidingView, "state" | "reason">): string {
  const said = w.guiding.state[view.state];
  return view.reason == null ? said : `${said}${w.common.colon}${w.guiding.reason[view.reason]}`;
}

/** Seconds from asking to what became of it last; `null`: nothing did. */
export function answeredAfter_s(guiding: Guiding): number | null {
  const last = guiding.steps.at(-1);
  return last === undefined ? null : (Date.parse(last.at) - Date.parse(guiding.asked_at)) / 1000;
}

/** What is to be said aloud now, after what was said last; `null`: nothing new. Each asking once, and once more when nobody answered. */
export function toSpeak(said: string | null, view: GuidingView | null): { key: string; view: GuidingView } | null {
  if (view === null || (view.state !== "asked" && view.state !== "unanswered")) return null;
  const key = `${view.id} ${view.state}`;
  return key === said ? null : { key, view };
}
