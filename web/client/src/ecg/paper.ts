/**
 * The paper under the traces: grid of 1 mm and 5 mm, a calibration step for each row, the leads' names.
 *
 * Drawn once for each size and setting, never with the traces.
 */

import { type Inks, INKS } from "./inks";
import { type Pane, panes, STEP_S, type View } from "./sheet";

export const FONT = '"Noto Sans CJK SC","Noto Sans SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif';

type Canvas2D = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
export type Draw = Pick<
  Canvas2D,
  | "fillStyle" | "strokeStyle" | "lineWidth" | "lineJoin" | "font" | "textBaseline"
  | "fillRect" | "beginPath" | "moveTo" | "lineTo" | "stroke" | "strokeText" | "fillText"
>;

/** A grid line: where, and whether it is one of the bold ones (each fifth). */
export interface GridLine {
  at_px: number;
  bold: boolean;
}

/** Grid lines over a length. Without room for 1 mm (under 3 px) only the bold ones. */
export function gridLines(length_px: number, px_per_mm: number): GridLine[] {
  const lines: GridLine[] = [];
  for (let mm = 0; mm * px_per_mm <= length_px; mm++) {
    const bold = mm % 5 === 0;
    if (bold || px_per_mm >= 3) lines.push({ at_px: Math.round(mm * px_per_mm), bold });
  }
  return lines;
}

/**
 * The calibration step of a row, as a line of points: 1 mV high, 200 ms wide; where the row's chest leads have half
 * the gain, a second step of their height follows.
 */
export function calibrationStep(pane: Pane, view: View): [number, number][] {
  const wide = STEP_S * view.speed_mm_s * view.px_per_mm;
  const widths = pane.step_gains_mm_mv.map((_, i) => (i === 0 ? wide : wide / 2));
  const room = pane.x - 2;
  const foot = pane.baseline;
  let x = Math.max(0, (room - widths.reduce((sum, one) => sum + one, 0)) / 2);
  const points: [number, number][] = [[0, foot], [x, foot]];
  pane.step_gains_mm_mv.forEach((gain, i) => {
    const top = foot - gain * view.px_per_mm;
    points.push([x, top], [x + widths[i]!, top]);
    x += widths[i]!;
  });
  return [...points, [x, foot], [room, foot]];
}

/** Draw the whole paper. */
export function drawPaper(draw: Draw, view: View, scale: number, inks: Inks = INKS.usual): void {
  draw.fillStyle = inks.paper;
  draw.fillRect(0, 0, view.width_px, view.height_px);
  drawGrid(draw, view, inks);
  for (const pane of panes(view)) {
    drawName(draw, pane, scale, inks);
    if (pane.step_gains_mm_mv.length > 0) drawStep(draw, calibrationStep(pane, view), scale, inks);
    else separate(draw, pane);
  }
}

function drawGrid(draw: Draw, view: View, inks: Inks): void {
  for (const bold of [false, true]) {
    draw.fillStyle = bold ? inks.bold : inks.fine;
    for (const line of gridLines(view.width_px, view.px_per_mm)) {
      if (line.bold === bold) draw.fillRect(line.at_px, 0, 1, view.height_px);
    }
    for (const line of gridLines(view.height_px, view.px_per_mm)) {
      if (line.bold === bold) draw.fillRect(0, line.at_px, view.width_px, 1);
    }
  }
}

const NAME_PX = 13;
const NAME_LEFT_PX = 5;
const NAME_BASELINE_PX = 15;
const NAME_HALO_PX = 4;
/** No letter of a lead's name is wider than this share of the font's size. */
const WIDEST_LETTER = 0.75;

/** The upper left of a pane, where its lead's name stands: whatever is filled there would change the name. */
export function nameRoom(pane: Pick<Pane, "label" | "x" | "top">, scale: number): { right: number; bottom: number } {
  const width = NAME_LEFT_PX + NAME_PX * WIDEST_LETTER * pane.label.length + NAME_HALO_PX;
  return { right: Math.ceil(pane.x + width * scale), bottom: Math.ceil(pane.top + (NAME_BASELINE_PX + NAME_HALO_PX / 2) * scale) };
}

/** What writes names; on the paper, or above traces that scroll under them. */
export type Pencil = Pick<Draw, "fillStyle" | "strokeStyle" | "lineWidth" | "lineJoin" | "font" | "textBaseline" | "strokeText" | "fillText">;

/** A lead's name with a halo of paper round it. */
export function drawName(draw: Pencil, pane: Pane, scale: number, inks: Inks): void {
  draw.font = `600 ${Math.round(NAME_PX * scale)}px ${FONT}`;
  draw.textBaseline = "alphabetic";
  draw.lineJoin = "round";
  draw.lineWidth = NAME_HALO_PX * scale;
  draw.strokeStyle = inks.paper;
  draw.fillStyle = inks.trace;
  const x = pane.x + NAME_LEFT_PX * scale;
  const y = pane.top + NAME_BASELINE_PX * scale;
  draw.strokeText(pane.label, x, y);
  draw.fillText(pane.label, x, y);
}

function drawStep(draw: Draw, points: [number, number][], scale: number, inks: Inks): void {
  draw.strokeStyle = inks.trace;
  draw.lineWidth = 1.2 * scale;
  draw.beginPath();
  points.forEach(([x, y], i) => (i === 0 ? draw.moveTo(x, y) : draw.lineTo(x, y)));
  draw.stroke();
}

function separate(draw: Draw, pane: Pane): void {
  draw.fillStyle = "#b98a83";
  draw.fillRect(pane.x - 1, pane.top + 4, 1, pane.height - 8);
}
