/**
 * When the shown ultrasound frame was captured, how old it is, and how many come: pure arithmetic.
 *
 * The capture time rides beside the picture (abs-capture-time, on the station's clock), and the frame
 * that is shown is found by its RTP timestamp. Nothing here is guessed from arrival.
 */

/** One entry of `receiver.getSynchronizationSources()`; the browser's types lack `captureTimestamp`. */
export interface SyncSource {
  rtpTimestamp: number;
  /** Milliseconds since 1900 on the sender's clock; absent when the sender stamps none. */
  captureTimestamp?: number;
}

/** station = server + offset, as `StationClock` says. */
export interface ClockOffset {
  offset_us: number;
  uncertainty_us: number;
}

export interface Delay {
  delay_ms: number;
  uncertainty_ms: number;
}

const SECONDS_1900_TO_1970 = 2_208_988_800;
/** Of a video's RTP clock, 90 kHz (RFC 6184). */
export const TICKS_PER_MS = 90;
const WRAP = 2 ** 32;

/** When the frame with this RTP timestamp was captured, microseconds since 1970 on the station clock. */
export function captureTime_us(frame_rtp: number, source: SyncSource | undefined): number | null {
  if (source?.captureTimestamp === undefined) return null;
  const source_ms = source.captureTimestamp - SECONDS_1900_TO_1970 * 1000;
  return Math.round((source_ms + ticksBetween(source.rtpTimestamp, frame_rtp) / TICKS_PER_MS) * 1000);
}

/** From one RTP timestamp to another, over the wrap at 2^32. */
export function ticksBetween(from: number, to: number): number {
  const ticks = (((to - from) % WRAP) + WRAP) % WRAP;
  return ticks >= WRAP / 2 ? ticks - WRAP : ticks;
}

/**
 * How old a frame is when it is shown, and how far that may be off.
 *
 * `shown_us`: this computer's clock; `server`: server = this computer + offset; `station`: station = server
 * + offset. `null` while either offset is unknown: a delay without its clocks would be a guess.
 */
export function frameDelay(
  capture_us: number,
  shown_us: number,
  server: ClockOffset | null,
  station: ClockOffset | null,
): Delay | null {
  if (server === null || station === null) return null;
  const shown_at_station_us = shown_us + server.offset_us + station.offset_us;
  return {
    delay_ms: (shown_at_station_us - capture_us) / 1000,
    uncertainty_ms: (server.uncertainty_us + station.uncertainty_us) / 1000,
  };
}

/** Below this rate, or above this delay, nobody may guide a hand by the picture. */
export const LEAST_FPS = 20;
export const MOST_DELAY_MS = 500;

/** Why the picture must not be used for guiding. `null`: it may. */
export type NoGuiding = "slow" | "late" | "still" | null;

const STILL_MS = 1000;
const COUNTED_MS = 2000;

/** Counts shown frames and remembers the last one's times. */
export class FrameMeter {
  private shown: number[] = [];
  private delays: number[] = [];
  private uncertainty_ms: number | null = null;

  /** A frame was shown at `now_ms`. */
  frame(now_ms: number, delay: Delay | null): void {
    this.shown.push(now_ms);
    this.forget(now_ms);
    this.uncertainty_ms = delay?.uncertainty_ms ?? null;
    if (delay === null) this.delays = [];
    else this.delays = [...this.delays.slice(-29), delay.delay_ms];
  }

  /** Frames a second over the last 2 s; `null` before the first frame. */
  fps(now_ms: number): number | null {
    if (this.shown.length === 0) return null;
    this.forget(now_ms);
    const first = this.shown[0];
    const last = this.shown.at(-1);
    if (first === undefined || last === undefined || this.isStill(now_ms)) return 0;
    const span_ms = Math.max(last - first, now_ms - last);
    return this.shown.length < 2 ? null : ((this.shown.length - 1) * 1000) / Math.max(span_ms, 1);
  }

  /**
   * The median delay of the last second, with its uncertainty; `null` of a picture that stands still: how
   * old its frame was when it came says nothing of now.
   */
  delay(now_ms: number): Delay | null {
    if (this.isStill(now_ms)) return null;
    if (this.delays.length === 0 || this.uncertainty_ms === null) return null;
    const sorted = [...this.delays].sort((a, b) => a - b);
    return { delay_ms: sorted[sorted.length >> 1]!, uncertainty_ms: this.uncertainty_ms };
  }

  noGuiding(now_ms: number): NoGuiding {
    const fps = this.fps(now_ms);
    if (fps === null) return null;
    if (this.isStill(now_ms)) return "still";
    const delay = this.delay(now_ms);
    if (delay !== null && delay.delay_ms + delay.uncertainty_ms > MOST_DELAY_MS) return "late";
    return fps < LEAST_FPS ? "slow" : null;
  }

  reset(): void {
    this.shown = [];
    this.delays = [];
    this.uncertainty_ms = null;
  }

  private isStill(now_ms: number): boolean {
    const last = this.shown.at(-1);
    return last === undefined || now_ms - last >= STILL_MS;
  }

  /** Keep the last 2 s, and always the last frame. */
  private forget(now_ms: number): void {
    while (this.shown.length > 1 && this.shown[0]! < now_ms - COUNTED_MS) this.shown.shift();
  }
}
