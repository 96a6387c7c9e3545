/**
 * Twelve leads, 3 × 4, of one stretch of ECG in a small picture. For recognising, not for diagnosis.
 *
 * Each column shows its leads over the same stretch of time. A missing sample is a gap, never a line.
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
const MM_PER_MV = 10;
const LABEL_PX = 12;

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
export function drawThumbnail(canvas: HTMLCanvasElement, ecg: ThumbnailEcg, scale: number): void {
  const pen = canvas.getContext("2d");
  if (pen === null) return;
  const [width, height] = [canvas.width, canvas.height];
  const px_per_mm = width / (COLUMNS.length * THUMBNAIL_S * MM_PER_S);
  drawPaper(pen, width, height, px_per_mm);
  pen.font = `600 ${LABEL_PX * scale}px system-ui, sans-serif`;
  pen.lineWidth = Math.max(1, 0.9 * scale);
  pen.lineJoin = "round";
  COLUMNS.forEach((leads, column) =>
    leads.forEach((lead, row) => {
      const box = { x: (column * width) / COLUMNS.length, y: (row * height) / ROWS, width: width / COLUMNS.length, height: height / ROWS };
      drawLead(pen, box, leadOf(ecg, lead), ecg, px_per_mm);
      label(pen, lead, box, scale);
    }),
  );
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
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

function drawLead(pen: CanvasRenderingContext2D, box: Box, lead: Float32Array | null, ecg: ThumbnailEcg, px_per_mm: number): void {
  if (lead === null) return;
  const middle = box.y + box.height * 0.58;
  const px_per_lsb = (ecg.nv_per_lsb / 1e6) * MM_PER_MV * px_per_mm;
  const px_per_sample = (MM_PER_S * px_per_mm) / ecg.rate_hz;
  pen.save();
  pen.beginPath();
  pen.rect(box.x, box.y, box.width, box.height);
  pen.clip();
  pen.strokeStyle = "#14232d";
  pen.beginPath();
  let drawing = false;
  lead.forEach((value, at) => {
    const [x, y] = [box.x + at * px_per_sample, middle - value * px_per_lsb];
    if (Number.isNaN(value)) drawing = false;
    else if (drawing) pen.lineTo(x, y);
    else {
      pen.moveTo(x, y);
      drawing = true;
    }
  });
  pen.stroke();
  pen.restore();
}

function label(pen: CanvasRenderingContext2D, lead: string, box: Box, scale: number): void {
  pen.fillStyle = "#14232d";
  pen.fillText(lead, box.x + 4 * scale, box.y + LABEL_PX * scale + 1);
}
