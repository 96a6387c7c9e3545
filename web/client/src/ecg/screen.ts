/**
 * The ECG's screen: one binding's samples, the pen, and what is drawn. Lives in the drawing worker.
 *
 * It takes packets from wherever they come, draws by `frame`, and hands what it has to say to `tell`. It
 * holds one stream at a time; packets of any other stream are dropped unseen.
 */

import { GapSeeker } from "./gaps";
import { drawnLeads, withDerived } from "./leads";
import { Pen, STALE_MS } from "./pen";
import type { CursorLine, Drawn, EcgStatus, FromWorker, LeadCopy, Setting, ToWorker } from "./protocol";
import { type Reach, reachOf } from "./reach";
import { Ring } from "./ring";
import { columnOf, columnX, ERASED_MM, type Group, groups, pxPerLsb, pxPerSample, shownColumns, type View } from "./sweep";
import { besideNames, drawPen, drawTrace, erase, type Frame, type Hatches, type TraceContext } from "./trace";
import { ELECTRODES, Flag, type Meta, type Packet, type WavePacket } from "./wire";

const LOOK_BACK_S = 10;
const MOST_ASKED_S = 10;
const SEEK_EVERY_MS = 100;
/** Nothing comes live: the media line is away. What the server has is fetched until it is back. */
const AHEAD_AFTER_MS = 700;
const AHEAD_EVERY_MS = 500;
const TELL_EVERY_MS = 250;
const REDRAW_EVERY_MS = 200;
const REACH_EVERY_MS = 1000;
/** Longer than a column of 3x4 shows, so that what is said of the leads does not come and go with each beat. */
const REACH_S = 10;
const DRAWN_KEPT = 600;
const POINTED_FOR_MS = 500;

/** Time and drawing surfaces, given from outside. */
export interface Surroundings {
  tell(message: FromWorker): void;
  /** Microseconds since 1970. */
  epoch_us(): number;
}

/** All that belongs to one stream, and ends with it. */
class Stream {
  readonly ring: Ring;
  readonly pen: Pen;
  readonly seeker: GapSeeker;
  readonly leads: string[];

  constructor(readonly meta: Meta) {
    this.leads = drawnLeads(meta);
    this.ring = new Ring(this.leads.length, meta.rate_hz);
    this.pen = new Pen(meta.rate_hz);
    this.seeker = new GapSeeker(Math.ceil(meta.rate_hz * MOST_ASKED_S));
  }
}

export class EcgScreen {
  private stream_id: number | null = null;
  private stream: Stream | null = null;
  private newest: WavePacket | null = null;
  private ended = false;
  private view: View | null = null;
  private scale = 1;
  private groups: Group[] = [];
  private layers: TraceContext[] = [];
  private hatches: Hatches = { gap: "#c9d3d8", unusable: "#ffe27a", not_taken: "#f3e9d6" };
  private drawn_to: number | null = null;
  private stale_picture = true;
  private redrawn_ms = -Infinity;
  private sought_ms = -Infinity;
  private live_ms = -Infinity;
  private ahead_ms = -Infinity;
  private told_ms = -Infinity;
  private drawn: Drawn[] = [];
  private reaches: Reach[] = [];
  private reached_ms = -Infinity;
  /** The instant to point at; its sample may be still on its way. */
  private pointed_us: number | null = null;
  /** When an instant's sample was last found. */
  private pointed_ms = -Infinity;

  constructor(private readonly around: Surroundings) {}

  /** Take over the two drawing layers. */
  useLayers(layers: TraceContext[], hatches: Hatches): void {
    this.layers = layers;
    this.hatches = hatches;
    this.stale_picture = true;
  }

  /** A message of the page, except canvases and packets. */
  take(message: ToWorker, now_ms: number): void {
    switch (message.type) {
      case "setting":
        return this.set(message.setting);
      case "bind":
        return this.bind(message.stream_id);
      case "meta":
        return this.learn(message.stream_id, message.meta);
      case "cursor":
        return this.pointAt(message.taken_us, now_ms);
      case "copy":
        return this.around.tell({ type: "copied", id: message.id, copy: this.copy(message.lead, message.from_us, message.to_us) });
      case "dump":
        return this.dump(message.id, message.first, message.count);
    }
  }

