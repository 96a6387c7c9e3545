/** Turning the still page of an ECG by the keys: where it ends then. Pure. */

import type { StillStatus } from "../../ecg/protocol";

type Page = Pick<StillStatus, "end" | "newest" | "page_samples">;

const STEP_S = 1;

/** The sample after the last of the page that a key asks for; `null`: the key turns nothing. */
export function turnedBy(key: string, page: Page, rate_hz: number): number | null {
  const by = STEPS[key]?.(page, rate_hz) ?? null;
  if (by === null) return null;
  // Before the stream's start there is nothing: the first page is a whole one.
  return Math.min(page.newest, Math.max(Math.min(page.page_samples, page.newest), page.end + by));
}

const STEPS: Record<string, (page: Page, rate_hz: number) => number> = {
  ArrowLeft: (_, rate_hz) => -Math.round(STEP_S * rate_hz),
  ArrowRight: (_, rate_hz) => Math.round(STEP_S * rate_hz),
  ArrowDown: (_, rate_hz) => -Math.round(STEP_S * rate_hz),
  ArrowUp: (_, rate_hz) => Math.round(STEP_S * rate_hz),
  PageUp: (page) => -page.page_samples,
  PageDown: (page) => page.page_samples,
  Home: () => -Infinity,
  End: () => Infinity,
};
