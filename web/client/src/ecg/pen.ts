/**
 * Where the pen is: constant speed by the sample clock, a little behind the newest sample.
 *
 * The delay is as long as arrivals have lately been uneven, no longer: on a quiet line tens of
 * milliseconds, on a bad one up to 300. It never passes the newest sample: on a stall it waits there. The pen corrects itself by at most 5 % of its speed and leaps only
 * where it is more than half a second off (a stream begins, a line came back).
 */

const MARGIN_MS = 12;
/** Share of packets that must be in time; for the few later ones the pen waits. */
const COVERED = 0.95;
export const LEAST_DELAY_MS = 40;
export const MOST_DELAY_MS = 300;
const REMEMBERED_MS = 10_000;
const LEAP_MS = 500;
const MOST_CORRECTION = 0.05;
/** Without samples for this long the pen stops and live numbers become a dash. */
export const STALE_MS = 3000;

interface Arrival {
  at_ms: number;
  /** When sample 0 would have come, had it travelled like this packet. */
  origin_ms: number;
  span_ms: number;
}

export class Pen {
  private arrivals: Arrival[] = [];
  private at: number | null = null;
  private moved_ms = 0;
  private newest_end = 0;
  private heard_ms: number | null = null;

  constructor(private readonly rate_hz: number) {}

  /** Live samples up to (not with) `end` came at `now_ms`; the packet spans `count` samples not seen before. */
  arrived(end: number, count: number, now_ms: number): void {
    if (end > this.newest_end) {
      this.newest_end = end;
      this.heard_ms = now_ms;
    }
    const ms_per_sample = 1000 / this.rate_hz;
    this.arrivals.push({ at_ms: now_ms, origin_ms: now_ms - end * ms_per_sample, span_ms: count * ms_per_sample });
    while (this.arrivals[0]!.at_ms < now_ms - REMEMBERED_MS) this.arrivals.shift();
  }

  /** How far behind the fastest packet the pen runs. */
  get delay_ms(): number {
    const { spread_ms, span_ms } = this.unevenness();
    return Math.min(MOST_DELAY_MS, Math.max(LEAST_DELAY_MS, spread_ms + span_ms + MARGIN_MS));
  }

  /** Milliseconds since a new sample came; `null` before the first. */
  silence_ms(now_ms: number): number | null {
    return this.heard_ms === null ? null : now_ms - this.heard_ms;
  }

  /** The sample index under the pen at `now_ms`; `null` before the first sample. */
  move(now_ms: number): number | null {
    const silence = this.silence_ms(now_ms);
    if (silence === null) return null;
    const passed_ms = this.at === null ? 0 : now_ms - this.moved_ms;
    this.moved_ms = now_ms;
    if (this.at !== null && silence > STALE_MS) return this.at;
    this.at = this.step(now_ms, passed_ms);
    return this.at;
  }

  private step(now_ms: number, passed_ms: number): number {
    const wanted = ((now_ms - this.fastest_ms() - this.delay_ms) * this.rate_hz) / 1000;
    const target = Math.max(0, Math.min(this.newest_end - 1, wanted));
    if (this.at === null) return target;
    const free = this.at + (passed_ms * this.rate_hz) / 1000;
    const off = target - free;
    if (Math.abs(off) > (LEAP_MS * this.rate_hz) / 1000) return target;
    const most = (MOST_CORRECTION * passed_ms * this.rate_hz) / 1000;
    const next = free + Math.max(-most, Math.min(most, off));
    return Math.max(0, Math.min(this.newest_end - 1, next));
  }

  private fastest_ms(): number {
    return this.arrivals.reduce((least, arrival) => Math.min(least, arrival.origin_ms), Infinity);
  }

  private unevenness(): { spread_ms: number; span_ms: number } {
    if (this.arrivals.length === 0) return { spread_ms: 0, span_ms: 0 };
    const origins = this.arrivals.map((arrival) => arrival.origin_ms).sort((a, b) => a - b);
    const late = origins[Math.floor((origins.length - 1) * COVERED)]!;
    const spans = this.arrivals.map((arrival) => arrival.span_ms).sort((a, b) => a - b);
    return { spread_ms: late - origins[0]!, span_ms: spans[spans.length >> 1]! };
  }
}
