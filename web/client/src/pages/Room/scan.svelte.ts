/** The ultrasound for its stage: what the shown frame is of, its delay, freezing and looking back, what is on it. */

import { SvelteMap, SvelteSet } from "svelte/reactivity";
import { epoch_us, serverOffset } from "../../api/clock";
import { socket } from "../../api/events";
import type { Encoding, PicturePart, Stroke, StrokeShape } from "../../api/types";
import { type Alignment, alignmentOf } from "../../ultrasound/alignment";
import { type Elsewhere, elsewhereOf, keysOf } from "../../ultrasound/elsewhere";
import type { ShownFrame } from "../../ultrasound/frames";
import type { KeptPicture } from "../../ultrasound/keeping";
import { type KeptFrame, LookBack, nearest, stepped } from "../../ultrasound/lookback";
import { isAsCaptured, PartHistory } from "../../ultrasound/part";
import { type Place, PointerThrottle } from "../../ultrasound/pointer";
import { type ClockOffset, type Delay, frameDelay, FrameMeter, type NoGuiding } from "../../ultrasound/stage";
import { Pen, strokesOn } from "../../ultrasound/strokes";
import { Trail } from "../../ultrasound/trail";

const TOLD_EVERY_MS = 250;
const KEPT_FRAMES = 600;
/** The first frames may be shown before the first stamp was read. */
const SURELY_STAMPED_AFTER = 30;

/** After the picture's source changed, whose clock the first frames carry is not sure: they have no time then. */
const SETTLES_MS = 800;

/** A frame that was shown, for benchmarks and journeys. */
export interface SeenFrame {
  capture_us: number | null;
  /** When the page was told of it. */
  shown_us: number;
  /** When it is on the screen; `delay` is measured to here. */
  displayed_us: number;
  rtp_timestamp: number | null;
  delay: Delay | null;
}

export type Kept = KeptFrame<KeptPicture>;

export interface Frozen {
  capture_us: number | null;
  /** The frame as it was decoded; `null`: only what the video showed could be kept. */
  kept: Kept | null;
}

/** Whoever keeps the ECG around pictures that stand still. */
export interface AroundPictures {
  standStill(from_us: number | null, to_us: number | null): void;
  keepAround(capture_us: number): void;
}

/** What a press on the picture does. */
export type Tool = "pointer" | StrokeShape | null;

export class ScanModel {
  fps = $state<number | null>(null);
  delay = $state.raw<Delay | null>(null);
  noGuiding = $state<NoGuiding>(null);
  /** Of the captured picture, whatever part of it is shown and however large it is sent. */
  size = $state.raw<{ width: number; height: number } | null>(null);
  /** The part that is shown, unless it is the whole picture as it was captured. */
  part = $state.raw<PicturePart | null>(null);
  /** The shown frame's place in the captured picture is not known: nothing may be pointed at. */
  misplaced = $state(false);
  frozen = $state.raw<Frozen | null>(null);
  /** The seconds before the freeze, oldest first. */
  range = $state.raw<readonly Kept[]>([]);
  /** Frames come without a capture time: they cannot be laid beside the ECG. */
  unstamped = $state(false);
  tool = $state<Tool>(null);
  /** Pointers of the others on the shown frame, by participant. */
  readonly pointers = new SvelteMap<string, Place>();
  /** Every drawing in the room, by id; each belongs to one frame. */
  readonly strokes = new SvelteMap<string, Stroke>();
  /** Who looks at which still frame, by participant. */
  readonly held = new SvelteMap<string, number>();
  private readonly dismissed = new SvelteSet<string>();
  /** A stroke as it is being drawn. */
  pending = $state.raw<[number, number][] | null>(null);
  /** Why the last stroke is not there. */
  fault = $state.raw<unknown>(null);
  /** The clock of whoever sends the picture from a capture card; `null` while it is the station's. */
  publisher_clock = $state.raw<(ClockOffset & { participant_id: string }) | null>(null);
  station_clock = $state.raw<ClockOffset | null>(null);
  /** Who sends the picture from a capture card. */
  card_of = $state<string | null>(null);
  last: SeenFrame | null = null;
  readonly seen: SeenFrame[] = [];
  readonly lookBack = new LookBack<KeptPicture>();
  private readonly trails = new Map<string, Trail>();
  private binding_id: string | null = null;
  private readonly parts = new PartHistory();
  private readonly meter = new FrameMeter();
  private readonly throttle: PointerThrottle;
  private pointed_at: Place | null = null;
  private pen: Pen | null = null;
  private told_ms = 0;
  private settles_ms = -Infinity;

