/**
 * What each column of device pixels shows of a lead: from least to most of the samples that fall into it.
 *
 * A sample's column follows from its index alone, so one that comes late lands exactly where it would have been.
 */

import { Presence } from "./cells";

/** Samples as they are drawn: filtered, in microvolts. */
export interface Shown {
  readonly empty: boolean;
  /** From here on, absent means that a sample is missing. */
  readonly start: number;
  presenceOf(index: number): Presence;
  isUnusable(lead: number, index: number): boolean;
  /** Not-a-number where no value is known. */
  uv(lead: number, index: number): number;
}

export const enum ColumnKind {
  /** Nothing was asked for here: before the stream, or before the look-back. */
  Blank = 0,
  Trace = 1,
  /** Samples have not come. */
  Gap = 2,
  /** The device calls the lead unusable. */
  Unusable = 3,
  /** The source itself took none: it was off, or a recording that is played over began again. None will come. */
  NotTaken = 4,
}
/** What of a column's samples decides how it is shown, the strongest last. */
const STRENGTH = [ColumnKind.Blank, ColumnKind.Trace, ColumnKind.Unusable, ColumnKind.NotTaken, ColumnKind.Gap];

/** What one device column of one lead shows, in microvolts. */
export interface Column {
  kind: ColumnKind;
  low: number;
  high: number;
  first: number;
  last: number;
  /** Whether a line joins it to the column before. */
  joined: boolean;
}

const NOTHING: Column = { kind: ColumnKind.Blank, low: 0, high: 0, first: 0, last: 0, joined: false };

/** The column a sample falls into, counted from the stream's start. */
export function columnOf(index: number, px_per_sample: number): number {
  return Math.floor(index * px_per_sample);
}

/**
 * From least to most of the samples that fall in a column, so that no spike is ever lost between pixels.
 * `null`: the column is narrower than a sample and none falls into it; a line passes through.
 */
export function columnAt(shown: Shown, lead: number, column: number, px_per_sample: number, end: number): Column | null {
  const from = Math.max(0, Math.ceil(column / px_per_sample));
  const to = Math.min(end, Math.ceil((column + 1) / px_per_sample));
  if (from >= to) return null;
  if (from < shown.start || shown.empty) return NOTHING;
  const whole: Column = { ...NOTHING, kind: ColumnKind.Trace, low: Infinity, high: -Infinity, joined: true };
  for (let index = from; index < to; index++) take(whole, shown, lead, index, index === from);
  return whole.kind === ColumnKind.Trace && whole.low === Infinity ? { ...NOTHING, kind: ColumnKind.Gap } : whole;
}

function take(column: Column, shown: Shown, lead: number, index: number, is_first: boolean): void {
  const presence = shown.presenceOf(index);
  const value = shown.uv(lead, index);
  const none = Number.isNaN(value);
  if (presence === Presence.AfterBreak) column.joined = false;
  if (presence === Presence.Absent) column.kind = ColumnKind.Gap;
  else if (none) column.kind = worse(column.kind, ColumnKind.NotTaken);
  else if (shown.isUnusable(lead, index)) column.kind = worse(column.kind, ColumnKind.Unusable);
  if (presence === Presence.Absent || none) return;
  if (is_first) column.first = value;
  column.last = value;
  column.low = Math.min(column.low, value);
  column.high = Math.max(column.high, value);
}

function worse(a: ColumnKind, b: ColumnKind): ColumnKind {
  return STRENGTH.indexOf(a) > STRENGTH.indexOf(b) ? a : b;
}
