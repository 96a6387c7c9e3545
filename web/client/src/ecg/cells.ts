/** Places for samples of every lead: what has come, when it was taken, and what the device says of it. */

import { MISSING, type WavePacket } from "./wire";

export const enum Presence {
  Absent = 0,
  Present = 1,
  /** Present, and the source broke off before it: no line may join it to the one before. */
  AfterBreak = 2,
}

export class Cells {
  private readonly values: Int16Array;
  private readonly presence: Uint8Array;
  private readonly unusable: Uint16Array;
  private readonly taken: Float64Array;

  constructor(
    readonly size: number,
    readonly lead_count: number,
    private readonly rate_hz: number,
  ) {
    this.values = new Int16Array(size * lead_count).fill(MISSING);
    this.presence = new Uint8Array(size);
    this.unusable = new Uint16Array(size);
    this.taken = new Float64Array(size);
  }

  /** One lead's sample in steps of the converter; `MISSING` where none is known. */
  value(lead: number, place: number): number {
    return this.values[place * this.lead_count + lead]!;
  }

  presenceOf(place: number): Presence {
    return this.presence[place]!;
  }

  isUnusable(lead: number, place: number): boolean {
    return ((this.unusable[place]! >> lead) & 1) === 1;
  }

  /** Microseconds since 1970 on the station clock; `null` when it is not here. */
  takenAt(place: number): number | null {
    return this.presence[place] === Presence.Absent ? null : this.taken[place]!;
  }

  /** Put sample `i` of a packet; false when something is here already. */
  put(place: number, packet: WavePacket, i: number): boolean {
    if (this.presence[place] !== Presence.Absent) return false;
    this.presence[place] = packet.breaks.includes(i) ? Presence.AfterBreak : Presence.Present;
    this.unusable[place] = packet.leads_unusable;
    this.taken[place] = packet.taken_us + (i * 1e6) / this.rate_hz;
    for (let lead = 0; lead < this.lead_count; lead++) {
      this.values[place * this.lead_count + lead] = packet.samples[lead * packet.count + i]!;
    }
    return true;
  }

  /** Take over what another has in one of its places; false when something is here already, or nothing there. */
  copy(place: number, other: Cells, from: number): boolean {
    if (this.presence[place] !== Presence.Absent || other.presence[from] === Presence.Absent) return false;
    this.presence[place] = other.presence[from]!;
    this.unusable[place] = other.unusable[from]!;
    this.taken[place] = other.taken[from]!;
    const leads = this.lead_count;
    this.values.set(other.values.subarray(from * leads, (from + 1) * leads), place * leads);
    return true;
  }

  /** Empty one place. */
  empty(place: number): void {
    this.presence[place] = Presence.Absent;
    this.values.fill(MISSING, place * this.lead_count, (place + 1) * this.lead_count);
  }

  /** Forget everything. */
  clear(): void {
    this.values.fill(MISSING);
    this.presence.fill(Presence.Absent);
    this.unusable.fill(0);
    this.taken.fill(0);
  }
}
