/**
 * Notices a captured picture that must not be taken for a living one: none comes, it stands still, it is blank, its
 * size changed. The rules are those of the station (`ultrasound/vigilance.py`), on samples of the picture.
 */

import type { PictureTrouble } from "../api/types";

export const LOST_AFTER_MS = 3_000;
export const FROZEN_AFTER_MS = 2_000;
export const BLANK_AFTER_MS = 1_000;
export const RESIZED_FOR_MS = 10_000;
/** Grey levels from the darkest to the brightest but for a thousandth: a grabber's noise. */
const BLANK_RANGE = 16;
const FEW = 0.001;

export class Vigilance {
  private seen_ms: number;
  private moved_ms: number;
  private not_blank_ms: number;
  private resized_ms = -Infinity;
  private size = "";
  private last: Uint8ClampedArray | null = null;

  constructor(started_ms: number) {
    this.seen_ms = this.moved_ms = this.not_blank_ms = started_ms;
  }

  /** Take in a look at the picture: RGBA samples of it, always at the same places for one size. */
  see(samples: Uint8ClampedArray, width: number, height: number, now_ms: number): void {
    const anew = now_ms - this.seen_ms > LOST_AFTER_MS;
    if (anew || !same(this.last, samples)) this.moved_ms = now_ms;
    if (anew || !isBlank(samples)) this.not_blank_ms = now_ms;
    const size = `${width}x${height}`;
    if (this.size !== "" && this.size !== size) this.resized_ms = now_ms;
    this.size = size;
    this.seen_ms = now_ms;
    this.last = samples.slice();
  }

  /** What is wrong now, in the order they are told. */
  troubles(now_ms: number): PictureTrouble[] {
    const lost = now_ms - this.seen_ms > LOST_AFTER_MS;
    const there: [PictureTrouble, boolean][] = [
      ["lost", lost],
      ["frozen", !lost && this.seen_ms - this.moved_ms >= FROZEN_AFTER_MS],
      ["blank", !lost && this.seen_ms - this.not_blank_ms >= BLANK_AFTER_MS],
      ["resized", now_ms - this.resized_ms < RESIZED_FOR_MS],
    ];
    return there.filter(([, is_there]) => is_there).map(([what]) => what);
  }
}

function same(before: Uint8ClampedArray | null, now: Uint8ClampedArray): boolean {
  return before !== null && before.length === now.length && before.every((one, at) => one === now[at]);
}

/** By the green of each sample, which is most of its brightness. */
function isBlank(samples: Uint8ClampedArray): boolean {
  const counts = new Array<number>(256).fill(0);
  for (let at = 1; at < samples.length; at += 4) counts[samples[at]!]! += 1;
  const few = FEW * (samples.length / 4);
  const darkest = firstLevel(counts, few);
  const brightest = 255 - firstLevel(counts.reverse(), few);
  return brightest - darkest <= BLANK_RANGE;
}

/** The first level at which more than a few samples have been counted. */
function firstLevel(counts: readonly number[], few: number): number {
  let counted = 0;
  return counts.findIndex((count) => (counted += count) > few);
}
