/**
 * Where each sample of a swept ECG stands on the paper: pure geometry, in device pixels.
 *
 * In "3x4" each of the four columns sweeps by itself, so all twelve leads are live at once; below them a
 * rhythm row over the whole width. In "12x1" each lead has a row over the whole width. A sample's place
 * follows from its index alone, so one that comes late lands exactly where it would have been.
 */

import { Presence, type Ring } from "./ring";
import { MISSING } from "./wire";

export type Arrangement = "3x4" | "12x1";
export const SPEEDS_MM_S = [25, 50] as const;
export const GAINS_MM_MV = [5, 10, 20] as const;
export type SpeedMmS = (typeof SPEEDS_MM_S)[number];
export type GainMmMv = (typeof GAINS_MM_MV)[number];

/** How the ECG is shown. Lengths in device pixels. */
export interface View {
  arrangement: Arrangement;
  speed_mm_s: SpeedMmS;
  gain_mm_mv: GainMmMv;
  px_per_mm: number;
  width_px: number;
  height_px: number;
}

/** One lead's place on the paper. */
export interface Pane {
  lead: string;
  x: number;
  width: number;
  top: number;
  height: number;
  /** Where 0 mV is. */
  baseline: number;
  /** Whether the row's calibration step stands before it. */
  begins_row: boolean;
  /** Panes of one layer that share `x` sweep together; the rhythm row has a layer of its own. */
  layer: 0 | 1;
}

/** Panes that sweep together: the same columns at the same time. */
export interface Group {
  x: number;
  width: number;
  top: number;
  bottom: number;
  layer: 0 | 1;
  panes: Pane[];
}

const GRID_3X4 = [
  ["I", "aVR", "V1", "V4"],
  ["II", "aVL", "V2", "V5"],
  ["III", "aVF", "V3", "V6"],
];
export const RHYTHM_LEAD = "II";
/** The twelve leads, in the order of their rows in 12x1. */
export const LEADS = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"];
/** The calibration step's width, and the room on both sides of it. */
export const STEP_S = 0.2;
const MARGIN_MM = 1.2;
/** Erased ahead of the pen. */
export const ERASED_MM = 3;
/** How far down a row 0 mV is: QRS complexes reach up more than down, and the 1 mV step must fit above. */
const BASELINE_SHARE = 0.74;

/** The panes of an arrangement, drawn from the upper left. */
export function panes(view: View): Pane[] {
  return view.arrangement === "3x4" ? panes3x4(view) : panes12x1(view);
}

/** The same panes, those that sweep together side by side. */
export function groups(view: View): Group[] {
  const found = new Map<string, Group>();
  for (const pane of panes(view)) {
    const key = `${pane.layer}:${pane.x}`;
    const group = found.get(key) ?? { ...pane, bottom: 0, panes: [] };
    group.panes.push(pane);
    group.bottom = pane.top + pane.height;
    found.set(key, group);
  }
  return [...found.values()].map(({ x, width, top, bottom, layer, panes: members }) => ({
    x,
    width,
    top,
    bottom,
    layer,
    panes: members,
  }));
}

/** Room at the left for the 1 mV step. */
export function marginPx(view: View): number {
  return Math.round((STEP_S * view.speed_mm_s + MARGIN_MM) * view.px_per_mm);
}

function panes3x4(view: View): Pane[] {
  const left = marginPx(view);
  const width = Math.max(1, Math.floor((view.width_px - left) / 4));
  const height = view.height_px / 4;
  const found = GRID_3X4.flatMap((row, r) =>
    row.map((lead, c) => pane(lead, [left + c * width, width, r * height, height], c === 0, 0)),
  );
  found.push(pane(RHYTHM_LEAD, [left, Math.max(1, view.width_px - left), 3 * height, height], true, 1));
  return found;
}

function panes12x1(view: View): Pane[] {
  const left = marginPx(view);
  const height = view.height_px / LEADS.length;
  const width = Math.max(1, view.width_px - left);
  return LEADS.map((lead, r) => pane(lead, [left, width, r * height, height], true, 0));
}

type Box = [x: number, width: number, top: number, height: number];

function pane(lead: string, [x, width, top, height]: Box, begins_row: boolean, layer: 0 | 1): Pane {
  const baseline = Math.round(top + height * BASELINE_SHARE);
  return { lead, x, width, top: Math.round(top), height: Math.round(height), baseline, begins_row, layer };
}

/** Device pixels that one sample is wide. */
export function pxPerSample(view: View, rate_hz: number): number {
  return (view.px_per_mm * view.speed_mm_s) / rate_hz;
}

/** Device pixels that one step of the converter is high. */
export function pxPerLsb(view: View, nv_per_lsb: number): number {
  return (view.px_per_mm * view.gain_mm_mv * nv_per_lsb) / 1e6;
}

/** The column a sample falls into, counted from the stream's start. */
export function columnOf(index: number, px_per_sample: number): number {
  return Math.floor(index * px_per_sample);
}

/** Where a column stands within a pane. */
export function columnX(column: number, pane: Pick<Pane, "x" | "width">): number {
  return pane.x + (column % pane.width);
}

/** The columns of a pane that show something while the pen is at `pen`: [first, end). */
export function shownColumns(pen: number, px_per_sample: number, width: number, erased_px: number): [number, number] {
  const end = columnOf(pen, px_per_sample) + 1;
  return [Math.max(0, end - Math.max(1, width - erased_px)), end];
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

/** What one device column of one lead shows, in steps of the converter. */
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

/**
 * From least to most of the samples that fall in a column, so that no spike is ever lost between pixels.
 * `null`: the column is narrower than a sample and none falls into it; a line passes through.
 */
export function columnAt(ring: Ring, lead: number, column: number, px_per_sample: number, end: number): Column | null {
  const from = Math.ceil(column / px_per_sample);
  const to = Math.min(end, Math.ceil((column + 1) / px_per_sample));
  if (from >= to) return null;
  if (from < ring.start || ring.empty) return NOTHING;
  const whole: Column = { ...NOTHING, kind: ColumnKind.Trace, low: Infinity, high: -Infinity, joined: true };
  for (let index = from; index < to; index++) take(whole, ring, lead, index, index === from);
  return whole.kind === ColumnKind.Trace && whole.low === Infinity ? { ...NOTHING, kind: ColumnKind.Gap } : whole;
}

function take(column: Column, ring: Ring, lead: number, index: number, is_first: boolean): void {
  const presence = ring.presenceOf(index);
  const value = ring.value(lead, index);
  if (presence === Presence.AfterBreak) column.joined = false;
  if (presence === Presence.Absent) column.kind = ColumnKind.Gap;
  else if (value === MISSING) column.kind = worse(column.kind, ColumnKind.NotTaken);
  else if (ring.isUnusable(lead, index)) column.kind = worse(column.kind, ColumnKind.Unusable);
  if (presence === Presence.Absent || value === MISSING) return;
  if (is_first) column.first = value;
  column.last = value;
  column.low = Math.min(column.low, value);
  column.high = Math.max(column.high, value);
}

function worse(a: ColumnKind, b: ColumnKind): ColumnKind {
  return STRENGTH.indexOf(a) > STRENGTH.indexOf(b) ? a : b;
}
