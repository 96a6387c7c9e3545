/**
 * The paper under the traces: grid of 1 mm and 5 mm, a calibration step for each row, the leads' names.
 *
 * Drawn once for each size and setting, never with the traces.
 */

import { type Pane, panes, STEP_S, type View } from "./sweep";

export const PAPER = "#fff5f3";
const FINE = "#f9dcd8";
const BOLD = "#efb0a8";
export const INK = "#14232d";
const FONT = '"Noto Sans CJK SC","Noto Sans SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif';

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

/** The calibration step of a row: 1 mV high, 200 ms wide, as a line of points. */
export function calibrationStep(pane: Pane, view: View): [number, number][] {
  const high = view.gain_mm_mv * view.px_per_mm;
  const wide = STEP_S * view.speed_mm_s * view.px_per_mm;
  const room = pane.x - 2;
  const begin = Math.max(0, (room - wide) / 2);
  const end = begin + wide;
  const foot = pane.baseline;
  return [
    [0, foot],
    [begin, foot],
    [begin, foot - high],
    [end, foot - high],
    [end, foot],
    [room, foot],
  ];
}

/** Draw the whole paper. */
export function drawPaper(draw: Draw, view: View, scale: number): void {
  draw.fillStyle = PAPER;
  draw.fillRect(0, 0, view.width_px, view.height_px);
  drawGrid(draw, view);
  const all = panes(view);
  for (const pane of all) {
    drawName(draw, pane, scale);
    if (pane.begins_row) drawStep(draw, calibrationStep(pane, view), scale);
    else separate(draw, pane);
  }
}

function drawGrid(draw: Draw, view: View): void {
  for (const bold of [false, true]) {
    draw.fillStyle = bold ? BOLD : FINE;
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
export function nameRoom(pane: Pick<Pane, "lead" | "x" | "top">, scale: number): { right: number; bottom: number } {
  const width = NAME_LEFT_PX + NAME_PX * WIDEST_LETTER * pane.lead.length + NAME_HALO_PX;
  return { right: Math.ceil(pane.x + width * scale), bottom: Math.ceil(pane.top + (NAME_BASELINE_PX + NAME_HALO_PX / 2) * scale) };
}

function drawName(draw: Draw, pane: Pane, scale: number): void {
  draw.font = `600 ${Math.round(NAME_PX * scale)}px ${FONT}`;
  draw.textBaseline = "alphabetic";
  draw.lineJoin = "round";
  draw.lineWidth = NAME_HALO_PX * scale;
  draw.strokeStyle = PAPER;
  draw.fillStyle = INK;
  const x = pane.x + NAME_LEFT_PX * scale;
  const y = pane.top + NAME_BASELINE_PX * scale;
  draw.strokeText(pane.lead, x, y);
  draw.fillText(pane.lead, x, y);
}

function drawStep(draw: Draw, points: [number, number][], scale: number): void {
  draw.strokeStyle = INK;
  draw.lineWidth = 1.2 * scale;
  draw.beginPath();
  points.forEach(([x, y], i) => (i === 0 ? draw.moveTo(x, y) : draw.lineTo(x, y)));
  draw.stroke();
}

function separate(draw: Draw, pane: Pane): void {
  draw.fillStyle = "#b98a83";
  draw.fillRect(pane.x - 1, pane.top + 4, 1, pane.height - 8);
}
