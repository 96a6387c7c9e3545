/** What moves under the hand is told to the others as it moves, at most 25 times a second. */

const EVERY_MS = 40;

export class Telling {
  private last_ms = -Infinity;
  private waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly send: () => void) {}

  /** Tell of it now, or as soon as that is not too often. */
  soon(): void {
    clearTimeout(this.waiting);
    const wait_ms = this.last_ms + EVERY_MS - performance.now();
    if (wait_ms <= 0) return this.now();
    this.waiting = setTimeout(() => this.now(), wait_ms);
  }

  /** Tell of it at once: that it was put away must not wait. */
  now(): void {
    clearTimeout(this.waiting);
    this.last_ms = performance.now();
    this.send();
  }

  stop(): void {
    clearTimeout(this.waiting);
  }
}
