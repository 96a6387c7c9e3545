/** Kept stills and clips as lists show them. Pure. */

import type { DerivedCard, KeptClipPage, KeptStillCard } from "../../api/types";
import { clockSeconds, date, figure } from "../../words/format";
import { w } from "../../words/index.svelte";
import { keptText } from "../../words/pictureCalipers";

export interface Kept {
  stills: KeptStillCard[];
  clips: KeptClipPage[];
  /** Made of what was measured on the stills. */
  derived: DerivedCard[];
}

export const NOTHING: Kept = { stills: [], clips: [], derived: [] };

/** How many of each there are; empty: nothing. */
export function countText({ stills, clips, derived }: Kept): string {
  return [w.kept.count(stills.length, clips.length), derived.length > 0 ? w.derive.count(derived.length) : ""].filter(Boolean).join(" · ");
}

/** With one decimal; never 0. */
export function megabytes(bytes: number): string {
  return figure(Math.max(0.1, bytes / 1e6), 1);
}

/** What is written into an opinion of a kept still: its number, when, what was measured on it. */
export function citation(still: KeptStillCard): string {
  const when = `${date(still.taken_at)} ${clockSeconds(still.taken_at)} ${w.kept.frame(figure(still.frame_number))}`;
  return w.kept.cited(still.number, when, still.measurements.map(keptText).join(w.common.listComma));
}
