/**
 * The ECG's screen: one binding's samples, the pen, and what is drawn. Lives in the drawing worker.
 *
 * It takes packets from wherever they come, draws by `frame`, and hands what it has to say to `tell`. It
 * holds one stream at a time; packets of any other stream are dropped unseen.
 */

import { DIAGNOSTIC, type FilterSetting, possibleAt } from "./filters";
import { type Laid, laidOut, stripLaidOut } from "./laid";
import { RHYTHM_LEAD } from "./layouts";
import { withDerived } from "./leads";
import { type LayerContext, LivePainter } from "./livePainter";
import { LookBack } from "./lookBack";
import { type Draw, drawPaper } from "./paper";
import { STALE_MS } from "./pen";
import type { CursorLine, Drawn, EcgStatus, FromWorker, Setting, ToWorker } from "./protocol";
import { type Reach, reachOf } from "./reach";
import type { MakeTile } from "./reel";
import { isLive, nothingDumped, Stream } from "./stream";
import type { Hatches } from "./trace";
import { ELECTRODES, Flag, type Meta, type Packet, type WavePacket } from "./wire";

const SEEK_EVERY_MS = 100;
const TELL_EVERY_MS = 250;
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
  makeTile: MakeTile;
}

/** What is drawn on, from below. */
export interface Surfaces {
  paper: Draw;
  traces: LayerContext;
  strip: LayerContext;
}

export class EcgScreen {
  private stream_id: number | null = null;
  private stream: Stream | null = null;
  private newest: WavePacket | null = null;
  private ended = false;
  private setting: Setting | null = null;
  private laid: Laid | null = null;
  private surfaces: Surfaces | null = null;
  private hatches: Hatches | null = null;
  private readonly live: LivePainter;
  private readonly strip: LivePainter;
  private look_back: LookBack | null = null;
  /** The sample under the pen, whatever of it is seen. */
  private drawn_to: number | null = null;
  private sought_ms = -Infinity;
  private told_ms = -Infinity;
  private drawn: Drawn[] = [];
  private reaches: Reach[] = [];
  private reached_ms = -Infinity;
  /** The instant to point at; its sample may be still on its way. */
  private pointed_us: number | null = null;
  /** When an instant's sample was last found. */
  private pointed_ms = -Infinity;

  constructor(private readonly around: Surroundings) {
    this.live = new LivePainter(around.makeTile);
    this.strip = new LivePainter(around.makeTile);
  }

  /** Take over what is drawn on. */
  useSurfaces(surfaces: Surfaces, hatches: Hatches): void {
    this.surfaces = surfaces;
    this.hatches = hatches;
    this.live.useLayer(surfaces.traces, hatches);
    this.strip.useLayer(surfaces.strip, hatches);
    this.layOut();
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
      case "freeze":
        return this.freeze();
      case "turn":
        return this.look_back?.moveTo(message.end);
      case "live":
        return this.goLive();
      case "ask_anew":
        return this.askAnew();
      case "copy":
        return this.around.tell({ type: "copied", id: message.id, copy: this.stream?.copy(message.lead, message.from_us, message.to_us) ?? null });
      case "piece":
        return this.around.tell({ type: "piece", id: message.id, piece: this.look_back?.piece(message.lead) ?? null });
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
    this.live.repaint();
    this.strip.repaint();
    this.look_back?.repaint();
  }

  private paint(now_ms: number): void {
    const pen = this.stream?.pen.move(now_ms) ?? null;
    const scene = this.stream?.scene ?? null;
    if (this.look_back === null) this.live.paint(pen, scene, now_ms);
    else {
      this.strip.paint(pen, scene, now_ms);
      this.paintStill(this.look_back, now_ms);
    }
    if (pen === null || this.laid === null || this.surfaces === null) return;
    this.drawn_to = pen;
    this.note(pen);
  }

  private paintStill(look_back: LookBack, now_ms: number): void {
    if (this.laid === null || this.surfaces === null || this.hatches === null) return;
    const painted = look_back.paint(this.surfaces.traces, this.laid, this.filters, this.hatches, now_ms);
    if (painted) this.told_ms = -Infinity; // the page is told at once where it is
  }

  private set(setting: Setting): void {
    const filters_changed = this.setting === null || JSON.stringify(this.setting.filters) !== JSON.stringify(setting.filters);
    this.setting = setting;
    if (filters_changed) this.stream?.shown.use(this.filters);
    this.layOut();
  }

  /** What is applied: what is wanted, as far as the stream's rate allows it. */
  private get filters(): FilterSetting {
    const wanted = this.setting?.filters ?? DIAGNOSTIC;
    return this.stream === null ? wanted : possibleAt(wanted, this.stream.meta.rate_hz);
  }

