/**
 * The last minute of samples, found by their index since the stream's start.
 *
 * Order and repeats of packets do not matter: a sample is put where its index says. What has not come
 * is known to be missing; nothing is ever made up for it.
 */

import { Cells, Presence } from "./cells";
import { MISSING, type WavePacket } from "./wire";

/** A run of samples that have not come. */
export interface Gap {
  first: number;
  count: number;
}

const KEPT_S = 64;

export class Ring {
  readonly capacity: number;
  readonly cells: Cells;
  private newest_index = -1;
  private oldest_index = -1;

  constructor(
    readonly lead_count: number,
    readonly rate_hz: number,
    kept_s = KEPT_S,
  ) {
    this.capacity = Math.ceil(rate_hz * kept_s);
    this.cells = new Cells(this.capacity, lead_count, rate_hz);
  }

  /** Index after the newest sample; 0 when there is none. */
  get end(): number {
    return this.newest_index + 1;
  }

  /** Index of the oldest sample that could be here: from here on, absent means a gap. */
  get start(): number {
    return this.oldest_index < 0 ? 0 : Math.max(this.oldest_index, this.end - this.capacity);
  }

  get empty(): boolean {
    return this.newest_index < 0;
  }

  /** Put a packet's samples in their places. Returns the indices newly filled, `null` for none. */
  store(packet: WavePacket): Gap | null {
    if (packet.lead_count !== this.lead_count) return null;
    if (this.tooOld(packet)) return null;
    this.advance(packet.first + packet.count);
    if (this.oldest_index < 0 || packet.first < this.oldest_index) this.oldest_index = packet.first;
    let low = -1;
    let high = -1;
    for (let i = 0; i < packet.count; i++) {
      if (!this.put(packet, i)) continue;
      if (low < 0) low = packet.first + i;
      high = packet.first + i;
    }
    return low < 0 ? null : { first: low, count: high - low + 1 };
  }

  /** One sample of one lead in steps of the converter; `MISSING` where none is known. */
  value(lead: number, index: number): number {
    return this.holds(index) ? this.cells.value(lead, index % this.capacity) : MISSING;
  }

  presenceOf(index: number): Presence {
    return this.holds(index) ? this.cells.presenceOf(index % this.capacity) : Presence.Absent;
  }

  /** Whether the device called this lead unusable (electrode off) at this sample. */
  isUnusable(lead: number, index: number): boolean {
    return this.holds(index) && this.cells.isUnusable(lead, index % this.capacity);
  }

  /** When a sample was taken, microseconds since 1970 on the station clock; `null` when it is not here. */
  takenAt(index: number): number | null {
    return this.holds(index) ? this.cells.takenAt(index % this.capacity) : null;
  }

  /** The sample taken nearest to a time on the station clock; `null` when more than 2 samples away from any. */
  indexAt(taken_us: number): number | null {
    const step_us = 1e6 / this.rate_hz;
    for (let index = this.newest_index; index >= this.start && index >= 0; index--) {
      const at = this.takenAt(index);
      if (at === null || at > taken_us + step_us / 2) continue;
      if (taken_us - at <= step_us / 2) return index;
      if (index === this.newest_index) return null; // the sample of that instant is still on its way
      return taken_us - at <= 2 * step_us ? index : this.nearestAfter(index, taken_us, step_us);
    }
    return null;
  }

  /** The next sample present after `index`, if it was taken within 2 samples of a time. */
  private nearestAfter(index: number, taken_us: number, step_us: number): number | null {
    const at = this.takenAt(index + 1);
    return at !== null && Math.abs(at - taken_us) <= 2 * step_us ? index + 1 : null;
  }

  /** Indices of the samples taken in a stretch of time, `[first, end)`: those of another time among them are not here. */
  takenWithin(from_us: number, to_us: number): [number, number] {
    let [first, end] = [-1, -1];
    for (let index = this.start; index < this.end; index++) {
      const at = this.takenAt(index);
      if (at === null || at < from_us || at > to_us) continue;
      if (first < 0) first = index;
      end = index + 1;
    }
    return first < 0 ? [0, 0] : [first, end];
  }

  /** Runs of absent samples in [first, end), oldest first, at most `limit`. */
  gaps(first: number, end: number, limit = 32): Gap[] {
    const found: Gap[] = [];
    let from = -1;
    const stop = Math.min(end, this.end);
    for (let i = Math.max(first, this.end - this.capacity, 0); i <= stop && found.length < limit; i++) {
      const absent = i < stop && this.cells.presenceOf(i % this.capacity) === Presence.Absent;
      if (absent && from < 0) from = i;
      if (!absent && from >= 0) {
        found.push({ first: from, count: i - from });
        from = -1;
      }
    }
    return found;
  }

  /** How many samples of [first, end) have not come. */
  missing(first: number, end: number): number {
    let count = 0;
    for (let i = Math.max(first, 0); i < Math.min(end, this.end); i++) {
      if (this.presenceOf(i) === Presence.Absent) count++;
    }
    return count;
  }

  /** How many samples of [first, end) are known to have been taken of no lead. */
  notTaken(first: number, end: number): number {
    let count = 0;
    for (let i = Math.max(first, this.start); i < Math.min(end, this.end); i++) {
      if (this.presenceOf(i) !== Presence.Absent && this.isEmpty(i)) count++;
    }
    return count;
  }

  private isEmpty(index: number): boolean {
    for (let lead = 0; lead < this.lead_count; lead++) if (this.value(lead, index) !== MISSING) return false;
    return true;
  }

  /** From now on everything before this index is wanted too (look-back that was asked for). */
  reachBack(first: number): void {
    if (this.oldest_index >= 0) this.oldest_index = Math.max(0, Math.min(this.oldest_index, first));
  }

  /** Forget everything. */
  clear(): void {
    this.cells.clear();
    this.newest_index = -1;
    this.oldest_index = -1;
  }

  private holds(index: number): boolean {
    return index >= 0 && index <= this.newest_index && index > this.newest_index - this.capacity;
  }

  private tooOld(packet: WavePacket): boolean {
    return packet.first + packet.count <= this.end - this.capacity;
  }

  /** Make room up to `end`, emptying what the ring runs over. */
  private advance(end: number): void {
    const first = Math.max(this.end, end - this.capacity);
    for (let i = first; i < end; i++) this.cells.empty(i % this.capacity);
    if (end > this.end) this.newest_index = end - 1;
  }

  /** Put sample `i` of a packet; false when it is already here or too old. */
  private put(packet: WavePacket, i: number): boolean {
    const index = packet.first + i;
    return this.holds(index) && this.cells.put(index % this.capacity, packet, i);
  }
}
