/**
 * Finding one's own loudspeaker in one's own microphone: how the two levels move together. Pure.
 *
 * The browser cancels what it plays itself. What is left over - an open loudspeaker too loud for it, a second
 * window or computer in the same room - makes the others hear themselves, or howls. The microphone's level then
 * follows the loudspeaker's after the same short way again and again, which a person who answers does not.
 */

/** Levels are 0 to 1, looked at every 50 ms. */
export const LOOK_EVERY_MS = 50;
const KEPT = 60; // 3 s
const MOST_LAG = 10; // 500 ms
const HEARD = 0.02;
const LEAST_HEARD = 20; // looks of the last 3 s in which the loudspeaker sounded
const ALIKE = 0.8;
const QUIET_FOR = 200; // 10 s without a find give the volume back

export class EchoGuard {
  private played: number[] = [];
  private recorded: number[] = [];
  private found = false;
  private quiet = 0;

  /** Whether the loudspeaker is to be lowered now. */
  look(loudspeaker: number, microphone: number): boolean {
    this.played = [...this.played, loudspeaker].slice(-KEPT);
    this.recorded = [...this.recorded, microphone].slice(-KEPT);
    if (this.leaks()) {
      this.found = true;
      this.quiet = 0;
    } else if (this.found && ++this.quiet >= QUIET_FOR) this.found = false;
    return this.found;
  }

  reset(): void {
    this.played = [];
    this.recorded = [];
    this.found = false;
    this.quiet = 0;
  }

  private leaks(): boolean {
    if (this.played.length < KEPT) return false;
    if (this.played.filter((level) => level >= HEARD).length < LEAST_HEARD) return false;
    for (let lag = 0; lag <= MOST_LAG; lag++) {
      const before = this.played.slice(0, KEPT - lag);
      const after = this.recorded.slice(lag);
      if (Math.max(...after) >= HEARD && likeness(before, after) >= ALIKE) return true;
    }
    return false;
  }
}

/** Pearson's correlation; 0 where one of the two does not move. */
export function likeness(a: readonly number[], b: readonly number[]): number {
  const mean_a = a.reduce((sum, value) => sum + value, 0) / a.length;
  const mean_b = b.reduce((sum, value) => sum + value, 0) / b.length;
  let [both, of_a, of_b] = [0, 0, 0];
  a.forEach((value, i) => {
    const [x, y] = [value - mean_a, b[i]! - mean_b];
    both += x * y;
    of_a += x * x;
    of_b += y * y;
  });
  return of_a < 1e-6 || of_b < 1e-6 ? 0 : both / Math.sqrt(of_a * of_b);
}