  /** A packet, live or filled in. One of another stream is dropped. */
  packet(packet: Packet, now_ms: number): void {
    if (packet.stream_id !== this.stream_id) return;
    if (packet.kind === "meta") this.learn(packet.stream_id, packet.meta);
    else if (packet.kind === "end") this.ended = true;
    else this.wave(packet, now_ms);
  }

  /** Draw up to the pen's place at `now_ms`. A status tells of what was drawn, so it goes out after it. */
  frame(now_ms: number): void {
    this.seek(now_ms);
    this.paint(now_ms);
    this.report(now_ms);
  }

  /** What stands on the layers is not to be trusted: draw all of it at the next frame. */
  repaint(): void {
    this.stale_picture = true;
    this.redrawn_ms = -Infinity;
  }

  private paint(now_ms: number): void {
    const pen = this.stream?.pen.move(now_ms) ?? null;
    if (pen === null || this.view === null || this.layers.length === 0) return this.wipeIfStale();
    const jumped = this.drawn_to === null || Math.abs(pen - this.drawn_to) > this.stream!.meta.rate_hz / 2;
    const overdue = this.stale_picture && now_ms - this.redrawn_ms >= REDRAW_EVERY_MS;
    if (jumped || overdue) this.redraw(pen, now_ms);
    else this.advance(this.drawn_to!, pen);
    this.note(pen);
  }

  private set(setting: Setting): void {
    const { scale, css_px_per_mm, width_css_px, height_css_px, ...rest } = setting;
    this.scale = scale;
    this.view = {
      ...rest,
      px_per_mm: css_px_per_mm * scale,
      width_px: Math.round(width_css_px * scale),
      height_px: Math.round(height_css_px * scale),
    };
    this.groups = groups(this.view);
    this.stale_picture = true;
    this.redrawn_ms = -Infinity;
  }

  private bind(stream_id: number | null): void {
    if (stream_id === this.stream_id) return;
    this.stream_id = stream_id;
    this.stream = null;
    this.newest = null;
    this.ended = false;
    this.drawn = [];
    this.reaches = [];
    this.reached_ms = -Infinity;
    this.drawn_to = null;
    this.pointed_us = null;
    this.stale_picture = true;
    this.told_ms = -Infinity;
    this.unpoint();
  }

  private learn(stream_id: number, meta: Meta): void {
    if (stream_id !== this.stream_id || this.stream !== null) return;
    this.stream = new Stream(meta);
  }

  private wave(packet: WavePacket, now_ms: number): void {
    const stream = this.stream;
    if (stream === null || packet.lead_count !== stream.meta.leads.length) return; // no scale yet: draw nothing
    const was_empty = stream.ring.empty;
    const end = stream.ring.end;
    const filled = stream.ring.store(withDerived(packet, stream.meta));
    const is_live = (packet.flags & Flag.Backfill) === 0;
    const goes_on = !was_empty && packet.first + packet.count > end;
    if (is_live) this.live_ms = now_ms;
    if (filled !== null && (is_live || goes_on)) stream.pen.arrived(packet.first + packet.count, filled.count, now_ms);
    if (filled !== null && this.drawn_to !== null && filled.first < this.drawn_to) this.stale_picture = true;
    if (this.newest === null || packet.first >= this.newest.first) this.newest = packet;
    if (filled !== null) this.findPointed(now_ms);
    if (was_empty && is_live) stream.ring.reachBack(packet.first - LOOK_BACK_S * stream.meta.rate_hz);
  }

  private seek(now_ms: number): void {
    const stream = this.stream;
    if (stream === null || stream.ring.empty || now_ms - this.sought_ms < SEEK_EVERY_MS) return;
    this.sought_ms = now_ms;
    const gap = stream.seeker.next(stream.ring.gaps(stream.ring.start, stream.ring.end), now_ms) ?? this.ahead(stream, now_ms);
    if (gap !== null) this.around.tell({ type: "need", stream_id: this.stream_id!, ...gap });
  }

