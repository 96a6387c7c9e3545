/** A cine at its own frame times: which frame stands when, and for how long it runs. Pure. */

/** Whether it can be played: a time for each frame, from the first, never backwards. */
export function isPlayable(times_ms: readonly number[] | null, frames: number): times_ms is readonly number[] {
  if (times_ms === null || frames < 2 || times_ms.length !== frames) return false;
  return times_ms.every((time, i) => Number.isFinite(time) && time >= (times_ms[i - 1] ?? 0)) && times_ms.at(-1)! > 0;
}

/** The frame that stands at a time: the last that was captured by then. */
export function frameAt(times_ms: readonly number[], position_ms: number): number {
  let [low, high] = [0, times_ms.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (times_ms[middle]! <= position_ms) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** How long it runs: the last frame stands as long as the one before it. */
export function lengthOf_ms(times_ms: readonly number[]): number {
  const last = times_ms.at(-1) ?? 0;
  return last + (last - (times_ms.at(-2) ?? 0));
}

/** Frames a second at a place, by the times around it; `null` where two frames are of one time. */
export function rateAt(times_ms: readonly number[], frame: number): number | null {
  const on = Math.min(frame, times_ms.length - 2);
  const step_ms = (times_ms[on + 1] ?? 0) - (times_ms[on] ?? 0);
  return step_ms > 0 ? 1000 / step_ms : null;
}

const MOST_BETWEEN_LOOKS_MS = 250;

/** Where a cine stands that runs round and round, by the clock of the page and its own speed. */
export class CineClock {
  private since_ms: number | null = null;
  private from_ms = 0;
  private looked_ms = 0;

  constructor(
    private readonly length_ms: number,
    private speed: number,
  ) {}

  get runs(): boolean {
    return this.since_ms !== null;
  }

  at_ms(now_ms: number): number {
    if (this.since_ms === null) return this.from_ms;
    return (this.from_ms + (now_ms - this.since_ms) * this.speed) % this.length_ms;
  }

  run(now_ms: number): void {
    this.since_ms ??= this.looked_ms = now_ms;
  }

  /** Somebody looks at it: while nobody could, in a page that slept, it did not run on. */
  look(now_ms: number): void {
    const slept_ms = now_ms - this.looked_ms - MOST_BETWEEN_LOOKS_MS;
    if (this.since_ms !== null && slept_ms > 0) this.since_ms += slept_ms;
    this.looked_ms = now_ms;
  }

  stop(now_ms: number): void {
    this.from_ms = this.at_ms(now_ms);
    this.since_ms = null;
  }

  /** Stand here, running or not. */
  seek(position_ms: number, now_ms: number): void {
    this.from_ms = position_ms;
    if (this.since_ms !== null) this.since_ms = now_ms;
  }

  setSpeed(speed: number, now_ms: number): void {
    this.seek(this.at_ms(now_ms), now_ms);
    this.speed = speed;
  }
}
