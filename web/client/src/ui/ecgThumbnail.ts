/**
 * Twelve leads, 3 × 4, of one stretch of ECG in a small picture. For recognising, not for diagnosis.
 *
 * Each column shows its leads over the same stretch of time. A missing sample is a gap, never a line. All leads
 * have one gain; each row is as high as its leads need, so that none runs into the next.
 */

import { MISSING } from "../ecg/wire";

/** Seconds that one column shows. */
export const THUMBNAIL_S = 2.5;
const COLUMNS = [
  ["I", "II", "III"],
  ["aVR", "aVL", "aVF"],
  ["V1", "V2", "V3"],
  ["V4", "V5", "V6"],
] as const;
const ROWS = 3;
const MM_PER_S = 25;
/** The largest at which the picture is not higher than it may be; one for all leads. */
const GAINS_MM_MV = [10, 5, 2.5] as const;
/** No row is lower: 15 mm of ECG paper. */
const LEAST_ROW_MM = 15;
/** Between the lowest point of a row and the highest of the next. */
const BETWEEN_MM = 1.5;
const BASELINE_SHARE = 0.58;
const LABEL_PX = 12;

/** One row of the picture: how far 0 mV lies below its upper edge, and how high it is. */
export interface ThumbnailRow {
  baseline_mm: number;
  height_mm: number;
}

/** How a thumbnail is laid out: every lead at the same gain. */
export interface ThumbnailLayout {
  gain_mm_mv: number;
  rows: ThumbnailRow[];
  height_mm: number;
  /** Even at the lowest gain it is higher than it may be. */
  too_high: boolean;
}

/** Millimetres of ECG paper over the width of a thumbnail. */
export const THUMBNAIL_MM = COLUMNS.length * THUMBNAIL_S * MM_PER_S;

/** Give each row the height its leads need, at the largest gain with which the whole is at most so high. */
export function layOutThumbnail(ecg: ThumbnailEcg, most_mm: number): ThumbnailLayout {
  const layouts = GAINS_MM_MV.map((gain_mm_mv) => layOutAt(ecg, gain_mm_mv));
  const fitting = layouts.find(({ height_mm }) => height_mm <= most_mm);
  return fitting ?? { ...layouts.at(-1)!, too_high: true };
}

function layOutAt(ecg: ThumbnailEcg, gain_mm_mv: number): ThumbnailLayout {
  const rows = Array.from({ length: ROWS }, (_, row) => rowOf(ecg, row, gain_mm_mv));
  return { gain_mm_mv, rows, height_mm: rows.reduce((sum, row) => sum + row.height_mm, 0), too_high: false };
}

