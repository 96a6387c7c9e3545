/** A short piece of one lead around one instant, drawn still: what the live paper has swept over already. */

import { INK } from "./paper";
import { MISSING } from "./wire";

export interface Piece {
  /** Steps of the converter; `MISSING` where none is known. */
  values: readonly number[];
  rate_hz: number;
  nv_per_lsb: number;
  /** Which of the values is under the picture. */
  at: number;
}

type Drawing = Pick<CanvasRenderingContext2D, "fillStyle" | "strokeStyle" | "lineWidth" | "lineJoin" | "fillRect" | "beginPath" | "moveTo" | "lineTo" | "stroke">;

const PAPER = "#fff7f5";
const GRID = "#f3c9c3";
const CURSOR = "#7a2a8c";
const GAP = "#c9d3d8";
const MM_PER_S = 25;
const MM_PER_MV = 10;

/** Where a sample stands: the piece fills the width, its baseline is the middle. */
export function drawMoment(draw: Drawing, piece: Piece, width: number, height: number, px_per_mm: number): void {
  const step = width / Math.max(1, piece.values.length);
  draw.fillStyle = PAPER;
  draw.fillRect(0, 0, width, height);
  drawGrid(draw, width, height, (step * piece.rate_hz * 5) / MM_PER_S, 5 * px_per_mm);
  drawLine(draw, piece, step, height, (px_per_mm * MM_PER_MV * piece.nv_per_lsb) / 1e6);
  draw.fillStyle = CURSOR;
  draw.fillRect(Math.round((piece.at + 0.5) * step), 0, 2, height);
}

function drawGrid(draw: Drawing, width: number, height: number, across: number, down: number): void {
  draw.fillStyle = GRID;
  for (let x = 0; x < width; x += across) draw.fillRect(Math.round(x), 0, 1, height);
  for (let y = (height / 2) % down; y < height; y += down) draw.fillRect(0, Math.round(y), width, 1);
}

function drawLine(draw: Drawing, piece: Piece, step: number, height: number, px_per_lsb: number): void {
  draw.strokeStyle = INK;
  draw.lineWidth = 1.4;
  draw.lineJoin = "round";
  draw.beginPath();
  let joined = false;
  piece.values.forEach((value, i) => {
    const x = (i + 0.5) * step;
    if (value === MISSING) {
      draw.fillStyle = GAP;
      draw.fillRect(x - step / 2, 2, Math.max(1, step), height - 4);
      joined = false;
      return;
    }
    const y = height / 2 - value * px_per_lsb;
    if (joined) draw.lineTo(x, y);
    else draw.moveTo(x, y);
    joined = true;
  });
  draw.stroke();
}
