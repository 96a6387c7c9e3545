/** Which frame of a clip is seen when: at its own frame times, as they were captured. Pure. */

import type { Clip } from "./clipFile";

export const SPEEDS = [1, 0.5, 0.25] as const;

export class ClipReel {
  /** Of the frames that are seen, from the first of them on, in seconds. */
  readonly times_s: readonly number[];
  /** Where each of them stands in the file. */
  readonly places: readonly number[];

  constructor({ head }: Clip) {
    const seen = head.frames.map((frame, place) => ({ ...frame, place })).filter(({ before }) => !before);
    const first_us = seen[0]?.capture_us ?? 0;
    this.times_s = seen.map(({ capture_us }) => (capture_us - first_us) / 1e6);
    this.places = seen.map(({ place }) => place);
  }

  get length(): number {
    return this.places.length;
  }

  /** From its first frame to its last. */
  get seconds(): number {
    return this.times_s.at(-1) ?? 0;
  }

  /** The frame that is seen at a time: the last one that had been captured by then. */
  at(time_s: number): number {
    let [low, high] = [0, this.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.times_s[middle]! <= time_s) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }
}
