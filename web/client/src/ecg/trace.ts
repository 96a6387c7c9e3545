/** Drawing columns of a trace: a line from least to most in each, gaps and unusable leads hatched. */

import { type Column, columnAt, ColumnKind, type Shown } from "./columns";
import { pxPerUv } from "./geometry";
import type { Inks } from "./inks";
import { nameRoom } from "./paper";
import type { Group, Pane } from "./sheet";
import { columnX, type Run } from "./sweep";

type Context = OffscreenCanvasRenderingContext2D;
export type TraceContext = Pick<
  Context,
  | "clearRect" | "fillRect" | "fillStyle" | "strokeStyle" | "lineWidth" | "lineJoin" | "beginPath" | "moveTo" | "lineTo" | "stroke"
  | "save" | "restore" | "rect" | "clip"
>;

/** Colours or patterns for what is no trace. */
export interface Hatches {
  gap: string | CanvasPattern;
  unusable: string | CanvasPattern;
  not_taken: string | CanvasPattern;
}

/** What is the same for every pane of a frame. */
export interface Frame {
  shown: Shown;
  px_per_sample: number;
  px_per_mm: number;
  /** Index after the last sample to draw. */
  end: number;
  inks: Inks;
  line_px: number;
  /** Device pixels for each CSS pixel. */
  scale: number;
  hatches: Hatches;
  /** Names of leads are on the paper below, where nothing may be filled; not so where they are drawn above. */
  spares_names: boolean;
}

/** From where to where on the paper something was drawn, top to bottom; `NOTHING_DRAWN` where nothing was. */
export type Reach = readonly [top: number, bottom: number];
export const NOTHING_DRAWN: Reach = [Infinity, -Infinity];

/** Both of them. */
export function bothReaches(one: Reach, other: Reach): Reach {
  return [Math.min(one[0], other[0]), Math.max(one[1], other[1])];
}

/** Where a column stands across the paper. */
export type Place = (column: number) => number;

const PEN = "#0a6570";
/** Short paths are filled faster than one of a whole row: a still 12x1 at 1920 pixels in 130 instead of 440 ms, seen without a graphics card. */
const COLUMNS_A_PATH = 32;

/** Draw the columns [from, to) of one lead; `from - 1` is only joined to. A tall wave reaches beyond its row: told is how far. */
export function drawTrace(context: TraceContext, pane: Pane, lead: number, [from, to]: Run, frame: Frame, placeOf: Place = (column) => columnX(column, pane)): Reach {
  let reach = NOTHING_DRAWN;
  context.strokeStyle = frame.inks.trace;
  context.lineWidth = frame.line_px;
  context.lineJoin = "round";
  context.beginPath();
  const at = (column: number) => columnAt(frame.shown, lead, column, frame.px_per_sample, frame.end);
  let before = from > 0 ? at(from - 1) : null;
  let before_x = from > 0 ? placeOf(from - 1) : -1;
  for (let column = from; column < to; column++) {
    const now = at(column);
    if (now === null) continue;
    const x = placeOf(column);
    const hatched = drawColumn(context, pane, now, x, frame);
    const lined = now.kind === ColumnKind.Trace ? lineThrough(context, pane, joins(before, before_x, now, x) ? before : null, before_x, now, x, frame) : NOTHING_DRAWN;
    reach = bothReaches(reach, bothReaches(hatched, lined));
    before = now;
    before_x = x;
    if ((column - from) % COLUMNS_A_PATH < COLUMNS_A_PATH - 1) continue;
    context.stroke();
    context.beginPath();
  }
  context.stroke();
  return reach;
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
): Reach {
  const px_per_uv = pane.sign * pxPerUv(pane, frame.px_per_mm);
  const y = (uv: number) => pane.baseline - uv * px_per_uv;
  const least_px = (frame.line_px / 2) * pane.sign;
  if (before === null) context.moveTo(x + 0.5, y(now.first));
  else {
    context.moveTo(before_x + 0.5, y(before.last));
    context.lineTo(x + 0.5, y(now.first));
  }
  context.lineTo(x + 0.5, y(now.low) + least_px);
  context.lineTo(x + 0.5, y(now.high) - least_px);
  context.lineTo(x + 0.5, y(now.last));
  const ends = [y(now.low), y(now.high), ...(before === null ? [] : [y(before.last)])];
  return [Math.min(...ends) - frame.line_px, Math.max(...ends) + frame.line_px];
}

function drawColumn(context: TraceContext, pane: Pane, column: Column, x: number, frame: Frame): Reach {
  const hatch = hatchOf(column.kind, frame.hatches);
  if (hatch === null) return NOTHING_DRAWN;
  context.fillStyle = hatch;
  const [top, height] = frame.spares_names ? hatched(pane, x, frame.scale) : [pane.top + 2, pane.height - 4];
  if (height <= 0) return NOTHING_DRAWN;
  context.fillRect(x, top, 1, height);
  return [top, top + height];
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
