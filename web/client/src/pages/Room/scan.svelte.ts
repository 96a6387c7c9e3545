/** The ultrasound for its stage: what the shown frame is of, its delay, freezing, and the pointers on it. */

import { SvelteMap } from "svelte/reactivity";
import { epoch_us, serverOffset } from "../../api/clock";
import { socket } from "../../api/events";
import type { ShownFrame } from "../../ultrasound/frames";
import { type Place, PointerThrottle } from "../../ultrasound/pointer";
import { type ClockOffset, type Delay, frameDelay, FrameMeter, type NoGuiding } from "../../ultrasound/stage";

const TOLD_EVERY_MS = 250;
const KEPT_FRAMES = 600;
/** The first frames may be shown before the first stamp was read. */
const SURELY_STAMPED_AFTER = 30;

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

export interface Frozen {
  capture_us: number | null;
}

export class ScanModel {
  fps = $state<number | null>(null);
  delay = $state.raw<Delay | null>(null);
  noGuiding = $state<NoGuiding>(null);
  size = $state.raw<{ width: number; height: number } | null>(null);
  frozen = $state.raw<Frozen | null>(null);
  /** Frames come without a capture time: they cannot be laid beside the ECG. */
  unstamped = $state(false);
  pointing = $state(false);
  /** Pointers of the others, by participant. */
  readonly pointers = new SvelteMap<string, Place>();
  last: SeenFrame | null = null;
  readonly seen: SeenFrame[] = [];
  private binding_id: string | null = null;
  private station_clock: ClockOffset | null = null;
  private readonly meter = new FrameMeter();
  private readonly throttle: PointerThrottle;
  private told_ms = 0;

  constructor(
    readonly consult_id: string,
    private readonly onInstant: (capture_us: number | null) => void,
  ) {
    const after = (ms: number, then: () => void) => {
      const timer = setTimeout(then, ms);
      return () => clearTimeout(timer);
    };
    this.throttle = new PointerThrottle((place) => this.send(place), after);
  }

  /** Follow clock and pointers on the socket; returns the way to stop. */
  follow(): () => void {
    const stops = [
      socket.on("station_clock", (clock) => clock.binding_id === this.binding_id && (this.station_clock = clock)),
      socket.on("pointer_moved", ({ consult_id, participant_id, x, y }) => {
        if (consult_id === this.consult_id) this.pointed(participant_id, x === null || y === null ? null : { x, y });
      }),
    ];
    const timer = setInterval(() => this.tell(performance.now()), TOLD_EVERY_MS);
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
    this.frozen = null;
    this.last = null;
    this.seen.length = 0;
    this.size = null;
    this.unstamped = false;
    this.pointers.clear();
    this.meter.reset();
    this.tell(performance.now());
    this.onInstant(null);
  }

  /** A frame has been put on the screen. */
  frame(frame: ShownFrame): void {
    const delay = this.delayOf(frame);
    this.meter.frame(frame.now_ms, delay);
    const { capture_us, shown_us, displayed_us, rtp_timestamp } = frame;
    this.last = { capture_us, shown_us, displayed_us, rtp_timestamp, delay };
    this.seen.push(this.last);
    if (this.seen.length > KEPT_FRAMES) this.seen.shift();
    this.unstamped = this.seen.length > SURELY_STAMPED_AFTER && frame.capture_us === null;
    if (this.size?.width !== frame.width || this.size.height !== frame.height) this.size = { width: frame.width, height: frame.height };
    this.onInstant(this.frozen === null ? frame.capture_us : this.frozen.capture_us);
    if (frame.now_ms - this.told_ms >= TOLD_EVERY_MS) this.tell(frame.now_ms);
  }

  /** The shown frame has been kept on a canvas. */
  freeze(): void {
    this.frozen = { capture_us: this.last?.capture_us ?? null };
  }

  unfreeze(): void {
    this.frozen = null;
  }

  togglePointing(): void {
    this.pointing = !this.pointing;
    if (!this.pointing) this.throttle.move(null, performance.now());
  }

  point(place: Place | null): void {
    if (this.pointing) this.throttle.move(place, performance.now());
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
    return frame.capture_us === null ? null : frameDelay(frame.capture_us, frame.displayed_us, serverOffset(), this.station_clock);
  }

  private tell(now_ms: number): void {
    this.told_ms = now_ms;
    this.fps = this.meter.fps(now_ms);
    this.noGuiding = this.meter.noGuiding(now_ms);
    this.delay = this.meter.delay(now_ms);
  }

  private pointed(participant_id: string, place: Place | null): void {
    if (place === null) this.pointers.delete(participant_id);
    else this.pointers.set(participant_id, place);
  }

  private send(place: Place | null): void {
    socket.notice({ type: "point_at", consult_id: this.consult_id, x: place?.x ?? null, y: place?.y ?? null });
  }
}