  private layOut(): void {
    if (this.setting === null) return;
    this.laid = laidOut(this.setting, this.stream?.leads);
    this.live.layOut(this.laid);
    this.strip.layOut(stripLaidOut(this.setting, this.stream?.strip_lead ?? RHYTHM_LEAD));
    this.look_back?.repaint();
    if (this.surfaces !== null) drawPaper(this.surfaces.paper, this.laid.view, this.laid.scale, this.laid.inks);
  }

  private bind(stream_id: number | null): void {
    if (stream_id === this.stream_id) return;
    this.stream_id = stream_id;
    this.stream = null;
    this.look_back = null;
    this.newest = null;
    this.ended = false;
    this.drawn = [];
    this.reaches = [];
    this.reached_ms = -Infinity;
    this.drawn_to = null;
    this.pointed_us = null;
    this.live.forget();
    this.strip.forget();
    this.told_ms = -Infinity;
    this.unpoint();
  }

  private learn(stream_id: number, meta: Meta): void {
    if (stream_id !== this.stream_id) return;
    if (this.stream !== null) return this.stream.learn(meta);
    this.stream = new Stream(meta, this.setting?.filters ?? DIAGNOSTIC);
    this.layOut();
  }

  private wave(packet: WavePacket, now_ms: number): void {
    const { stream } = this;
    if (stream === null || packet.lead_count !== stream.meta.leads.length) return; // no scale yet: draw nothing
    const whole = withDerived(packet, stream.meta);
    this.look_back?.store(whole, isLive(packet));
    const filled = stream.take(whole, now_ms);
    if (this.newest === null || packet.first >= this.newest.first) this.newest = packet;
    if (filled === null) return;
    this.live.changed(filled.first);
    this.strip.changed(filled.first);
    this.findPointed(now_ms);
  }

  private freeze(): void {
    if (this.look_back !== null || this.stream === null || this.drawn_to === null) return;
    const { leads, meta, ring } = this.stream;
    this.look_back = new LookBack({ leads, rate_hz: meta.rate_hz, nv_per_lsb: meta.nv_per_lsb }, ring, Math.floor(this.drawn_to) + 1);
    this.strip.repaint();
  }

  private goLive(): void {
    if (this.look_back === null) return;
    this.look_back = null;
    this.live.repaint();
    this.told_ms = -Infinity;
  }

  private askAnew(): void {
    this.stream?.askAnew();
    this.look_back?.askAnew();
  }

  private seek(now_ms: number): void {
    const { stream } = this;
    if (stream === null || stream.ring.empty || now_ms - this.sought_ms < SEEK_EVERY_MS) return;
    this.sought_ms = now_ms;
    for (const gap of [stream.seek(now_ms, this.ended), this.look_back?.seek(stream.ring.start, now_ms) ?? null]) {
      if (gap !== null) this.around.tell({ type: "need", stream_id: this.stream_id!, ...gap });
    }
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
      filters: this.filters,
      still: this.look_back?.status(now_ms) ?? null,
    };
  }

  private reachesAt(now_ms: number): Reach[] {
    if (this.stream === null || now_ms - this.reached_ms < REACH_EVERY_MS) return this.reaches;
    const { shown, leads, meta } = this.stream;
    this.reached_ms = now_ms;
    this.reaches = reachOf(shown, leads, shown.end - REACH_S * meta.rate_hz, shown.end);
    return this.reaches;
  }

  private notTaken_s(): number {
    if (this.stream === null || this.drawn_to === null) return 0;
    const { ring, meta } = this.stream;
    const end = Math.floor(this.drawn_to) + 1;
    return ring.notTaken(end - Math.ceil(this.live.width_s * meta.rate_hz), end) / meta.rate_hz;
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
    if (this.laid === null) return [];
    const { scale } = this.laid;
    const lines = this.look_back?.lines(index, this.laid) ?? this.live.lines(index, this.stream!.meta.rate_hz);
    return lines.map(({ x, top, height }) => ({ x: x / scale, top: top / scale, height: height / scale }));
  }

  private dump(id: number, first: number, count: number): void {
    const { stream, stream_id, drawn } = this;
    const dumped = stream?.dump(first, count, this.look_back?.archive) ?? nothingDumped(first, count);
    this.around.tell({ type: "dumped", id, stream_id, ...dumped, drawn: [...drawn] });
  }
}

function named<T extends string>(names: readonly T[], bits: number): T[] {
  return names.filter((_, i) => ((bits >> i) & 1) === 1);
}
