/**
 * One video track of a tape, shown frame by frame: any frame is decoded from the key frame before it.
 *
 * What cannot be decoded is not shown: the canvas is emptied and `shown` is null.
 */

import { isAsCaptured, type Placed } from "../ultrasound/part";
import { lastAtOrBelow, readFrames, type TapeCodec, type TapeFrame } from "./frames";

/** Where a frame of this size lies in the captured picture. */
export type PlaceOfFrame = (frame: TapeFrame, width: number, height: number) => Placed;

export type Fetch = (from_us: number, to_us: number) => Promise<ArrayBuffer>;

const LONGEST_ASKED_US = 30_000_000;
const KEPT_RUNS = 6;
const STUCK_MS = 400;
const AGAIN_MS = 1_000; // what could not be loaded is not asked for sixty times a second
/** No picture is shown for a moment that has none: the last one before it is not of that moment. */
const STALE_US = 1_000_000;
const CODEC_STRINGS = { vp8: "vp8", h264: "avc1.42e01f" } as const;

/**
 * The frames from about one key frame on up to about the next. An answer may hold a few more on both sides, key
 * frames among them: after a lost line several come within a second, and each has a run.
 */
interface Run {
  frames: TapeFrame[];
  times: number[];
}

/** A frame that is on the canvas, which has the size of the captured picture where that is known. */
export interface Shown {
  at_us: number;
  capture_us: number | null;
  width: number;
  height: number;
  part: Placed;
}

/** The picture that is waited for; without one: it does not come. */
interface Waiting {
  index: number;
  done: (frame: VideoFrame | null) => void;
}

export class VideoTrack {
  shown: Shown | null = null;
  private readonly runs = new Map<number, Promise<Run>>();
  private decoder: VideoDecoder | null = null;
  private codec = "";
  private run = -1;
  private next = 0;
  private waiting: Waiting | null = null;
  private stuck: ReturnType<typeof setTimeout> | undefined;
  private working: Promise<void> = Promise.resolve();
  private wanted_us: number | null = null;

  constructor(
    private readonly keys_us: readonly number[],
    private readonly end_us: number,
    private readonly fetch: Fetch,
    private readonly canvas: HTMLCanvasElement,
    private readonly placeOf: PlaceOfFrame = () => null,
  ) {}

  /** Show the frame of a moment; of several wishes that come while one is carried out, the last counts. */
  show(at_us: number): Promise<void> {
    this.wanted_us = at_us;
    this.working = this.working.then(async () => {
      const wanted = this.wanted_us;
      if (wanted === null) return;
      this.wanted_us = null;
      await this.showNow(wanted).catch(() => this.empty());
    });
    return this.working;
  }

  /** The moment of the frame after the one of a moment, or before it; `null` at the ends. */
  async step(at_us: number, forward: boolean): Promise<number | null> {
    const place = await this.locate(at_us);
    if (place === null) return forward ? ((await this.runOf(0))?.times[0] ?? null) : null;
    const here_us = place.run.times[place.index]!;
    for (let number = place.number; number >= -1 && number <= this.keys_us.length; number += forward ? 1 : -1) {
      const times = await this.timesAbout(number);
      const beside = forward ? times.find((time) => time > here_us) : times.findLast((time) => time < here_us);
      if (beside !== undefined) return beside;
    }
    return null;
  }

  /** The moment of the frame of a moment: the last at or before it. */
  async frameAt(at_us: number): Promise<number | null> {
    const place = await this.locate(at_us);
    return place?.run.times[place.index] ?? null;
  }

  /** When the frames stand that a run and those beside it hold. */
  private async timesAbout(number: number): Promise<number[]> {
    const runs = await Promise.all([number - 1, number, number + 1].map((one) => this.runOf(one)));
    return runs.flatMap((run) => run?.times ?? []).sort((a, b) => a - b);
  }

  close(): void {
    this.wanted_us = null;
    clearTimeout(this.stuck);
    this.decoder?.close();
    this.decoder = null;
  }

  /** The last frame at or before a moment. A key frame's place may lie a little beside its packet's arrival. */
  private async locate(at_us: number): Promise<{ number: number; run: Run; index: number } | null> {
    const near = lastAtOrBelow(this.keys_us, at_us);
    let found: { number: number; run: Run; index: number } | null = null;
    for (const number of [near, near + 1, near - 1]) {
      const run = await this.runOf(number);
      const index = lastAtOrBelow(run?.times ?? [], at_us);
      if (run === null || index < 0) continue;
      if (found === null || run.times[index]! > found.run.times[found.index]!) found = { number, run, index };
    }
    return found;
  }

  private async showNow(at_us: number): Promise<void> {
    const place = await this.locate(at_us);
    const frame = place?.run.frames[place.index];
    if (place === null || frame === undefined || at_us - frame.at_us > STALE_US) return this.empty();
    if (this.shown?.at_us === frame.at_us) return;
    const picture = await this.decode(place.number, place.run, place.index);
    if (picture === null) return this.empty();
    this.draw(picture, frame);
  }

