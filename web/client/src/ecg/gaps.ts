/**
 * Which missing samples to ask the server for, and when.
 *
 * A hole is asked for once it is 300 ms old (a repeat in the next packets mostly fills it), one request at
 * a time, at most five a second; a hole that stays is asked for again, ever more seldom.
 */

import type { Gap } from "./ring";

const RIPE_MS = 300;
const BETWEEN_MS = 200;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 10_000;

interface Known {
  seen_ms: number;
  again_ms: number;
  tries: number;
}

export class GapSeeker {
  private known = new Map<number, Known>();
  private last_ask_ms = -Infinity;

  /** `most`: the largest number of samples in one request. */
  constructor(private readonly most: number) {}

  /** The range to ask for now, or `null`. `gaps`: what is missing now, oldest first. */
  next(gaps: Gap[], now_ms: number): Gap | null {
    this.remember(gaps, now_ms);
    if (now_ms - this.last_ask_ms < BETWEEN_MS) return null;
    const due = gaps.find((gap) => this.isDue(this.known.get(gap.first)!, now_ms));
    if (due === undefined) return null;
    this.asked(this.known.get(due.first)!, now_ms);
    return { first: due.first, count: Math.min(due.count, this.most) };
  }

  private remember(gaps: Gap[], now_ms: number): void {
    const still = new Map<number, Known>();
    for (const gap of gaps) {
      still.set(gap.first, this.known.get(gap.first) ?? { seen_ms: now_ms, again_ms: now_ms + RIPE_MS, tries: 0 });
    }
    this.known = still;
  }

  private isDue(gap: Known, now_ms: number): boolean {
    return now_ms - gap.seen_ms >= RIPE_MS && now_ms >= gap.again_ms;
  }

  private asked(gap: Known, now_ms: number): void {
    gap.tries += 1;
    gap.again_ms = now_ms + Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (gap.tries - 1));
    this.last_ask_ms = now_ms;
  }
}