  /** What may have been stored since the last sample, when none comes live; `null`: not to be asked for now. */
  private ahead(stream: Stream, now_ms: number): { first: number; count: number } | null {
    if (this.ended || now_ms - this.live_ms < AHEAD_AFTER_MS || now_ms - this.ahead_ms < AHEAD_EVERY_MS) return null;
    this.ahead_ms = now_ms;
    return { first: stream.ring.end, count: Math.ceil(stream.meta.rate_hz * MOST_ASKED_S) };
  }

  private report(now_ms: number): void {
    if (now_ms - this.told_ms < TELL_EVERY_MS) return;
    this.told_ms = now_ms;
    this.around.tell(this.status(now_ms));
  }

  private status(now_ms: number): EcgStatus {
    const stream = this.stream;
    const bits = this.newest;
    const meta_leads = stream?.meta.leads ?? [];
    const fresh = (stream?.pen.silence_ms(now_ms) ?? Infinity) <= STALE_MS;
    const flags = bits?.flags ?? 0;
    return {
      type: "status",
      stream_id: this.stream_id,
      meta: stream?.meta ?? null,
      end: stream?.ring.end ?? 0,
      silence_ms: stream?.pen.silence_ms(now_ms) ?? null,
      newest_taken_us: stream === null ? null : stream.ring.takenAt(stream.ring.end - 1),
      missing: stream === null ? 0 : stream.ring.missing(stream.ring.start, stream.ring.end),
      not_taken_s: this.notTaken_s(),
      delay_ms: stream?.pen.delay_ms ?? 0,
      electrodes_off: fresh ? named(ELECTRODES, bits?.electrodes_off ?? 0) : [],
      leads_unusable: fresh ? named(meta_leads, bits?.leads_unusable ?? 0) : [],
      leads_clipped: fresh ? named(meta_leads, bits?.leads_clipped ?? 0) : [],
      reaches: this.reachesAt(now_ms),
      simulated: (flags & Flag.Simulated) !== 0,
      not_raw: (flags & Flag.NotRaw) !== 0,
      ended: this.ended,
    };
  }

  private reachesAt(now_ms: number): Reach[] {
    if (this.stream === null || now_ms - this.reached_ms < REACH_EVERY_MS) return this.reaches;
    const { ring, leads, meta } = this.stream;
    this.reached_ms = now_ms;
    this.reaches = reachOf(ring, leads, meta.nv_per_lsb, ring.end - REACH_S * meta.rate_hz, ring.end);
    return this.reaches;
  }

  private notTaken_s(): number {
    if (this.stream === null || this.view === null || this.drawn_to === null) return 0;
    const { ring, meta } = this.stream;
    const widest = Math.max(...this.groups.map((group) => group.width)) - this.erased_px;
    const end = Math.floor(this.drawn_to) + 1;
    return ring.notTaken(end - Math.ceil(widest / pxPerSample(this.view, meta.rate_hz)), end) / meta.rate_hz;
  }

  private get frameSetting(): Omit<Frame, "end"> {
    const { meta, ring } = this.stream!;
    return {
      ring,
      px_per_sample: pxPerSample(this.view!, meta.rate_hz),
      px_per_lsb: pxPerLsb(this.view!, meta.nv_per_lsb),
      line_px: 1.3 * this.scale,
      scale: this.scale,
      hatches: this.hatches,
    };
  }

  private get erased_px(): number {
    return Math.round(ERASED_MM * this.view!.px_per_mm);
  }

  private redraw(pen: number, now_ms: number): void {
    this.wipe();
    const frame = { ...this.frameSetting, end: Math.floor(pen) + 1 };
    for (const group of this.groups) {
      const [from, to] = shownColumns(pen, frame.px_per_sample, group.width, this.erased_px);
      this.drawGroup(group, from, to, frame);
    }
    this.stale_picture = false;
    this.redrawn_ms = now_ms;
    this.drawn_to = pen;
  }

