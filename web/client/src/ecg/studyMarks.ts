/**
 * What stands on a kept ECG beside its traces: the names of electrodes that were off, bars over what is clipped, and a
 * short stroke for every pacing pulse, which is too short for the samples to show it.
 */

import type { DeviceSpan } from "../api/types";
import { clippedOf, unusableOf } from "./deviceSaid";
import type { Inks } from "./inks";
import { type Draw, FONT, nameRoom } from "./paper";
import type { Pane } from "./sheet";

/** What the device said and marked, and how it is called on the paper. */
export interface DeviceMarks {
  spans: readonly DeviceSpan[];
  /** Samples. */
  paces: readonly number[];
  words: { off: (electrodes: string) => string; unusable: string; clipped: string };
}

export const NO_MARKS: DeviceMarks = { spans: [], paces: [], words: { off: (electrodes) => electrodes, unusable: "", clipped: "" } };

export type MarkContext = Pick<Draw, "fillStyle" | "font" | "textBaseline" | "fillRect" | "fillText"> & Pick<CanvasRenderingContext2D, "measureText">;

/** What is the same for every pane of a sheet. */
export interface MarkFrame {
  px_per_mm: number;
  /** Device pixels for each CSS pixel. */
  scale: number;
  inks: Inks;
}

const STROKE_MM = 2;
const STROKE_CSS_PX = 2;
const BAR_MM = 0.6;
const TEXT_CSS_PX = 12;
const AIR_CSS_PX = 4;

/** Draw the marks of one lead over its trace; `xOf`: where a sample stands across, in the pane or beyond it. */
export function drawMarks(context: MarkContext, pane: Pane, xOf: (sample: number) => number, marks: DeviceMarks, frame: MarkFrame): void {
  const top = nameRoom(pane, frame.scale).bottom; // below the lead's name, which nothing may cover
  const within = ({ first, end }: { first: number; end: number }): [number, number] => [Math.max(pane.x, xOf(first)), Math.min(pane.x + pane.width, xOf(end))];
  for (const stretch of unusableOf(marks.spans, pane.lead)) {
    const name = stretch.electrodes.length > 0 ? marks.words.off(stretch.electrodes.join(" ")) : marks.words.unusable;
    drawPlate(context, name, within(stretch), pane.top + pane.height / 2, frame);
  }
  const bar_top = top + (STROKE_MM + BAR_MM) * frame.px_per_mm;
  for (const stretch of clippedOf(marks.spans, pane.lead)) {
    const [left, right] = within(stretch);
    if (right <= left) continue;
    context.fillStyle = frame.inks.trace;
    context.fillRect(left, bar_top, right - left, Math.max(2, BAR_MM * frame.px_per_mm));
    drawPlate(context, marks.words.clipped, [left, right], bar_top + TEXT_CSS_PX * frame.scale, frame);
  }
  context.fillStyle = frame.inks.trace;
  for (const pace of marks.paces) {
    const x = xOf(pace);
    if (x >= pane.x && x < pane.x + pane.width) context.fillRect(x, top, Math.max(1, Math.round(STROKE_CSS_PX * frame.scale)), STROKE_MM * frame.px_per_mm);
  }
}

/** A name on a plate in the middle of a stretch that has room for it; a narrower one is named under the sheet. */
function drawPlate(context: MarkContext, name: string, [left, right]: [number, number], middle: number, { scale, inks }: MarkFrame): void {
  context.font = `600 ${Math.round(TEXT_CSS_PX * scale)}px ${FONT}`;
  context.textBaseline = "middle";
  const air = AIR_CSS_PX * scale;
  const width = context.measureText(name).width + 2 * air;
  if (width > right - left) return;
  const x = Math.round((left + right - width) / 2);
  const height = (TEXT_CSS_PX + AIR_CSS_PX) * scale;
  context.fillStyle = "#fff";
  context.fillRect(x, middle - height / 2, width, height);
  context.fillStyle = inks.trace;
  context.fillText(name, x + air, middle);
}
