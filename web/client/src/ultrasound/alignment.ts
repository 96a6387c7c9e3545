/** What may be said of how ultrasound and ECG stand to each other. Pure. */

import type { ClockOffset } from "./stage";

export type Alignment =
  /** Both are stamped by the station's one clock. */
  | { kind: "one_clock" }
  /** Two clocks, compared over the server: an instant is known to within this, and the capture path's own delay. */
  | { kind: "two_clocks"; bound_ms: number }
  /** Two clocks, or none, and nothing to compare them by. */
  | { kind: "not_aligned" };

export interface Sources {
  /** The picture comes from a capture card in somebody's browser. */
  from_card: boolean;
  one_clock: boolean;
  unstamped: boolean;
  /** The clock of whoever publishes the card, against the server's. */
  publisher: ClockOffset | null;
  station: ClockOffset | null;
}

export function alignmentOf({ from_card, one_clock, unstamped, publisher, station }: Sources): Alignment {
  if (unstamped || (!from_card && !one_clock)) return { kind: "not_aligned" };
  if (!from_card) return { kind: "one_clock" };
  if (publisher === null || station === null) return { kind: "not_aligned" };
  return { kind: "two_clocks", bound_ms: (publisher.uncertainty_us + station.uncertainty_us) / 1000 };
}
