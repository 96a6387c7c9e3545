/** Which part of a long study is fetched to show one of its pages. Pure. */

import { leadInSamples } from "../../ecg/studyPage";

/** The server gives at most 120 s at once. */
const WINDOW_S = 100;

export interface Window {
  first: number;
  count: number;
}

/** Whether a part has a page [first, end) and what its filter needs before it. */
export function covers({ first, count }: Window, page_first: number, page_end: number, rate_hz: number): boolean {
  const needed = Math.max(0, page_first - leadInSamples(rate_hz));
  return first <= needed && first + count >= page_end;
}

/** The part to fetch for a page: it begins with what the page's filter needs, and runs on for the pages after it. */
export function windowFor(page_first: number, rate_hz: number, sample_count: number): Window {
  const first = Math.max(0, page_first - leadInSamples(rate_hz));
  return { first, count: Math.min(sample_count - first, Math.floor(WINDOW_S * rate_hz)) };
}
