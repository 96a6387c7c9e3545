/**
 * One way at a time, while a stethoscope's unprocessed microphone stands open in front of a loudspeaker. Pure.
 *
 * Nothing cancels an echo then. So either the microphone sends and the loudspeaker is silent, or somebody else
 * speaks and is heard, and the microphone is closed. Who speaks goes first: a heart can be listened to again.
 */

export type Way = "sending" | "listening";

const SPEAKS = 0.03;
const BEGINS_AFTER_MS = 100;
const HOLDS_MS = 700;

export class HalfDuplex {
  private way: Way = "sending";
  private since_ms: number | null = null;
  private last_ms = -Infinity;

  /** Which way is open now, from the loudest of the others' levels (0 to 1). */
  look(now_ms: number, others: number): Way {
    if (others >= SPEAKS) {
      this.since_ms ??= now_ms;
      this.last_ms = now_ms;
    } else this.since_ms = null;
    if (this.since_ms !== null && now_ms - this.since_ms >= BEGINS_AFTER_MS) this.way = "listening";
    else if (now_ms - this.last_ms >= HOLDS_MS) this.way = "sending";
    return this.way;
  }

  reset(): void {
    this.way = "sending";
    this.since_ms = null;
    this.last_ms = -Infinity;
  }
}
