/** Times of day along the lower edge of a still page. Pure. */

import { pxPerSample } from "./geometry";
import type { StillStatus } from "./protocol";
import { marginPx, type View } from "./sheet";

export interface TimeMark {
  /** In pixels of the view. */
  x: number;
  /** A whole second, microseconds since 1970 on the station clock. */
  at_us: number;
}

/** So that two marks never touch: the time of day is about 55 pixels wide. */
const LEAST_APART_PX = 90;
const STEPS_S = [1, 2, 5, 10, 15, 30];

/** Marks at whole seconds of the page, which runs on from column to column of the sheet; in CSS pixels of a CSS view. */
export function timeMarks(view: View, still: Pick<StillStatus, "first" | "end" | "from_us">, rate_hz: number): TimeMark[] {
  if (still.from_us === null) return [];
  const px_per_s = pxPerSample(view, rate_hz) * rate_hz;
  const step_us = (STEPS_S.find((step) => step * px_per_s >= LEAST_APART_PX) ?? 60) * 1e6;
  const left_us = still.from_us - ((Math.floor(still.first) - still.first) * 1e6) / rate_hz;
  const marks: TimeMark[] = [];
  const seconds = (still.end - still.first) / rate_hz;
  for (let at_us = Math.ceil(left_us / step_us) * step_us; at_us < left_us + seconds * 1e6; at_us += step_us) {
    marks.push({ x: marginPx(view) + ((at_us - left_us) / 1e6) * px_per_s, at_us });
  }
  return marks;
}
