/**
 * Where a column of pixels stands while the paper is swept: the pen runs through a pane and begins again.
 *
 * In sheets of several columns each of them sweeps by itself, so all leads are live at once.
 */

import { columnOf } from "./columns";
import type { Pane } from "./sheet";

/** Erased ahead of the pen. */
export const ERASED_MM = 3;

/** Columns one after the other: [first, end). */
export type Run = [first: number, end: number];

/** Where a column stands within a pane. */
export function columnX(column: number, pane: Pick<Pane, "x" | "width">): number {
  return pane.x + (column % pane.width);
}

/** The columns of a pane that show something while the pen is at `pen`. */
export function shownColumns(pen: number, px_per_sample: number, width: number, erased_px: number): Run {
  const end = columnOf(pen, px_per_sample) + 1;
  return [Math.max(0, end - Math.max(1, width - erased_px)), end];
}

/** Of some columns, those that stand between two places of a pane, `[left, right)`: the newer first. */
export function columnsWithin([first, end]: Run, pane: Pick<Pane, "x" | "width">, left: number, right: number): Run[] {
  const [from, to] = [Math.max(0, left - pane.x), Math.min(pane.width, right - pane.x)];
  if (from >= to || first >= end) return [];
  const round = Math.floor((end - 1) / pane.width) * pane.width; // columns of the round that the pen is in, and of the one before
  return [round, round - pane.width]
    .map((start): Run => [Math.max(first, start + from), Math.min(end, start + to)])
    .filter(([one, other]) => one < other);
}

/** Where columns stand, as one stretch or, where they go round, as two: `[left, right)` each. */
export function stretches([first, end]: Run, pane: Pick<Pane, "x" | "width">): Run[] {
  const count = Math.min(end - first, pane.width);
  const left = columnX(first, pane);
  const until_edge = Math.min(count, pane.x + pane.width - left);
  const found: Run[] = [[left, left + until_edge]];
  if (count > until_edge) found.push([pane.x, pane.x + count - until_edge]);
  return found;
}
