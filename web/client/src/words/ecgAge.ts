/** How old an ECG was when a consult was asked for: a specialist must not take an old one for the present state. */

import type { Moment } from "./format";
import { w } from "./index.svelte";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** From here on it is emphasised. */
const OLD_MS = DAY_MS;
/** Hours are said up to here, days from here on. */
const DAYS_FROM_MS = 2 * DAY_MS;

export interface EcgAge {
  words: string;
  old: boolean;
}

/** The age of an ECG at a request, in words; `null` when either moment is not known, or it was taken afterwards. */
export function ecgAgeAt(taken_at: Moment, asked_at: Moment): EcgAge | null {
  const age_ms = Date.parse(String(asked_at)) - Date.parse(String(taken_at));
  if (!(age_ms >= 0)) return null;
  const old = age_ms > OLD_MS;
  return { words: (old ? w.common.ecgOldAtRequest : w.common.ecgAtRequest)(span(age_ms)), old };
}

/** The age of an ECG that is about to go along, now. */
export function ecgAgeNow(taken_at: Moment, now: Date): EcgAge | null {
  const age_ms = now.getTime() - Date.parse(String(taken_at));
  if (!(age_ms >= 0)) return null;
  const old = age_ms > OLD_MS;
  return { words: (old ? w.common.ecgOldNow : w.common.ecgNow)(span(age_ms)), old };
}

function span(age_ms: number): string {
  if (age_ms < HOUR_MS) return w.units.minutes(Math.floor(age_ms / MINUTE_MS));
  if (age_ms < DAYS_FROM_MS) return w.units.hours(Math.floor(age_ms / HOUR_MS));
  return w.units.days(Math.floor(age_ms / DAY_MS));
}
