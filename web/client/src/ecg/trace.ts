/** Drawing columns of a trace: a line from least to most in each, gaps and unusable leads hatched. */

import { INK, nameRoom } from "./paper";
import type { Ring } from "./ring";
import { type Column, columnAt, ColumnKind, columnX, type Group, type Pane } from "./sweep";

type Context = OffscreenCanvasRenderingContext2D;
export type TraceContext = Pick<
  Context,
  "clearRect" | "fillRect" | "fillStyle" | "strokeStyle" | "lineWidth" | "lineJoin" | "beginPath" | "moveTo" | "lineTo" | "stroke"
>;

/** Colours or patterns for what is no trace. */
export interface Hatches {
  gap: string | CanvasPattern;
  unusable: string | CanvasPattern;
  not_taken: string | CanvasPattern;
}

/** What is the same for every pane of a frame. */
export interface Frame {
  ring: Ring;
  px_per_sample: number;
  px_per_lsb: number;
  /** Index after the sample under the pen. */
  end: number;
  line_px: number;
  /** Device pixels for each CSS pixel. */
  scale: number;
  hatches: Hatches;
}

const PEN = "#0a6570";

/** Draw the columns [from, to) of one lead; `from - 1` is only joined to. */
export function drawTrace(context: TraceContext, pane: Pane, lead: number, from: number, to: number, frame: Frame): void {
  context.strokeStyle = INK;
  context.lineWidth = frame.line_px;
  context.lineJoin = "round";
  context.beginPath();
  let before = from > 0 ? columnAt(frame.ring, lead, from - 1, frame.px_per_sample, frame.end) : null;
  let before_x = from > 0 ? columnX(from - 1, pane) : -1;
  for (let column = from; column < to; column++) {
    const now = columnAt(frame.ring, lead, column, frame.px_per_sample, frame.end);
    if (now === null) continue;
    const x = columnX(column, pane);
    drawColumn(context, pane, now, x, frame);
    if (now.kind === ColumnKind.Trace) lineThrough(context, pane, joins(before, before_x, now, x) ? before : null, before_x, now, x, frame);
    before = now;
    before_x = x;
  }
  context.stroke();
}

function joins(before: Column | null, before_x: number, now: Column, x: number): boolean {
  return before?.kind === ColumnKind.Trace && now.joined && x > before_x;
}

function lineThrough(
  context: TraceContext,
  pane: Pane,
  before: Column | null,
  before_x: number,
  now: Column,
  x: number,
  frame: Frame,
): void {
  const y = (value: number) => pane.baseline - value * frame.px_per_lsb;
  const least_px = frame.line_px / 2;
  if (before === null) context.moveTo(x + 0.5, y(now.first));
  else {
    context.moveTo(before_x + 0.5, y(before.last));
    context.lineTo(x + 0.5, y(now.first));
  }
  context.lineTo(x + 0.5, y(now.low) + least_px);
  context.lineTo(x + 0.5, y(now.high) - least_px);
  context.lineTo(x + 0.5, y(now.last));
}

function drawColumn(context: TraceContext, pane: Pane, column: Column, x: number, frame: Frame): void {
  const hatch = hatchOf(column.kind, frame.hatches);
  if (hatch === null) return;
  context.fillStyle = hatch;
  const [top, height] = hatched(pane, x, frame.scale);
  if (height > 0) context.fillRect(x, top, 1, height);
}

function hatchOf(kind: ColumnKind, hatches: Hatches): string | CanvasPattern | null {
  if (kind === ColumnKind.Gap) return hatches.gap;
  if (kind === ColumnKind.Unusable) return hatches.unusable;
  return kind === ColumnKind.NotTaken ? hatches.not_taken : null;
}

/** What of a pane's column may be hatched, `[top, height]`: never its lead's name, or III would read II. */
export function hatched(pane: Pane, x: number, scale: number): [number, number] {
  const name = nameRoom(pane, scale);
  const top = x < name.right ? Math.max(name.bottom, pane.top + 2) : pane.top + 2;
  return [top, pane.top + pane.height - 2 - top];
}

/** Empty the columns [from, to) over the whole height: a tall wave may reach into the next row. */
export function erase(context: TraceContext, group: Group, from: number, to: number, height_px: number): void {
  const count = Math.min(to - from, group.width);
  const x = columnX(from, group);
  const until_edge = Math.min(count, group.x + group.width - x);
  context.clearRect(x, 0, until_edge, height_px);
  if (count > until_edge) context.clearRect(group.x, 0, count - until_edge, height_px);
}

/** Where an upright line may stand in a group, `[top, height]` each: through all of it, or around its leads' names. */
export function besideNames(group: Group, x: number, scale: number): [number, number][] {
  const names = group.panes.map((pane) => ({ pane, ...nameRoom(pane, scale) }));
  if (names.every(({ right }) => x >= right)) return [[group.top + 1, group.bottom - group.top - 2]];
  return names.map(({ pane, bottom }) => [bottom, Math.max(0, pane.top + pane.height - bottom)]);
}

/** The bar at the pen. */
export function drawPen(context: TraceContext, group: Group, column: number, width_px: number, scale: number): void {
  context.fillStyle = PEN;
  const x = columnX(column, group);
  for (const [top, height] of besideNames(group, x, scale)) context.fillRect(x, top, width_px, height);
}
