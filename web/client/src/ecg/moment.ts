/** A short piece of one lead around one instant, drawn still: what the live paper has swept over already. */

import { INKS } from "./inks";
import type { Hatches } from "./trace";
import { MISSING } from "./wire";

export interface Piece {
  /** Steps of the converter at even steps of time; `null` where none has come, `MISSING` where the source took none. */
  values: readonly (number | null)[];
  /** Where the device calls the lead unusable. */
  unusable: readonly boolean[];
  rate_hz: number;
  nv_per_lsb: number;
  /** Which of the values is under the picture. */
  at: number;
  /** How many of the last are newer than every sample so far: they are on their way, not missing. */
  coming: number;
}

type Drawing = Pick<CanvasRenderingContext2D, "fillStyle" | "strokeStyle" | "lineWidth" | "lineJoin" | "fillRect" | "beginPath" | "moveTo" | "lineTo" | "stroke">;

const PAPER = "#fff7f5";
const GRID = "#f3c9c3";
const CURSOR = "#7a2a8c";
const MM_PER_S = 25;
const MM_PER_MV = 10;
const MARGIN_PX = 3;

/**
 * Where a sample stands: the piece fills the width; its baseline is the middle, or as far from it as the highest
 * and the lowest sample need. What is still too high is drawn smaller, and the grid with it.
 */
export function drawMoment(draw: Drawing, piece: Piece, width: number, height: number, px_per_mm: number, hatches: Hatches): void {
  const step = width / Math.max(1, piece.values.length);
  draw.fillStyle = PAPER;
  draw.fillRect(0, 0, width, height);
  const { zero_px, scale } = fitted(piece, height, px_per_mm);
  drawGrid(draw, width, height, (step * piece.rate_hz * 5) / MM_PER_S, 5 * px_per_mm * scale, zero_px);
  hatchRuns(draw, piece, step, height, hatches);
  drawLine(draw, piece, step, zero_px, scale * pxPerLsb(piece, px_per_mm));
  draw.fillStyle = CURSOR;
  draw.fillRect(Math.round((piece.at + 0.5) * step), 0, 2, height);
}

function pxPerLsb(piece: Piece, px_per_mm: number): number {
  return (px_per_mm * MM_PER_MV * piece.nv_per_lsb) / 1e6;
}

/** The baseline and the scale at which no sample leaves the paper. */
function fitted(piece: Piece, height: number, px_per_mm: number): { zero_px: number; scale: number } {
  const drawn = piece.values.filter((value, i): value is number => value !== null && kindOf(piece, i) === "trace");
  const per_lsb = pxPerLsb(piece, px_per_mm);
  const above = Math.max(0, ...drawn) * per_lsb;
  const below = Math.max(0, -Math.min(0, ...drawn)) * per_lsb;
  const room = height - 2 * MARGIN_PX;
  const scale = Math.min(1, room / Math.max(1, above + below));
  const zero_px = Math.min(Math.max(height / 2, MARGIN_PX + above * scale), height - MARGIN_PX - below * scale);
  return { zero_px, scale };
}

function drawGrid(draw: Drawing, width: number, height: number, across: number, down: number, zero_px: number): void {
  draw.fillStyle = GRID;
  for (let x = 0; x < width; x += across) draw.fillRect(Math.round(x), 0, 1, height);
  for (let y = zero_px % down; y < height; y += down) draw.fillRect(0, Math.round(y), width, 1);
}

type Kind = "trace" | "gap" | "unusable" | "not_taken" | "coming";

function kindOf(piece: Piece, i: number): Kind {
  const value = piece.values[i] ?? null;
  if (i >= piece.values.length - piece.coming) return "coming";
  if (value === null) return "gap";
  if (value === MISSING) return "not_taken";
  return piece.unusable[i] ? "unusable" : "trace";
}

/** Hatch each run as one: single columns of a pattern would leave seams. */
function hatchRuns(draw: Drawing, piece: Piece, step: number, height: number, hatches: Hatches): void {
  let from = 0;
  for (let i = 1; i <= piece.values.length; i++) {
    const kind = kindOf(piece, from);
    if (i < piece.values.length && kindOf(piece, i) === kind) continue;
    if (kind !== "trace" && kind !== "coming") {
      draw.fillStyle = hatches[kind];
      draw.fillRect(from * step, 2, Math.max(1, (i - from) * step), height - 4);
    }
    from = i;
  }
}

function drawLine(draw: Drawing, piece: Piece, step: number, zero_px: number, px_per_lsb: number): void {
  draw.strokeStyle = INKS.usual.trace;
  draw.lineWidth = 1.4;
  draw.lineJoin = "round";
  draw.beginPath();
  let joined = false;
  piece.values.forEach((value, i) => {
    const drawn = kindOf(piece, i) === "trace";
    if (drawn) {
      const [x, y] = [(i + 0.5) * step, zero_px - value! * px_per_lsb];
      if (joined) draw.lineTo(x, y);
      else draw.moveTo(x, y);
    }
    joined = drawn;
  });
  draw.stroke();
}
