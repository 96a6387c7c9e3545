/**
 * Somebody else's pointer, drawn with the picture it was made on. Pure.
 *
 * A pointer is a gesture on a moving picture: it is shown from the frame it was made on, for as long as
 * nothing newer came, at most a second. On a still picture it is shown only if it was made on that very frame.
 */

import { SAME_FRAME_US } from "./lookback";
import type { Place } from "./pointer";

export interface Move {
  place: Place | null;
  /** The frame it was made on; `null`: the picture carries no time. */
  capture_us: number | null;
}

const STAYS_US = 1_000_000;
const MOST_KEPT = 100;

export class Trail {
  private moves: Move[] = [];

  push(move: Move): void {
    this.moves.push(move);
    if (this.moves.length > MOST_KEPT) this.moves.shift();
  }

  /** Where the pointer stands on the shown frame; `null`: nowhere on this one. */
  at(shown_us: number | null, still: boolean): Place | null {
    const last = this.moves.at(-1);
    if (last === undefined) return null;
    if (last.place === null && last.capture_us === null) return null;
    if (shown_us === null || last.capture_us === null) return shown_us === null && last.capture_us === null ? last.place : null;
    const reached = this.reached(shown_us);
    if (reached === null || reached.capture_us === null) return null;
    const age_us = shown_us - reached.capture_us;
    return age_us <= (still ? SAME_FRAME_US : STAYS_US) ? reached.place : null;
  }

  /** The last move made on the shown frame or one before it; what is older is forgotten. */
  private reached(shown_us: number): Move | null {
    let found = -1;
    this.moves.forEach((move, i) => {
      if (move.capture_us !== null && move.capture_us <= shown_us + SAME_FRAME_US) found = i;
    });
    if (found < 0) return null;
    return this.moves[found]!;
  }
}
