/** All that belongs to one stream, and ends with it: its samples, the pen, what of it is to be asked for. */

import type { Archive } from "./archive";
import { FilteredRing } from "./filtered";
import type { FilterSetting } from "./filters";
import { AskedAtOnce, GapSeeker } from "./gaps";
import { RHYTHM_LEAD } from "./layouts";
import { drawnLeads } from "./leads";
import type { Scene } from "./livePainter";
import { Pen } from "./pen";
import type { Dump, LeadCopy } from "./protocol";
import { type Gap, Ring } from "./ring";
import { Flag, type Meta, MISSING, type WavePacket } from "./wire";

/** Wanted of before a viewer came. */
const LOOK_BACK_S = 10;
/** Nothing comes live: the media line is away. What the server has is fetched until it is back. */
const AHEAD_AFTER_MS = 700;
const AHEAD_EVERY_MS = 500;
const NOTHING_AHEAD = { asked_ms: -Infinity, samples: 0, first: 0, end: 0, came_ms: -Infinity, came_end: 0 };

type Dumped = Pick<Dump, "leads" | "first" | "count" | "samples" | "presence" | "start" | "end">;

/** Whether a packet came as it was taken, not filled in. */
export function isLive(packet: WavePacket): boolean {
  return (packet.flags & Flag.Backfill) === 0;
}

export class Stream {
  readonly ring: Ring;
  readonly shown: FilteredRing;
  readonly pen: Pen;
  readonly leads: string[];
  private readonly at_once: AskedAtOnce;
  private readonly seeker: GapSeeker;
  private live_ms = -Infinity;
  /** How many samples after the newest were asked for last, when and up to where; when any last came, up to where. */
  private ahead = NOTHING_AHEAD;

  constructor(
    private learnt: Meta,
    filters: FilterSetting,
  ) {
    const { meta } = this;
    this.leads = drawnLeads(meta);
    this.ring = new Ring(this.leads.length, meta.rate_hz);
    this.shown = new FilteredRing(this.ring, meta.nv_per_lsb, filters);
    this.pen = new Pen(meta.rate_hz);
    this.at_once = AskedAtOnce.at(meta.rate_hz);
    this.seeker = new GapSeeker(this.at_once);
  }

  /** What the samples mean: it never changes, but for the device's filters, which may be told later. */
  get meta(): Meta {
    return this.learnt;
  }

  /** META once more: of a stream that was known from its recording, it tells what the device did to the signal. */
  learn({ filters }: Meta): void {
    if (this.learnt.filters === null) this.learnt = { ...this.learnt, filters };
  }

  get scene(): Scene {
    return { shown: this.shown, leads: this.leads, rate_hz: this.meta.rate_hz };
  }

  /** The lead of the small strip. */
  get strip_lead(): string {
    return this.leads.includes(RHYTHM_LEAD) ? RHYTHM_LEAD : this.leads[0]!;
  }

  /** Take a packet with its derived leads; returns the samples that were new, `null` for none. */
  take(packet: WavePacket, now_ms: number): Gap | null {
    const { ring } = this;
    const [was_empty, end, is_live] = [ring.empty, ring.end, isLive(packet)];
    if (!was_empty && !is_live && packet.first + packet.count <= ring.start) return null; // of longer ago than live shows
    const filled = ring.store(packet);
    const goes_on = !was_empty && packet.first + packet.count > end;
    if (is_live) this.live_ms = now_ms;
    else this.cameAhead(packet, now_ms);
    if (filled !== null && (is_live || goes_on)) this.pen.arrived(packet.first + packet.count, filled.count, now_ms);
    if (filled !== null) this.shown.changed(filled.first);
    if (was_empty && is_live) ring.reachBack(packet.first - LOOK_BACK_S * this.meta.rate_hz);
    return filled;
  }

  /** What to ask the server for now, if anything. */
  seek(now_ms: number, ended: boolean): Gap | null {
    return this.seeker.next(this.gaps(now_ms), now_ms, this.ring.start) ?? (ended ? null : this.seekAhead(now_ms));
  }

