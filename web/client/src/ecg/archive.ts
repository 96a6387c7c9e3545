/**
 * Samples of longer ago than the ring keeps, for looking back: by blocks, as far as they were wanted.
 *
 * What the ring had is taken over when the looking back begins; older ones come from the server. Blocks that were
 * not looked at for longest are forgotten first, and can be fetched again.
 */

import { Cells, Presence } from "./cells";
import type { Gap, Ring } from "./ring";
import { MISSING, type WavePacket } from "./wire";

const BLOCK_S = 5;
/** Five minutes and a bit: 6 MB of twelve leads at 500 Hz. */
const MOST_BLOCKS = 64;

export class Archive {
  private readonly block_samples: number;
  /** The least lately wanted first. */
  private readonly blocks = new Map<number, Cells>();
  private newest_end = 0;

  constructor(
    readonly lead_count: number,
    readonly rate_hz: number,
  ) {
    this.block_samples = Math.ceil(BLOCK_S * rate_hz);
  }

  /** Index after the newest sample that was ever put here. */
  get end(): number {
    return this.newest_end;
  }

  value(lead: number, index: number): number {
    return this.block(index)?.value(lead, index % this.block_samples) ?? MISSING;
  }

  presenceOf(index: number): Presence {
    return this.block(index)?.presenceOf(index % this.block_samples) ?? Presence.Absent;
  }

  isUnusable(lead: number, index: number): boolean {
    return this.block(index)?.isUnusable(lead, index % this.block_samples) ?? false;
  }

  /** Microseconds since 1970 on the station clock; `null` when it is not here. */
  takenAt(index: number): number | null {
    return this.block(index)?.takenAt(index % this.block_samples) ?? null;
  }

  /** All that a ring holds. */
  adopt(ring: Ring): void {
    this.want(ring.start, ring.end);
    for (let index = ring.start; index < ring.end; index++) {
      this.block(index)!.copy(index % this.block_samples, ring.cells, index % ring.capacity);
    }
    this.newest_end = Math.max(this.newest_end, ring.end);
  }

  /** A packet's samples, as far as they are wanted here; live ones always are. True when any of them was new. */
  store(packet: WavePacket, is_live: boolean): boolean {
    if (packet.lead_count !== this.lead_count) return false;
    if (is_live) this.want(packet.first, packet.first + packet.count);
    let is_new = false;
    for (let i = 0; i < packet.count; i++) {
      const index = packet.first + i;
      if (this.block(index)?.put(index % this.block_samples, packet, i) !== true) continue;
      is_new = true;
      this.newest_end = Math.max(this.newest_end, index + 1);
    }
    return is_new;
  }

  /** These samples are looked at: their blocks are kept, and others forgotten where there are too many. */
  want(first: number, end: number): void {
    for (let number = this.numberOf(Math.max(0, first)); number * this.block_samples < end; number++) {
      const block = this.blocks.get(number) ?? new Cells(this.block_samples, this.lead_count, this.rate_hz);
      this.blocks.delete(number);
      this.blocks.set(number, block);
    }
    while (this.blocks.size > MOST_BLOCKS) this.blocks.delete(this.blocks.keys().next().value!);
  }

  /** Runs of absent samples in [first, end), oldest first. */
  gaps(first: number, end: number): Gap[] {
    const found: Gap[] = [];
    let from = -1;
    for (let index = Math.max(0, first); index <= end; index++) {
      const absent = index < end && this.presenceOf(index) === Presence.Absent;
      if (absent && from < 0) from = index;
      if (absent || from < 0) continue;
      found.push({ first: from, count: index - from });
      from = -1;
    }
    return found;
  }

  private block(index: number): Cells | undefined {
    return this.blocks.get(this.numberOf(index));
  }

  private numberOf(index: number): number {
    return Math.floor(index / this.block_samples);
  }
}
