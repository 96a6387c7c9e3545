/** A kept ECG on paper, as it would be printed: the sheet's size in millimetres, its pages, and its drawing. */

import { columnOf } from "./columns";
import { unusableOf } from "./deviceSaid";
import { pxPerSample } from "./geometry";
import { hatchesFor } from "./hatch";
import { type Inks, INKS } from "./inks";
import { type Arrangement, type LeadOrder, sheetOf } from "./layouts";
import { drawPaper } from "./paper";
import { type GainMmMv, marginPx, type Pane, panes, type SpeedMmS, type View } from "./sheet";
import { type DeviceMarks, drawMarks } from "./studyMarks";
import type { StudyLead, StudyPage } from "./studyPage";
import { drawTrace } from "./trace";

/** How a kept ECG is shown. */
export interface SheetChoice {
  arrangement: Arrangement;
  order: LeadOrder;
  speed_mm_s: SpeedMmS;
  gain_mm_mv: GainMmMv;
  half_chest: boolean;
}

/** Ten seconds at 25 mm/s, as A4 landscape has room for. */
const TRACE_MM = 250;
/** A row of paper: the fewer rows, the more room each has. */
const ROW_MM: Record<number, number> = { 1: 40, 2: 40, 3: 34, 4: 30, 6: 24 };
const LEAST_ROW_MM = 18;
/** Above this a picture of one colour would take more memory than it is worth. */
const MOST_SCALE = 2;

export interface SheetSize {
  width_mm: number;
  height_mm: number;
}

/** How large the whole sheet is. */
export function sheetSize(choice: SheetChoice, leads: readonly string[]): SheetSize {
  const { rows, rhythm } = sheetOf(choice.arrangement, choice.order, leads);
  const count = rows.length + rhythm.length;
  const view = viewOf(choice, leads, { width_mm: TRACE_MM, height_mm: 1 }, 10);
  return { width_mm: TRACE_MM + marginPx(view) / 10, height_mm: count * (ROW_MM[count] ?? LEAST_ROW_MM) };
}

/** The sheet in pixels. */
export function viewOf(choice: SheetChoice, leads: readonly string[], { width_mm, height_mm }: SheetSize, px_per_mm: number): View {
  return { ...choice, leads, px_per_mm, width_px: Math.round(width_mm * px_per_mm), height_px: Math.round(height_mm * px_per_mm) };
}

/** Seconds that stand on one sheet. */
export function pageSeconds(speed_mm_s: number): number {
  return TRACE_MM / speed_mm_s;
}

/** The first sample of each page of a study; one page for anything that fits. */
export function pageStarts(sample_count: number, rate_hz: number, speed_mm_s: number): number[] {
  const length = Math.round(pageSeconds(speed_mm_s) * rate_hz);
  return Array.from({ length: Math.max(1, Math.ceil(sample_count / length)) }, (_, page) => page * length);
}

/** Device pixels for each CSS pixel of a picture that is drawn once. */
export function sharpness(device_pixel_ratio: number): number {
  return Math.min(MOST_SCALE, Math.max(1, device_pixel_ratio));
}

/** Draw the whole sheet; `scale` as of `sharpness`, the view in device pixels. */
export function drawSheet(context: CanvasRenderingContext2D, view: View, page: StudyPage, leads: readonly StudyLead[], rate_hz: number, scale: number, marks: DeviceMarks, inks: Inks = INKS.usual): void {
  drawPaper(context, view, scale, inks);
  const frame = {
    shown: page,
    px_per_sample: pxPerSample(view, rate_hz),
    px_per_mm: view.px_per_mm,
    end: page.end,
    inks,
    line_px: inks.trace_css_px * scale,
    scale,
    hatches: hatchesFor(context),
    spares_names: true,
  };
  const all = panes(view).map((pane) => ({ pane, lead: leads.findIndex((one) => one.name === pane.lead), base: firstColumn(pane, page, frame.px_per_sample) }));
  const drawn = hatchedFirst(all.filter(({ lead }) => lead >= 0), marks);
  for (const { pane, lead, base } of drawn) drawTrace(context, pane, lead, [base, base + pane.width], frame, (column) => pane.x + column - base);
  for (const { pane, base } of drawn) drawMarks(context, pane, (sample) => pane.x + columnOf(sample, frame.px_per_sample) - base, marks, frame);
}

/** A tall wave of the row above reaches into a row: no hatch may cut it off. */
export function hatchedFirst<T extends { pane: Pick<Pane, "lead"> }>(drawn: readonly T[], { spans }: DeviceMarks): T[] {
  const isHatched = ({ pane }: T) => unusableOf(spans, pane.lead).length > 0;
  return [...drawn.filter(isHatched), ...drawn.filter((one) => !isHatched(one))];
}

/** The columns of the sheet follow each other in time; a row over the whole width begins with the page. */
function firstColumn(pane: Pane, page: StudyPage, px_per_sample: number): number {
  return Math.ceil(page.first * px_per_sample) + pane.column * pane.width;
}