function rowOf(ecg: ThumbnailEcg, row: number, gain_mm_mv: number): ThumbnailRow {
  const mm_per_lsb = (ecg.nv_per_lsb / 1e6) * gain_mm_mv;
  let [low, high] = [0, 0];
  for (const leads of COLUMNS) {
    for (const value of leadOf(ecg, leads[row]!) ?? []) {
      if (Number.isNaN(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  const above = high * mm_per_lsb + BETWEEN_MM / 2;
  const below = -low * mm_per_lsb + BETWEEN_MM / 2;
  const baseline_mm = Math.max(above, LEAST_ROW_MM * BASELINE_SHARE);
  return { baseline_mm, height_mm: baseline_mm + Math.max(below, LEAST_ROW_MM * (1 - BASELINE_SHARE)) };
}

export interface ThumbnailEcg {
  leads: readonly string[];
  lead_count: number;
  count: number;
  rate_hz: number;
  nv_per_lsb: number;
  /** Lead after lead. */
  samples: Int16Array;
}

/** The samples of a lead, derived by Einthoven's and Goldberger's rules when they were not stored. */
export function leadOf(ecg: ThumbnailEcg, lead: string): Float32Array | null {
  const stored = storedLead(ecg, lead);
  if (stored !== null) return stored;
  const i = storedLead(ecg, "I");
  const ii = storedLead(ecg, "II");
  const rule = RULES[lead];
  return i === null || ii === null || rule === undefined ? null : i.map((value, at) => rule(value, ii[at]!));
}

const RULES: Record<string, (i: number, ii: number) => number> = {
  III: (i, ii) => ii - i,
  aVR: (i, ii) => -(i + ii) / 2,
  aVL: (i, ii) => i - ii / 2,
  aVF: (i, ii) => ii - i / 2,
};

function storedLead(ecg: ThumbnailEcg, lead: string): Float32Array | null {
  const at = ecg.leads.indexOf(lead);
  if (at < 0 || at >= ecg.lead_count) return null;
  const raw = ecg.samples.subarray(at * ecg.count, (at + 1) * ecg.count);
  return Float32Array.from(raw, (value) => (value === MISSING ? Number.NaN : value));
}

/** Draw paper and traces over the whole canvas; `scale` is device pixels for each CSS pixel. */
export function drawThumbnail(canvas: HTMLCanvasElement, ecg: ThumbnailEcg, layout: ThumbnailLayout, scale: number): void {
  const pen = canvas.getContext("2d");
  if (pen === null) return;
  const [width, height] = [canvas.width, canvas.height];
  const px_per_mm = width / THUMBNAIL_MM;
  drawPaper(pen, width, height, px_per_mm);
  pen.font = `600 ${LABEL_PX * scale}px system-ui, sans-serif`;
  pen.lineWidth = Math.max(1, 0.9 * scale);
  pen.lineJoin = "round";
  const to_spare_mm = Math.max(0, height / px_per_mm - layout.height_mm) / ROWS;
  COLUMNS.forEach((leads, column) => {
    let top_mm = 0;
    leads.forEach((lead, row) => {
      const { baseline_mm, height_mm } = layout.rows[row]!;
      const box = {
        x: (column * width) / COLUMNS.length,
        y: top_mm * px_per_mm,
        width: width / COLUMNS.length,
        baseline: (top_mm + to_spare_mm / 2 + baseline_mm) * px_per_mm,
      };
      drawLead(pen, box, leadOf(ecg, lead), ecg, px_per_mm, layout.gain_mm_mv);
      label(pen, lead, box, scale);
      top_mm += height_mm + to_spare_mm;
    });
  });
}

interface Box {
  x: number;
  y: number;
  width: number;
  baseline: number;
}

function drawPaper(pen: CanvasRenderingContext2D, width: number, height: number, px_per_mm: number): void {
  pen.fillStyle = "#fff5f3";
  pen.fillRect(0, 0, width, height);
  pen.strokeStyle = "#efb0a8";
  pen.lineWidth = 1;
  pen.globalAlpha = 0.7;
  pen.beginPath();
  for (let x = 0; x < width; x += 5 * px_per_mm) line(pen, Math.round(x) + 0.5, 0, Math.round(x) + 0.5, height);
  for (let y = 0; y < height; y += 5 * px_per_mm) line(pen, 0, Math.round(y) + 0.5, width, Math.round(y) + 0.5);
  pen.stroke();
  pen.globalAlpha = 1;
}

function line(pen: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  pen.moveTo(x1, y1);
  pen.lineTo(x2, y2);
}

function drawLead(pen: CanvasRenderingContext2D, box: Box, lead: Float32Array | null, ecg: ThumbnailEcg, px_per_mm: number, gain_mm_mv: number): void {
  if (lead === null) return;
  const px_per_lsb = (ecg.nv_per_lsb / 1e6) * gain_mm_mv * px_per_mm;
  const px_per_sample = (MM_PER_S * px_per_mm) / ecg.rate_hz;
  pen.strokeStyle = "#14232d";
  pen.beginPath();
  let drawing = false;
  lead.forEach((value, at) => {
    const [x, y] = [box.x + at * px_per_sample, box.baseline - value * px_per_lsb];
    if (Number.isNaN(value) || x > box.x + box.width) drawing = false;
    else if (drawing) pen.lineTo(x, y);
    else {
      pen.moveTo(x, y);
      drawing = true;
    }
  });
  pen.stroke();
}

function label(pen: CanvasRenderingContext2D, lead: string, box: Box, scale: number): void {
  pen.fillStyle = "#14232d";
  pen.fillText(lead, box.x + 4 * scale, box.y + LABEL_PX * scale + 1);
}
