/** What is printed under an ECG, and what a screen reader is told of it: scale, filters, layout, what is missing. */

import type { FilterSetting } from "../ecg/filters";
import { isStValid, possibleAt } from "../ecg/filters";
import { type Arrangement, type LeadOrder, LEADS } from "../ecg/layouts";
import type { StillStatus } from "../ecg/protocol";
import type { Filters } from "../ecg/wire";
import { clockSeconds, figure } from "./format";
import { w } from "./index.svelte";

/** A band of filters, of the view or of the device; `null`: nothing of that kind, or not known. */
export interface Band {
  low_hz: number | null;
  high_hz: number | null;
  notch_hz: number | null;
}

/** 0.05–150 Hz · 陷波 50 Hz; empty where nothing is filtered. */
export function bandText({ low_hz, high_hz, notch_hz }: Band): string {
  const { band, lowCut, highCut, notch } = w.room.ecg;
  const parts: string[] = [];
  if (low_hz !== null && high_hz !== null) parts.push(band(String(low_hz), String(high_hz)));
  else if (low_hz !== null) parts.push(lowCut(String(low_hz)));
  else if (high_hz !== null) parts.push(highCut(String(high_hz)));
  if (notch_hz) parts.push(notch(String(notch_hz)));
  return parts.join(" · ");
}

export function bandOf({ high_pass_hz, low_pass_hz, mains_hz }: FilterSetting): Band {
  return { low_hz: high_pass_hz, high_hz: low_pass_hz, notch_hz: mains_hz };
}

/** What the picture is filtered with. */
export function shownFilters(applied: FilterSetting): string {
  const text = bandText(bandOf(applied));
  return text === "" ? w.room.ecg.shownRaw : w.room.ecg.shown(text);
}

/** What the device itself did before: `null`, or nothing but nulls, is no statement. */
export function deviceFilters(filters: Filters | null): string {
  const text = filters === null ? "" : bandText(filters);
  return text === "" ? w.room.ecg.deviceUnknown : w.room.ecg.device(text);
}

/** What is wanted and cannot be done at the sample rate; empty: all of it can. */
export function notPossible(wanted: FilterSetting, rate_hz: number | null): string {
  if (rate_hz === null) return "";
  const applied = possibleAt(wanted, rate_hz);
  const left_out = { low_hz: null, high_hz: applied.low_pass_hz === null ? wanted.low_pass_hz : null, notch_hz: applied.mains_hz === null ? wanted.mains_hz : null };
  const text = bandText(left_out);
  return text === "" ? "" : w.room.ecg.notPossible(text, String(rate_hz));
}

/** Rows that are none of the twelve leads (a chest strap's): nothing but the rhythm is read from them. */
export function leadWarnings(leads: readonly string[]): string[] {
  const others = leads.filter((lead) => !LEADS.includes(lead));
  return others.length === 0 ? [] : [w.room.ecg.rhythmOnly(others.join(" "))];
}

/** What the filters take away of what can be read; empty for a diagnostic band. */
export function filterWarnings(applied: FilterSetting): string[] {
  const { low_pass_hz } = applied;
  return [
    ...(isStValid(applied) ? [] : [w.room.ecg.stNotValid]),
    ...(low_pass_hz !== null && low_pass_hz < 150 ? [w.room.ecg.reduced(String(low_pass_hz))] : []),
  ];
}

/** 3×4 + 1, Cabrera 6×2; with fewer than twelve leads a row for each. */
export function layoutText(arrangement: Arrangement, order: LeadOrder, lead_count: number): string {
  const { layouts, cabrera, rowsEach } = w.room.ecg;
  if (lead_count < 12) return rowsEach(lead_count);
  return order === "cabrera" ? cabrera(layouts[arrangement]) : layouts[arrangement];
}

/** From when to when a still page is. */
export function pageSpan(still: Pick<StillStatus, "from_us" | "to_us">): string {
  const { from_us, to_us } = still;
  return from_us === null || to_us === null ? w.room.ecg.still.timeUnknown : w.room.ecg.still.span(clockSeconds(from_us / 1000), clockSeconds(to_us / 1000));
}

/** How long ago: 12.3 s, and in minutes from two of them on. */
export function ago(seconds: number): string {
  const { seconds: few, minutes, ended } = w.room.ecg.still;
  return ended(seconds < 120 ? few(figure(seconds, 1)) : minutes(Math.floor(seconds / 60), Math.floor(seconds % 60)));
}

/** What is missing of a page, or that nothing is; and where its source paused. */
export function pageMissing({ missing, not_taken, fetching }: Pick<StillStatus, "missing" | "not_taken" | "fetching">, rate_hz: number): string {
  const { still } = w.room.ecg;
  const paused = not_taken === 0 ? [] : [still.notTaken(figure(not_taken / rate_hz, 2))];
  if (missing === 0) return [still.whole, ...paused].join(" · ");
  return [fetching ? still.fetching : still.missing(missing, figure(missing / rate_hz, 2)), ...paused].join(" · ");
}
