/** The ultrasound for its stage: what the shown frame is of, its delay, who points where; frozen, and marked. */

import { SvelteMap } from "svelte/reactivity";
import { epoch_us, serverOffset } from "../../api/clock";
import { socket } from "../../api/events";
import type { Encoding, PicturePart, PictureTrouble, StepUnit, StillCard } from "../../api/types";
import { type Alignment, alignmentOf } from "../../ultrasound/alignment";
import type { ShownFrame } from "../../ultrasound/frames";
import type { KeptPicture } from "../../ultrasound/keeping";
import { LookBack } from "../../ultrasound/lookback";
import { isAsCaptured, PartHistory, type Placed } from "../../ultrasound/part";
import { type Place, PointerThrottle } from "../../ultrasound/pointer";
import { type ClockOffset, type Delay, frameDelay, FrameMeter, type NoGuiding } from "../../ultrasound/stage";
import { Trail } from "../../ultrasound/trail";
import { type Pixel, type Size, wholePicture } from "../../ultrasound/view";
import { FreezeModel, type Frozen } from "./freeze.svelte";
import { LookModel } from "./look.svelte";
import { MarksModel, type Tool } from "./marks.svelte";
import { MeasureModel } from "./measuring.svelte";

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

/** Whoever keeps the ECG around pictures that stand still. */
export interface AroundPictures {
  standStill(from_us: number | null, to_us: number | null): void;
  keepAround(capture_us: number): void;
}

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
  /** Frames come without a capture time: they cannot be laid beside the ECG. */
  unstamped = $state(false);
  /** Pointers of the others on the shown frame, by participant. */
  readonly pointers = new SvelteMap<string, Place>();
  /** The clock of whoever sends the picture from a capture card; `null` while it is the station's. */
  publisher_clock = $state.raw<(ClockOffset & { participant_id: string }) | null>(null);
  /** What that one says is wrong with the picture it captures. */
  publisher_picture = $state.raw<{ participant_id: string; troubles: readonly PictureTrouble[] } | null>(null);
  station_clock = $state.raw<ClockOffset | null>(null);
  /** How much slower than it says the ECG device counts; `null`: not known, or it has no clock of its own. */
  ecg_drift_ppm = $state<number | null>(null);
  /** Who sends the picture from a capture card. */
  card_of = $state<string | null>(null);
  last: SeenFrame | null = null;
  readonly seen: SeenFrame[] = [];
  readonly lookBack = new LookBack<KeptPicture>();
  readonly freezing: FreezeModel;
  readonly marks: MarksModel;
  readonly measuring: MeasureModel;
  readonly look = new LookModel();
  private readonly trails = new Map<string, Trail>();
  private binding_id: string | null = null;
  private readonly parts = new PartHistory();
  private readonly meter = new FrameMeter();
  private readonly throttle: PointerThrottle;
  private pointed_at: Place | null = null;
  private told_ms = 0;
  private settles_ms = -Infinity;

  constructor(
    readonly consult_id: string,
    private readonly onInstant: (capture_us: number | null) => void,
    private readonly ecg: AroundPictures,
    me: () => string | null,
  ) {
    const after = (ms: number, then: () => void) => {
      const timer = setTimeout(then, ms);
      return () => clearTimeout(timer);
    };
    this.throttle = new PointerThrottle((place) => this.send(place), after);
    this.freezing = new FreezeModel(consult_id, me, {
      lookBack: this.lookBack,
      live_us: () => this.last?.capture_us ?? null,
      changed: () => this.standsElsewhere(),
      retimed: () => this.isOf(this.frozen?.capture_us ?? null),
    });
    this.marks = new MarksModel(consult_id, {
      frozen_us: () => this.frozen?.capture_us ?? null,
      is_frozen: () => this.frozen !== null,
      shown_us: () => this.shown_us,
      captured: () => this.captured,
      misplaced: () => this.misplaced_shown,
    });
    this.measuring = new MeasureModel(consult_id, () => this.exact_card);
  }

  get frozen(): Frozen | null {
    return this.freezing.frozen;
  }

  /** Of the exact still on the stage: its pixels are those that were captured. Nothing else is measured. */
  get exact_card(): StillCard | null {
    const { still } = this.freezing;
    return still.kind === "exact" ? still.card : null;
  }

  /** The captured picture's size: of the exact still, else of what comes. */
  get captured(): Size {
    return this.exact_card ?? this.size ?? { width: 640, height: 480 };
  }

  /** Whether the place of what stands on the stage is unknown; an exact still is whole. */
  get misplaced_shown(): boolean {
    if (this.frozen === null) return this.misplaced;
    const { kept } = this.frozen;
    return this.exact_card === null && kept !== null && this.placedOf(kept.capture_us, kept.picture.width, kept.picture.height) === "unknown";
  }

  /** Follow clocks, pointers and drawings on the socket; returns the way to stop. */
  follow(): () => void {
    const here = (consult_id: string) => consult_id === this.consult_id;
    const stops = [
      socket.on("station_clock", (clock) => clock.binding_id === this.binding_id && this.stationClock(clock)),
      socket.on("publisher_clock", (clock) => here(clock.consult_id) && (this.publisher_clock = clock)),
      socket.on("publisher_picture", (told) => here(told.consult_id) && (this.publisher_picture = told)),
      socket.on("pointer_moved", ({ consult_id, participant_id, x, y, capture_us }) => {
        if (here(consult_id)) this.pointed(participant_id, x === null || y === null ? null : { x, y }, capture_us ?? null);
      }),
      this.freezing.follow(),
      this.marks.follow(),
      this.measuring.follow(),
    ];
    const timer = setInterval(() => this.beat(), TOLD_EVERY_MS);
    return () => {
      clearInterval(timer);
      this.throttle.close();
      stops.forEach((stop) => stop());
    };
  }

  private stationClock(clock: ClockOffset & { ecg_drift_ppm?: number | null }): void {
    this.station_clock = clock;
    this.ecg_drift_ppm = clock.ecg_drift_ppm ?? null;
  }

  /** Another binding, or none: nothing of the one before stays. */
  bind(binding_id: string | null): void {
    if (binding_id === this.binding_id) return;
    this.binding_id = binding_id;
    this.station_clock = null;
    this.ecg_drift_ppm = null;
    this.parts.forget();
    this.forgetPictures();
  }

  /** The picture comes from this participant's capture card from now on; `null`: from the station. */
  comesFrom(card_of: string | null): void {
    if (card_of === this.card_of) return;
    this.card_of = card_of;
    this.settles_ms = performance.now() + SETTLES_MS;
    if (this.publisher_clock?.participant_id !== card_of) this.publisher_clock = null;
    if (this.publisher_picture?.participant_id !== card_of) this.publisher_picture = null;
    this.forgetPictures();
  }

  private forgetPictures(): void {
    this.freezing.forget();
    this.marks.forget();
    this.measuring.forget();
    this.look.reset();
    this.ecg.standStill(null, null);
    this.last = null;
    this.seen.length = 0;
    this.size = null;
    this.part = null;
    this.misplaced = false;
    this.unstamped = false;
    this.pointers.clear();
    this.trails.clear();
    this.lookBack.clear();
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
    const placed = this.placedOf(capture_us, width, height);
    return placed === "unknown" || placed === null || isAsCaptured(placed) ? null : placed;
  }

  private placedOf(capture_us: number, width: number, height: number): Placed {
    return this.card_of === null ? this.parts.of(capture_us, width, height) : null;
  }

  toggleFreeze(): void {
    if (this.frozen !== null) this.freezing.unfreeze();
    else if (this.last !== null) this.freezing.freeze();
  }

  step(by: number, unit: StepUnit): void {
    this.freezing.step(by, unit);
  }

  /** Another frame stands on the stage, or the live picture again. */
  private standsElsewhere(): void {
    this.marks.drop();
    if (this.frozen === null) this.look.reset();
    this.isOf(this.frozen?.capture_us ?? null);
  }

  /** What goes by the time of the picture goes by this one. */
  private isOf(capture_us: number | null): void {
    this.keepEcg(capture_us);
    this.pointAtInstant();
    this.placePointers();
  }

  /** Take up a tool, or lay it down with `null`. */
  use(tool: Tool): void {
    if (this.marks.tool === "pointer" && tool !== "pointer") this.point(null);
    if (this.marks.tool === "measure") this.measuring.dropUnfinished();
    this.marks.use(tool);
  }

  /** Show the others where one points; `null`: nowhere any more. */
  point(at: Pixel | null): void {
    if (this.marks.tool !== "pointer") return;
    const { width, height } = this.captured;
    this.pointed_at = at === null || this.misplaced_shown ? null : { x: (at.x + 0.5) / width, y: (at.y + 0.5) / height };
    this.throttle.move(this.pointed_at, performance.now());
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
    if (this.pointed_at !== null && this.marks.tool === "pointer" && this.frozen === null) this.send(this.pointed_at);
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

  /** Where somebody points, in captured pixels. */
  pixelOf(place: Place): Pixel {
    const { width, height } = this.captured;
    return { x: place.x * width - 0.5, y: place.y * height - 0.5 };
  }

  private placePointers(): void {
    for (const [participant_id, trail] of this.trails) {
      const place = trail.at(this.shown_us, this.frozen !== null);
      const was = this.pointers.get(participant_id);
      if (place === null) this.pointers.delete(participant_id);
      else if (was?.x !== place.x || was.y !== place.y) this.pointers.set(participant_id, place);
    }
  }

  /** What the station did not time has no ECG of its instant. */
  private keepEcg(capture_us: number | null): void {
    if (capture_us === null || this.card_of !== null) return this.ecg.standStill(null, null);
    const { range } = this.freezing;
    const [from_us, to_us] = [range[0]?.capture_us ?? capture_us, range.at(-1)?.capture_us ?? capture_us];
    this.ecg.standStill(from_us, to_us);
    if (capture_us < from_us || capture_us > to_us) this.ecg.keepAround(capture_us);
  }

  private send(place: Place | null): void {
    const { consult_id, shown_us } = this;
    socket.notice({ type: "point_at", consult_id, x: place?.x ?? null, y: place?.y ?? null, capture_us: shown_us });
  }
}