  constructor(
    readonly consult_id: string,
    private readonly onInstant: (capture_us: number | null) => void,
    private readonly ecg: AroundPictures,
  ) {
    const after = (ms: number, then: () => void) => {
      const timer = setTimeout(then, ms);
      return () => clearTimeout(timer);
    };
    this.throttle = new PointerThrottle((place) => this.send(place), after);
  }

  /** Follow clocks, pointers and drawings on the socket; returns the way to stop. */
  follow(): () => void {
    const here = (consult_id: string) => consult_id === this.consult_id;
    const stops = [
      socket.on("station_clock", (clock) => clock.binding_id === this.binding_id && (this.station_clock = clock)),
      socket.on("publisher_clock", (clock) => here(clock.consult_id) && (this.publisher_clock = clock)),
      socket.on("pointer_moved", ({ consult_id, participant_id, x, y, capture_us }) => {
        if (here(consult_id)) this.pointed(participant_id, x === null || y === null ? null : { x, y }, capture_us ?? null);
      }),
      socket.on("frame_held", ({ consult_id, participant_id, capture_us }) => here(consult_id) && this.heldBy(participant_id, capture_us)),
      socket.on("stroke_drawn", ({ consult_id, stroke }) => here(consult_id) && this.drawn(stroke)),
      socket.on("drawings_cleared", ({ consult_id }) => here(consult_id) && this.strokes.clear()),
    ];
    const timer = setInterval(() => this.beat(), TOLD_EVERY_MS);
    return () => {
      clearInterval(timer);
      this.throttle.close();
      stops.forEach((stop) => stop());
    };
  }

  /** Another binding, or none: nothing of the one before stays. */
  bind(binding_id: string | null): void {
    if (binding_id === this.binding_id) return;
    this.binding_id = binding_id;
    this.station_clock = null;
    this.parts.forget();
    this.forgetPictures();
  }

  /** The picture comes from this participant's capture card from now on; `null`: from the station. */
  comesFrom(card_of: string | null): void {
    if (card_of === this.card_of) return;
    this.card_of = card_of;
    this.settles_ms = performance.now() + SETTLES_MS;
    if (this.publisher_clock?.participant_id !== card_of) this.publisher_clock = null;
    this.forgetPictures();
  }

  private forgetPictures(): void {
    this.frozen = null;
    this.ecg.standStill(null, null);
    this.range = [];
    this.last = null;
    this.seen.length = 0;
    this.size = null;
    this.part = null;
    this.misplaced = false;
    this.unstamped = false;
    this.pointers.clear();
    this.trails.clear();
    this.held.clear();
    this.strokes.clear();
    this.dismissed.clear();
    this.lookBack.clear();
    this.dropPen();
    this.meter.reset();
    this.tell(performance.now());
    this.onInstant(null);
  }

  /** A frame has been put on the screen. */
  frame(shown: ShownFrame): void {
    const frame = shown.now_ms < this.settles_ms ? { ...shown, capture_us: null } : shown;
    const delay = this.delayOf(frame);
    this.meter.frame(frame.now_ms, delay);
    const { capture_us, shown_us, displayed_us, rtp_timestamp } = frame;
    this.last = { capture_us, shown_us, displayed_us, rtp_timestamp, delay };
    this.seen.push(this.last);
    if (this.seen.length > KEPT_FRAMES) this.seen.shift();
    this.unstamped = this.seen.length > SURELY_STAMPED_AFTER && frame.capture_us === null;
    this.place(frame);
    this.pointAtInstant();
    this.placePointers();
    if (frame.now_ms - this.told_ms >= TOLD_EVERY_MS) this.tell(frame.now_ms);
  }

  /** The decoded frame of this instant, copied. */
  keep(capture_us: number, picture: KeptPicture): void {
    if (performance.now() < this.settles_ms) return;
    this.lookBack.add({ capture_us, picture, bytes: picture.data.byteLength });
  }

  /** The instant on the stage: of the still frame, or of the live picture's last one. */
  get shown_us(): number | null {
    return this.frozen === null ? (this.last?.capture_us ?? null) : this.frozen.capture_us;
  }

  /** The drawings of the still frame. A moving picture has none: each is of one instant. */
  get shownStrokes(): Stroke[] {
    return this.frozen === null ? [] : strokesOn(this.strokes.values(), this.frozen.capture_us);
  }