  /** Only the new strip: the last column again, the new ones, and the erased bar ahead. */
  private advance(was: number, pen: number): void {
    const frame = { ...this.frameSetting, end: Math.floor(pen) + 1 };
    const from = Math.max(0, columnOf(was, frame.px_per_sample) - 1);
    const to = columnOf(pen, frame.px_per_sample) + 1;
    for (const group of this.groups) {
      erase(this.layers[group.layer]!, group, from, to + this.erased_px, this.view!.height_px);
      this.drawGroup(group, from, to, frame);
    }
    this.drawn_to = pen;
  }

  private drawGroup(group: Group, from: number, to: number, frame: Frame): void {
    const layer = this.layers[group.layer]!;
    for (const pane of group.panes) {
      const lead = this.stream!.leads.indexOf(pane.lead);
      if (lead >= 0) drawTrace(layer, pane, lead, from, to, frame);
    }
    drawPen(layer, group, to, Math.max(1, Math.round(2 * this.scale)), this.scale);
  }

  private wipe(): void {
    for (const layer of this.layers) layer.clearRect(0, 0, this.view!.width_px, this.view!.height_px);
  }

  private wipeIfStale(): void {
    if (!this.stale_picture || this.view === null || this.layers.length === 0) return;
    this.wipe();
    this.stale_picture = false;
  }

  private note(pen: number): void {
    const index = Math.floor(pen);
    this.drawn.push({ index, taken_us: this.stream!.ring.takenAt(index), drawn_us: this.around.epoch_us() });
    if (this.drawn.length > DRAWN_KEPT) this.drawn.shift();
  }

  private pointAt(taken_us: number | null, now_ms: number): void {
    this.pointed_us = taken_us;
    this.findPointed(now_ms);
    // A line that stands on an instant long past would lie about the picture.
    if (taken_us === null || now_ms - this.pointed_ms > POINTED_FOR_MS) this.unpoint();
  }

  private unpoint(): void {
    this.around.tell({ type: "cursor", taken_us: null, index: null, sample_us: null, lines: [] });
  }

  /** A picture may be shown before the sample of its instant has come: then it is pointed at when it comes. */
  private findPointed(now_ms: number): void {
    if (this.pointed_us === null || this.stream === null) return;
    const index = this.stream.ring.indexAt(this.pointed_us);
    if (index === null) return;
    const sample_us = this.stream.ring.takenAt(index);
    this.around.tell({ type: "cursor", taken_us: this.pointed_us, index, sample_us, lines: this.cursorLines(index) });
    this.pointed_us = null;
    this.pointed_ms = now_ms;
  }

  /** Where a sample stands in each group of panes; nowhere once its column has been swept over. */
  private cursorLines(index: number): CursorLine[] {
    if (this.view === null || this.drawn_to === null) return [];
    const px = pxPerSample(this.view, this.stream!.meta.rate_hz);
    const column = columnOf(index, px);
    return this.groups
      .filter((group) => column >= shownColumns(this.drawn_to!, px, group.width, this.erased_px)[0])
      .flatMap((group) => {
        const x = columnX(column, group);
        return besideNames(group, x, this.scale).map(([top, height]) => ({ x: x / this.scale, top: top / this.scale, height: height / this.scale }));
      });
  }

  private copy(name: string, from_us: number, to_us: number): LeadCopy | null {
    const { stream } = this;
    const lead = stream?.leads.indexOf(name) ?? -1;
    if (stream === null || lead < 0) return null;
    const { ring, meta } = stream;
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

  private dump(id: number, first: number, count: number): void {
    const ring = this.stream?.ring ?? null;
    const leads = this.stream?.leads ?? [];
    const samples = new Int16Array(leads.length * count);
    const presence = new Uint8Array(count);
    for (let i = 0; i < count && ring !== null; i++) {
      presence[i] = ring.presenceOf(first + i);
      for (let lead = 0; lead < leads.length; lead++) samples[lead * count + i] = ring.value(lead, first + i);
    }
    const { stream_id, drawn } = this;
    const [start, end] = [ring?.start ?? 0, ring?.end ?? 0];
    this.around.tell({ type: "dumped", id, stream_id, leads, first, count, samples, presence, start, end, drawn: [...drawn] });
  }
}

function named<T extends string>(names: readonly T[], bits: number): T[] {
  return names.filter((_, i) => ((bits >> i) & 1) === 1);
}