  /** The line is another one: what was asked for on the one before may be asked for again at once. */
  askAnew(): void {
    this.seeker.askAnew();
    this.ahead = NOTHING_AHEAD;
  }

  /** One lead's samples taken in a stretch of time; `null`: there is no such lead. */
  copy(name: string, from_us: number, to_us: number): LeadCopy | null {
    const lead = this.leads.indexOf(name);
    if (lead < 0) return null;
    const { ring, meta } = this;
    const [first, end] = ring.takenWithin(from_us, to_us);
    const indices = Array.from({ length: end - first }, (_, i) => first + i);
    return {
      first,
      values: Int16Array.from(indices, (index) => ring.value(lead, index)),
      taken_us: Float64Array.from(indices, (index) => ring.takenAt(index) ?? Number.NaN),
      unusable: Uint8Array.from(indices, (index) => Number(ring.isUnusable(lead, index))),
      rate_hz: meta.rate_hz,
      nv_per_lsb: meta.nv_per_lsb,
      newest_us: ring.takenAt(ring.end - 1),
    };
  }

  /** The raw samples that are drawn from; those of longer ago than the ring keeps, from what was fetched to look back. */
  dump(first: number, count: number, archive?: Archive): Dumped {
    const { ring, leads } = this;
    const dumped = nothingDumped(first, count, leads);
    for (let i = 0; i < count; i++) {
      const from = archive !== undefined && first + i < ring.start ? archive : ring;
      dumped.presence[i] = from.presenceOf(first + i);
      for (let lead = 0; lead < leads.length; lead++) dumped.samples[lead * count + i] = from.value(lead, first + i);
    }
    return { ...dumped, start: ring.start, end: ring.end };
  }

  private cameAhead({ first, count }: WavePacket, now_ms: number): void {
    const { ahead } = this;
    const end = first + count;
    if (first >= ahead.end || end <= ahead.first) return;
    if (ahead.came_end < ahead.end && end >= ahead.end) this.at_once.answered(ahead.samples, now_ms - ahead.asked_ms);
    this.ahead = { ...ahead, came_ms: now_ms, came_end: Math.max(ahead.came_end, end) };
  }

  /** Whether the answer to what was asked for ahead may still be coming. */
  private awaitsAhead(now_ms: number): boolean {
    const { ahead } = this;
    return ahead.came_end < ahead.end && now_ms - Math.max(ahead.asked_ms, ahead.came_ms) < AHEAD_EVERY_MS;
  }

  /** Live goes on behind what was asked for ahead: that is no hole to be asked for once more. */
  private gaps(now_ms: number): Gap[] {
    const { ring, ahead } = this;
    const every = ring.gaps(ring.start, ring.end);
    return this.awaitsAhead(now_ms) ? every.flatMap((gap) => without(gap, ahead.first, ahead.end)) : every;
  }

  /** What may have been stored since the last sample, when none comes live; `null`: not to be asked for now. */
  private seekAhead(now_ms: number): Gap | null {
    const { ring, at_once } = this;
    if (now_ms - this.live_ms < AHEAD_AFTER_MS) return null;
    if (this.awaitsAhead(now_ms)) return null;
    const samples = at_once.samples;
    this.ahead = { ...NOTHING_AHEAD, asked_ms: now_ms, samples, first: ring.end, end: ring.end + samples };
    return { first: ring.end, count: samples };
  }
}

/** What of a gap lies outside [first, end). */
function without(gap: Gap, first: number, end: number): Gap[] {
  const gap_end = gap.first + gap.count;
  const [before_end, after_first] = [Math.min(gap_end, first), Math.max(gap.first, end)];
  return [
    { first: gap.first, count: before_end - gap.first },
    { first: after_first, count: gap_end - after_first },
  ].filter(({ count }) => count > 0);
}

/** A dump of nothing at all. */
export function nothingDumped(first: number, count: number, leads: string[] = []): Dumped {
  return { leads, first, count, samples: new Int16Array(leads.length * count).fill(MISSING), presence: new Uint8Array(count), start: 0, end: 0 };
}