  /** What others than `me` look at or drew on that is not the shown frame: the newest of it. */
  elsewhere(me: string | null): Elsewhere | null {
    const { strokes, held, dismissed } = this;
    return elsewhereOf({ strokes: strokes.values(), held, still_us: this.frozen?.capture_us ?? null, me, dismissed });
  }

  /** Tell no more of what others look at or drew on until now. */
  dismissElsewhere(): void {
    for (const key of keysOf(this.strokes.values(), this.held)) this.dismissed.add(key);
  }

  /** Whether the frame of an instant can be shown here. */
  has(capture_us: number): boolean {
    return nearest(this.range, capture_us) !== null || this.lookBack.find(capture_us) !== null;
  }

  /** From this capture time on, this encoding shows this part of the captured picture. */
  partTold(since_us: number, part: PicturePart, encoding: Encoding): void {
    this.parts.tell(since_us, part, encoding);
  }

  /** Where the shown frame lies in the captured picture. */
  private place({ capture_us, width, height }: ShownFrame): void {
    // What a station told is not of a capture card's picture.
    const placed = this.card_of === null ? this.parts.of(capture_us, width, height) : null;
    this.misplaced = placed === "unknown";
    if (placed === "unknown") return;
    const size = placed === null ? { width, height } : { width: placed.captured_width, height: placed.captured_height };
    if (this.size?.width !== size.width || this.size.height !== size.height) this.size = size;
    const part = placed === null || isAsCaptured(placed) ? null : placed;
    if (part !== this.part) this.part = part;
  }

  /** Where a frame of this instant and size lies, when that is not simply the whole picture. */
  partOf(capture_us: number, width: number, height: number): PicturePart | null {
    const placed = this.card_of === null ? this.parts.of(capture_us, width, height) : null;
    return placed === "unknown" || placed === null || isAsCaptured(placed) ? null : placed;
  }

  /** Keep the frame that is on the screen, with the seconds before it. */
  freeze(): void {
    const kept = this.lookBack.shownAt(this.last?.capture_us ?? null);
    this.range = this.lookBack.take();
    // Without a copy, what the video holds a moment later stands there: which frame that is, nobody can say.
    this.show({ capture_us: kept?.capture_us ?? null, kept });
  }

  unfreeze(): void {
    this.frozen = null;
    this.ecg.standStill(null, null);
    this.range = [];
    if (this.tool !== null && this.tool !== "pointer") this.use(null);
    this.holdFrame(null);
  }

  /** Go to the frame of an instant; false when it is not kept here. */
  goTo(capture_us: number): boolean {
    const kept = nearest(this.range, capture_us) ?? this.lookBack.find(capture_us);
    if (kept === null) return false;
    if (this.frozen === null) this.range = this.lookBack.take();
    this.show({ capture_us: kept.capture_us, kept });
    return true;
  }

  /** Frame by frame through the last seconds: back (-1) and on (1). */
  step(by: number): void {
    if (this.frozen === null) return by < 0 ? this.freeze() : undefined;
    const kept = stepped(this.range, this.frozen.capture_us ?? 0, by);
    if (kept !== null) this.show({ capture_us: kept.capture_us, kept });
  }

  private show(frozen: Frozen): void {
    this.dropPen();
    this.frozen = frozen;
    this.keepEcg(frozen.capture_us);
    this.pointAtInstant();
    this.placePointers();
    this.holdFrame(frozen.capture_us);
  }

  /** Point, draw, or neither. A stroke belongs to one frame, so drawing stops the picture. */
  use(tool: Tool): void {
    if (this.tool === "pointer" && tool !== "pointer") this.point(null);
    this.dropPen();
    this.tool = tool;
    this.fault = null;
    if (tool !== null && tool !== "pointer" && this.frozen === null && this.last !== null) this.freeze();
  }

  point(place: Place | null): void {
    if (this.tool !== "pointer") return;
    this.pointed_at = this.misplaced ? null : place;
    this.throttle.move(this.pointed_at, performance.now());
  }

  /** Whether a stroke could be tied to the shown frame. */
  get canDraw(): boolean {
    return this.frozen?.capture_us != null;
  }

  penDown(place: Place): void {
    if (this.tool === null || this.tool === "pointer" || !this.canDraw) return;
    this.pen = new Pen(this.tool);
    this.penMove(place);
  }

  penMove(place: Place): void {
    this.pen?.move(place);
    this.pending = this.pen?.drawn ?? null;
  }