  /** A part of the captured picture stands where it was captured: what is drawn on it keeps its place, and nothing is magnified. */
  private draw(picture: VideoFrame, frame: TapeFrame): void {
    const { displayWidth, displayHeight } = picture;
    const placed = this.placeOf(frame, displayWidth, displayHeight);
    const part = placed === "unknown" || placed === null || isAsCaptured(placed) ? null : placed;
    const [width, height] = part === null ? [displayWidth, displayHeight] : [part.captured_width, part.captured_height];
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    const pen = this.canvas.getContext("2d");
    if (part === null) pen?.drawImage(picture, 0, 0);
    else {
      pen?.clearRect(0, 0, width, height);
      pen?.drawImage(picture, part.left, part.top, part.width, part.height);
    }
    picture.close();
    this.shown = { at_us: frame.at_us, capture_us: frame.capture_us, width, height, part: placed };
  }

  private empty(): void {
    this.canvas.getContext("2d")?.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.shown = null;
  }

  private async decode(number: number, run: Run, index: number): Promise<VideoFrame | null> {
    const key = run.frames.findLastIndex((frame, place) => frame.key && place <= index);
    const { codec } = run.frames[index]!;
    const goes_on = this.run === number && this.next <= index && this.codec === codec && this.decoder?.state === "configured";
    if (!goes_on) this.begin(number, codec);
    const decoder = this.decoder;
    if (decoder === null || key < 0) return null;
    this.next = Math.max(this.next, key); // nothing after a key frame needs what is before it
    const picture = new Promise<VideoFrame | null>((done) => (this.waiting = { index, done }));
    for (; this.next <= index; this.next++) {
      const frame = run.frames[this.next]!;
      decoder.decode(new EncodedVideoChunk({ type: frame.key ? "key" : "delta", timestamp: this.next, data: frame.data }));
    }
    this.bePatient(decoder);
    const found = await picture;
    clearTimeout(this.stuck);
    this.waiting = null;
    return found;
  }

  /** A decoder that gives nothing for a while keeps frames back; one that is slow is left to its work. */
  private bePatient(decoder: VideoDecoder): void {
    const { waiting } = this;
    clearTimeout(this.stuck);
    this.stuck = setTimeout(() => void this.flush(decoder, waiting), STUCK_MS);
  }

  /** What is kept back comes when no more is to come. */
  private async flush(decoder: VideoDecoder, waiting: Waiting | null): Promise<void> {
    this.run = -1; // from now on, not only from when it has ended, nothing but a key frame can follow
    await decoder.flush().catch(() => undefined);
    waiting?.done(null);
  }

  private begin(number: number, codec: TapeCodec): void {
    if (codec !== "vp8" && codec !== "h264") return;
    if (this.decoder === null || this.decoder.state === "closed" || this.codec !== codec) {
      this.decoder?.state !== "closed" && this.decoder?.close();
      this.decoder = new VideoDecoder({ output: (frame) => this.decoded(frame), error: () => this.waiting?.done(null) });
      this.codec = codec;
    } else this.decoder.reset();
    this.decoder.configure({ codec: CODEC_STRINGS[codec], optimizeForLatency: true });
    this.run = number;
    this.next = 0;
  }

  private decoded(frame: VideoFrame): void {
    if (this.waiting?.index === frame.timestamp) return this.waiting.done(frame);
    frame.close();
    if (this.waiting !== null && this.decoder !== null) this.bePatient(this.decoder);
  }

  private async runOf(number: number): Promise<Run | null> {
    const from_us = this.keys_us[number];
    if (from_us === undefined) return null;
    let found = this.runs.get(number);
    if (found === undefined) {
      found = this.load(from_us, this.keys_us[number + 1] ?? this.end_us);
      this.runs.set(number, found);
      while (this.runs.size > KEPT_RUNS) this.runs.delete(this.runs.keys().next().value!);
      found.catch(() => setTimeout(() => this.runs.delete(number), AGAIN_MS));
    }
    return found;
  }

  private async load(from_us: number, to_us: number): Promise<Run> {
    const frames: TapeFrame[] = [];
    for (let at_us = from_us; at_us <= to_us; at_us += LONGEST_ASKED_US) {
      const read = readFrames(await this.fetch(at_us, Math.min(to_us, at_us + LONGEST_ASKED_US)));
      if (read === null) throw new Error("not frames");
      frames.push(...read.filter((frame) => frame.at_us > (frames.at(-1)?.at_us ?? -1)));
    }
    return runFrom(frames);
  }
}

/** All from the first key frame on: what stands before it cannot be decoded. */
export function runFrom(frames: readonly TapeFrame[]): Run {
  const begin = frames.findIndex((frame) => frame.key);
  const kept = begin < 0 ? [] : frames.slice(begin);
  return { frames: kept, times: kept.map((frame) => frame.at_us) };
}
