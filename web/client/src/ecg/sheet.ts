/**
 * Where each lead's pane stands on the paper, in device pixels, and at which gain it is drawn.
 *
 * All leads share one gain, or the chest leads have half of it; a row's place follows from the paper alone, so
 * that two heights can always be compared.
 */

import { type Arrangement, type Cell, isChest, type LeadOrder, LEADS, sheetOf } from "./layouts";

export const SPEEDS_MM_S = [12.5, 25, 50] as const;
export const GAINS_MM_MV = [2.5, 5, 10, 20] as const;
export type SpeedMmS = (typeof SPEEDS_MM_S)[number];
export type GainMmMv = (typeof GAINS_MM_MV)[number];

/** How the ECG is shown. Lengths in device pixels. */
export interface View {
  arrangement: Arrangement;
  order: LeadOrder;
  /** The leads that there are, derived ones too. */
  leads: readonly string[];
  speed_mm_s: SpeedMmS;
  gain_mm_mv: GainMmMv;
  /** V1 to V6 at half the gain. */
  half_chest: boolean;
  px_per_mm: number;
  width_px: number;
  height_px: number;
}

/** What a view has before anybody chose. */
export const FIRST_CHOICE = { arrangement: "3x4+1", order: "standard", leads: LEADS, speed_mm_s: 25, gain_mm_mv: 10, half_chest: false } as const satisfies Partial<View>;

/** One lead's place on the paper. */
export interface Pane extends Cell {
  /** As it is written where it is drawn: with the gain, where that is not that of the others. */
  label: string;
  gain_mm_mv: number;
  x: number;
  width: number;
  top: number;
  height: number;
  /** Where 0 mV is. */
  baseline: number;
  /** Which of the sheet's columns, from the left; a row over the whole width begins in the first. */
  column: number;
  /** Gains of this row, whose calibration step stands before it; none where the row goes on. */
  step_gains_mm_mv: readonly number[];
}

/** Panes that sweep together: the same columns of pixels at the same time. */
export interface Group {
  x: number;
  width: number;
  top: number;
  bottom: number;
  panes: Pane[];
}

/** The calibration step's width; where a row has two gains, the second's is half as wide. */
export const STEP_S = 0.2;
const MARGIN_MM = 1.2;
/** How far down a row 0 mV is: QRS complexes reach up more than down, and the 1 mV step must fit above. */
const BASELINE_SHARE = 0.74;

/** The panes of a view, from the upper left. */
export function panes(view: View): Pane[] {
  const { rows, rhythm } = sheetOf(view.arrangement, view.order, view.leads);
  const left = marginPx(view);
  const columns = Math.max(1, ...rows.map((row) => row.length));
  const width = Math.max(1, Math.floor((view.width_px - left) / columns));
  const height = view.height_px / Math.max(1, rows.length + rhythm.length);
  const placed = (cell: Cell, row: number, box: Pick<Pane, "x" | "width" | "column">, in_row: Cell[]): Pane => {
    const top = row * height;
    return {
      ...cell,
      ...box,
      label: namedWithGain(cell, view),
      gain_mm_mv: gainOf(cell, view),
      top: Math.round(top),
      height: Math.round(height),
      baseline: Math.round(top + height * BASELINE_SHARE),
      step_gains_mm_mv: box.column === 0 ? [...new Set(in_row.map((one) => gainOf(one, view)))] : [],
    };
  };
  return [
    ...rows.flatMap((row, r) => row.map((cell, column) => placed(cell, r, { x: left + column * width, width, column }, row))),
    ...rhythm.map((cell, r) => placed(cell, rows.length + r, { x: left, width: width * columns, column: 0 }, [cell])),
  ];
}

/** The same panes, those of the same place and width across the paper side by side: they sweep together. */
export function groups(view: View): Group[] {
  const found = new Map<string, Group>();
  for (const pane of panes(view)) {
    const { x, width, top } = pane;
    const key = `${x}:${width}`;
    const group = found.get(key) ?? { x, width, top, bottom: 0, panes: [] };
    group.panes.push(pane);
    group.bottom = pane.top + pane.height;
    found.set(key, group);
  }
  return [...found.values()];
}

/** Room at the left for the 1 mV step, or two. */
export function marginPx(view: View): number {
  const steps_s = STEP_S * (isOfTwoGains(view) ? 1.5 : 1);
  return Math.round((steps_s * view.speed_mm_s + MARGIN_MM) * view.px_per_mm);
}

function isOfTwoGains(view: View): boolean {
  const { rows } = sheetOf(view.arrangement, view.order, view.leads);
  return rows.some((row) => new Set(row.map((cell) => gainOf(cell, view))).size > 1);
}

function gainOf(cell: Cell, view: View): number {
  return view.half_chest && isChest(cell.lead) ? view.gain_mm_mv / 2 : view.gain_mm_mv;
}

/** A lead that is drawn smaller than the others says so where it is drawn. */
function namedWithGain(cell: Cell, view: View): string {
  return gainOf(cell, view) === view.gain_mm_mv ? cell.name : `${cell.name} ½`;
}