  penUp(): void {
    const [pen, capture_us] = [this.pen, this.frozen?.capture_us ?? null];
    const points = pen?.drawn ?? null;
    this.dropPen();
    if (pen === null || points === null || capture_us === null) return;
    this.fault = null;
    socket
      .command({ type: "draw_stroke", consult_id: this.consult_id, shape: pen.shape, points, capture_us })
      .catch((fault: unknown) => (this.fault = fault));
  }

  clearDrawings(): void {
    socket.command({ type: "clear_drawings", consult_id: this.consult_id }).catch((fault: unknown) => (this.fault = fault));
  }

  /** How ultrasound and ECG stand to each other. */
  alignment(one_clock: boolean): Alignment {
    const { unstamped, publisher_clock, station_clock } = this;
    return alignmentOf({ from_card: this.card_of !== null, one_clock, unstamped, publisher: publisher_clock, station: station_clock });
  }

  /** Nothing arrives any more: figures of before must not stay. */
  lost(): void {
    this.meter.reset();
    this.tell(performance.now());
  }

  /** Now on the station's clock, microseconds since 1970; `null` while a clock is unknown. */
  stationNow_us(): number | null {
    const server = serverOffset();
    if (server === null || this.station_clock === null) return null;
    return epoch_us() + server.offset_us + this.station_clock.offset_us;
  }

  private delayOf(frame: ShownFrame): Delay | null {
    const source = this.card_of === null ? this.station_clock : this.publisher_clock;
    return frame.capture_us === null ? null : frameDelay(frame.capture_us, frame.displayed_us, serverOffset(), source);
  }

  /** A capture card's picture is on another clock than the ECG: no line is drawn for it. */
  private pointAtInstant(): void {
    this.onInstant(this.card_of === null ? this.shown_us : null);
  }

  private beat(): void {
    this.tell(performance.now());
    if (this.pointed_at !== null && this.tool === "pointer" && this.frozen === null) this.send(this.pointed_at);
  }

  private tell(now_ms: number): void {
    this.told_ms = now_ms;
    this.fps = this.meter.fps(now_ms);
    this.noGuiding = this.meter.noGuiding(now_ms);
    this.delay = this.meter.delay(now_ms);
  }

  private pointed(participant_id: string, place: Place | null, capture_us: number | null): void {
    const trail = this.trails.get(participant_id) ?? new Trail();
    this.trails.set(participant_id, trail);
    trail.push({ place, capture_us });
    this.placePointers();
  }

  private placePointers(): void {
    for (const [participant_id, trail] of this.trails) {
      const place = trail.at(this.shown_us, this.frozen !== null);
      const was = this.pointers.get(participant_id);
      if (place === null) this.pointers.delete(participant_id);
      else if (was?.x !== place.x || was.y !== place.y) this.pointers.set(participant_id, place);
    }
  }

  private drawn(stroke: Stroke): void {
    this.strokes.set(stroke.id, stroke);
    this.pin(stroke.capture_us);
  }

  private heldBy(participant_id: string, capture_us: number | null): void {
    if (capture_us === null) this.held.delete(participant_id);
    else {
      this.held.delete(participant_id); // the newest last
      this.held.set(participant_id, capture_us);
      this.pin(capture_us);
    }
  }

  /** What the station did not time has no ECG of its instant. */
  private keepEcg(capture_us: number | null): void {
    if (capture_us === null || this.card_of !== null) return this.ecg.standStill(null, null);
    const [from_us, to_us] = [this.range[0]?.capture_us ?? capture_us, this.range.at(-1)?.capture_us ?? capture_us];
    this.ecg.standStill(from_us, to_us);
    if (capture_us < from_us || capture_us > to_us) this.ecg.keepAround(capture_us);
  }

  private pin(capture_us: number): void {
    const kept = this.lookBack.find(capture_us);
    if (kept === null) return;
    this.lookBack.pin(capture_us);
    if (this.card_of === null) this.ecg.keepAround(kept.capture_us);
  }

  private holdFrame(capture_us: number | null): void {
    socket.notice({ type: "hold_frame", consult_id: this.consult_id, capture_us });
  }

  private dropPen(): void {
    this.pen = null;
    this.pending = null;
  }

  private send(place: Place | null): void {
    const { consult_id, shown_us } = this;
    socket.notice({ type: "point_at", consult_id, x: place?.x ?? null, y: place?.y ?? null, capture_us: shown_us });
  }
}
