/**
 * How far each lead reaches from 0 mV, and which leads run into each other, or off the paper, because of it.
 *
 * All leads share one gain and each row's place follows from the paper alone, so that two heights can always be
 * compared. What does not fit is neither cut nor scaled: it is said, with the gain at which it would fit.
 */

import type { Shown } from "./columns";
import { pxPerUv } from "./geometry";
import { GAINS_MM_MV, type GainMmMv, type Pane, panes, type View } from "./sheet";

/** The least and the most of one lead over a stretch of time. */
export interface Reach {
  lead: string;
  low_mv: number;
  high_mv: number;
}

/** What does not fit its row. */
export interface Crowding {
  /** Leads whose bands overlap that of a row beside them, from the top. */
  overlapping: string[];
  /** Leads that reach beyond the upper or the lower edge of the paper. */
  off_paper: string[];
}

/** The reach of each lead, as it is drawn, over the samples [from, to); a lead without a usable sample is left out. */
export function reachOf(shown: Shown, leads: readonly string[], from: number, to: number): Reach[] {
  return leads.flatMap((lead, at) => {
    let [low, high] = [Infinity, -Infinity];
    for (let index = Math.max(from, shown.start); index < to; index++) {
      const uv = shown.uv(at, index);
      if (Number.isNaN(uv) || shown.isUnusable(at, index)) continue;
      low = Math.min(low, uv);
      high = Math.max(high, uv);
    }
    return low > high ? [] : [{ lead, low_mv: low / 1000, high_mv: high / 1000 }];
  });
}

/** Which leads overlap or leave the paper in this view. */
export function crowding(view: View, reaches: readonly Reach[]): Crowding {
  const bands = panes(view).flatMap((pane) => band(pane, view, reaches));
  const overlapping = new Set<string>();
  for (const upper of bands) {
    const rows_below = bands.filter((lower) => lower.pane.top > upper.pane.top && sideBySide(upper.pane, lower.pane));
    for (const lower of rows_below.filter((one) => one.top < upper.bottom)) overlapping.add(upper.pane.name).add(lower.pane.name);
  }
  const off_paper = bands.filter(({ top, bottom }) => top < 0 || bottom > view.height_px).map(({ pane }) => pane.name);
  const in_order = [...new Set(bands.map(({ pane }) => pane.name))];
  return { overlapping: in_order.filter((lead) => overlapping.has(lead)), off_paper: in_order.filter((lead) => off_paper.includes(lead)) };
}

/** The largest gain under the present one at which all fits; `null`: none does, the rows are too low. */
export function gainThatFits(view: View, reaches: readonly Reach[]): GainMmMv | null {
  const lower = GAINS_MM_MV.filter((gain) => gain < view.gain_mm_mv).reverse();
  return lower.find((gain_mm_mv) => fits(crowding({ ...view, gain_mm_mv }, reaches))) ?? null;
}

/** Whether every lead stays beside its neighbours and on the paper. */
export function fits({ overlapping, off_paper }: Crowding): boolean {
  return overlapping.length === 0 && off_paper.length === 0;
}

interface Band {
  pane: Pane;
  top: number;
  bottom: number;
}

function band(pane: Pane, view: View, reaches: readonly Reach[]): Band[] {
  const reach = reaches.find(({ lead }) => lead === pane.lead);
  if (reach === undefined) return [];
  const px_per_mv = pane.sign * pxPerUv(pane, view.px_per_mm) * 1000;
  const edges = [pane.baseline - reach.high_mv * px_per_mv, pane.baseline - reach.low_mv * px_per_mv];
  return [{ pane, top: Math.min(...edges), bottom: Math.max(...edges) }];
}

function sideBySide(a: Pane, b: Pane): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width;
}
