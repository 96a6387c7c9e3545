import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { VideoTrack } from "../../src/tape/video";

/** A decoder that gives each chunk back as a picture with its timestamp, and refuses deltas without a key. */
class FakeDecoder {
  static decoded: number[] = [];
  state = "unconfigured";
  private begun = false;
  constructor(private readonly init: VideoDecoderInit) {}
  configure(): void {
    this.state = "configured";
    this.begun = false;
  }
  reset(): void {
    this.state = "unconfigured";
  }
  close(): void {
    this.state = "closed";
  }
  async flush(): Promise<void> {}
  decode(chunk: { type: string; timestamp: number; mark: number }): void {
    if (chunk.type === "key") this.begun = true;
    if (!this.begun) throw new Error("a delta without its key frame");
    FakeDecoder.decoded.push(chunk.mark);
    const picture = { timestamp: chunk.timestamp, mark: chunk.mark, displayWidth: 4, displayHeight: 3, close: () => undefined };
    queueMicrotask(() => this.init.output(picture as unknown as VideoFrame));
  }
}

class FakeChunk {
  readonly type: string;
  readonly timestamp: number;
  readonly mark: number;
  constructor(init: { type: string; timestamp: number; data: Uint8Array }) {
    [this.type, this.timestamp, this.mark] = [init.type, init.timestamp, init.data[0]!];
  }
}

const drawn: number[] = [];
const placed: number[][] = [];
const canvas = {
  width: 0,
  height: 0,
  getContext: () => ({ drawImage: (picture: { mark: number }, ...where: number[]) => (placed.push(where), drawn.push(picture.mark)), clearRect: () => drawn.push(-1) }),
} as unknown as HTMLCanvasElement;

beforeEach(() => {
  drawn.length = placed.length = 0;
  FakeDecoder.decoded = [];
  vi.stubGlobal("VideoDecoder", FakeDecoder);
  vi.stubGlobal("EncodedVideoChunk", FakeChunk);
});
afterEach(() => vi.unstubAllGlobals());

const MS = 1000;
/** Frames every 40 ms, a key frame every fifth, marked by their number; key frames stand 7 ms before they arrived. */
const TIMES = Array.from({ length: 15 }, (_, n) => 1_000_000 + n * 40 * MS);
const KEYS = [0, 5, 10].map((n) => TIMES[n]! + 7 * MS);

/** Frames as the server sends them, 29 bytes each: their number is their only content. */
function framed(places: readonly number[], isKey: (n: number) => boolean): ArrayBuffer {
  const bytes = places.flatMap((at_us, n) => {
    const head = new DataView(new ArrayBuffer(28));
    head.setUint32(0, 1, true);
    head.setUint8(4, isKey(n) ? 1 : 0);
    head.setUint8(5, 2);
    head.setBigUint64(12, BigInt(at_us), true);
    return [...new Uint8Array(head.buffer), n];
  });
  return Uint8Array.from(bytes).buffer;
}

async function fetch(from_us: number, to_us: number): Promise<ArrayBuffer> {
  const first = KEYS.findLastIndex((key) => key <= from_us) * 5;
  return framed(TIMES, (n) => n % 5 === 0).slice(29 * first, 29 * TIMES.filter((at_us) => at_us <= to_us).length);
}

const track = () => new VideoTrack(KEYS, TIMES[14]!, fetch, canvas);

test("any moment shows its frame, decoded from the key frame before it", async () => {
  const video = track();
  for (const n of [7, 8, 3, 14, 0, 5, 10]) {
    await video.show(TIMES[n]! + 20 * MS);
    expect(video.shown?.at_us).toBe(TIMES[n]);
    expect(drawn.at(-1)).toBe(n);
  }
});

test("going on decodes only what is new, going back begins at the key frame", async () => {
  const video = track();
  await video.show(TIMES[7]!);
  await video.show(TIMES[8]!);
  expect(FakeDecoder.decoded).toEqual([5, 6, 7, 8]);
  await video.show(TIMES[6]!);
  expect(FakeDecoder.decoded.slice(4)).toEqual([5, 6]);
});

test("steps go frame by frame over key frames in both directions and end at the ends", async () => {
  const video = track();
  const seen = [TIMES[0]!];
  for (let next = await video.step(TIMES[0]!, true); next !== null; next = await video.step(next, true)) seen.push(next);
  expect(seen).toEqual(TIMES);
  const back = [TIMES[14]!];
  for (let next = await video.step(TIMES[14]!, false); next !== null; next = await video.step(next, false)) back.push(next);
  expect(back).toEqual([...TIMES].reverse());
});

test("a moment without a picture shows none, not the last one before it", async () => {
  const video = track();
  await video.show(TIMES[14]!);
  await video.show(TIMES[14]! + 1_100 * MS);
  expect([video.shown, drawn.at(-1)]).toEqual([null, -1]);
  await video.show(0);
  expect(video.shown).toBeNull();
});

test("after a gap the picture is shown from its first key frame, however many follow within a second", async () => {
  // Three key frames come at once when a line is back; an answer begins at a fragment's begin, before them.
  const places = [0, 1, 2, 3, 300, 301, 302, 303, 304, 305, 306, 340, 341].map((n) => 1_000_000 + n * 40 * MS);
  const keys = [0, 4, 6, 7];
  const arrived = keys.map((n) => places[n]! + 90 * MS);
  const answer = async (from_us: number, to_us: number) => {
    const begin = places.findIndex((at_us, n) => keys.includes(n) && at_us >= from_us - 500 * MS);
    return framed(places, (n) => keys.includes(n)).slice(29 * Math.max(0, begin), 29 * places.filter((at_us) => at_us <= to_us).length);
  };
  const video = new VideoTrack(arrived, places.at(-1)!, answer, canvas);
  await video.show(places[3]! + 2_000 * MS);
  expect(video.shown).toBeNull();
  for (const n of [4, 5, 6, 7, 8, 10, 9, 12, 4, 11]) {
    await video.show(places[n]! + 10 * MS);
    expect([video.shown?.at_us, drawn.at(-1)]).toEqual([places[n], n]);
  }
  const seen = [places[0]!];
  for (let next = await video.step(seen[0]!, true); next !== null; next = await video.step(next, true)) seen.push(next);
  expect(seen).toEqual(places);
  const back = [places.at(-1)!];
  for (let next = await video.step(back[0]!, false); next !== null; next = await video.step(next, false)) back.push(next);
  expect(back).toEqual([...places].reverse());
});

test("of many wishes the last counts", async () => {
  const video = track();
  await Promise.all([1, 2, 3, 4, 12].map((n) => video.show(TIMES[n]!)));
  expect(video.shown?.at_us).toBe(TIMES[12]);
  expect(drawn.length).toBeLessThan(5);
});

test("a part of the captured picture is drawn where it was captured, and a whole one as it is", async () => {
  const part = { captured_width: 640, captured_height: 480, left: 160, top: 96, width: 320, height: 288, sent_width: 4, sent_height: 3 };
  const whole = { captured_width: 4, captured_height: 3, left: 0, top: 0, width: 4, height: 3, sent_width: 4, sent_height: 3 };
  const told = (n: number) => (n < 5 ? whole : n < 10 ? part : n < 12 ? "unknown" : null);
  const video = new VideoTrack(KEYS, TIMES[14]!, fetch, canvas, (frame) => told(TIMES.indexOf(frame.at_us)));
  const seen = [];
  for (const n of [2, 7, 11, 13]) {
    await video.show(TIMES[n]!);
    seen.push([placed.at(-1), canvas.width, canvas.height, video.shown?.width, video.shown?.part]);
  }
  expect(seen).toEqual([
    [[0, 0], 4, 3, 4, whole],
    [[160, 96, 320, 288], 640, 480, 640, part],
    [[0, 0], 4, 3, 4, "unknown"],
    [[0, 0], 4, 3, 4, null],
  ]);
});

test("what could not be loaded is asked for again, but not with every refresh", async () => {
  vi.useFakeTimers();
  try {
    const asked: number[] = [];
    const video = new VideoTrack([0], 5_000_000, (from_us) => (asked.push(from_us), Promise.reject(new Error("busy"))), canvas);
    for (let refresh = 0; refresh < 60; refresh++) await video.show(16_000 * refresh);
    expect(asked).toHaveLength(1);
    vi.advanceTimersByTime(1_000);
    await video.show(1_000_000);
    expect(asked).toHaveLength(2);
    expect(video.shown).toBeNull();
  } finally {
    vi.useRealTimers();
  }
});

/** A decoder that gives a picture every `every_ms`, or none before it is flushed; after that it wants a key. */
class SlowDecoder {
  static every_ms: number | null = null;
  static flushed = 0;
  state = "unconfigured";
  private kept: number[] = [];
  private begun = false;
  constructor(private readonly init: VideoDecoderInit) {}
  configure(): void {
    this.state = "configured";
    this.reset();
  }
  reset(): void {
    this.kept = [];
    this.begun = false;
  }
  close(): void {
    this.state = "closed";
  }
  decode(chunk: { type: string; timestamp: number }): void {
    if (chunk.type === "key") this.begun = true;
    if (!this.begun) throw new Error("a delta without its key frame");
    this.kept.push(chunk.timestamp);
    if (SlowDecoder.every_ms !== null) setTimeout(() => this.give(), this.kept.length * SlowDecoder.every_ms);
  }
  async flush(): Promise<void> {
    SlowDecoder.flushed++;
    this.begun = false;
    await new Promise((then) => setTimeout(then, 50));
    while (this.kept.length > 0) this.give();
    await new Promise((then) => setTimeout(then, 50));
  }
  private give(): void {
    const timestamp = this.kept.shift();
    if (timestamp === undefined) return;
    this.init.output({ timestamp, mark: timestamp, displayWidth: 4, displayHeight: 3, close: () => undefined } as unknown as VideoFrame);
  }
}

/** What is shown for one moment after another, however long a decoder takes. */
async function shownOneAfterTheOther(every_ms: number | null, places: readonly number[]): Promise<(number | undefined)[]> {
  Object.assign(SlowDecoder, { every_ms, flushed: 0 });
  vi.stubGlobal("VideoDecoder", SlowDecoder);
  vi.useFakeTimers();
  try {
    const video = new VideoTrack([TIMES[0]!], TIMES[14]!, async () => framed(TIMES, (n) => n === 0), canvas);
    const seen = [];
    for (const n of places) {
      const showing = video.show(TIMES[n]!);
      await vi.advanceTimersByTimeAsync(5_000);
      await showing;
      seen.push(video.shown?.at_us);
    }
    return seen;
  } finally {
    vi.useRealTimers();
  }
}

test("a decoder that is only slow is left to its work", async () => {
  expect(await shownOneAfterTheOther(300, [12, 13, 14])).toEqual([12, 13, 14].map((n) => TIMES[n]));
  expect(SlowDecoder.flushed).toBe(0);
});

test("one that keeps pictures back gives them when it is flushed, and the next begins at its key frame", async () => {
  expect(await shownOneAfterTheOther(null, [3, 4, 9])).toEqual([3, 4, 9].map((n) => TIMES[n]));
  expect(SlowDecoder.flushed).toBe(3);
});

test("while a flush has not ended, a moment that comes behind it is shown as well", async () => {
  Object.assign(SlowDecoder, { every_ms: null, flushed: 0 });
  vi.stubGlobal("VideoDecoder", SlowDecoder);
  vi.useFakeTimers();
  try {
    const video = new VideoTrack([TIMES[0]!], TIMES[14]!, async () => framed(TIMES, (n) => n === 0), canvas);
    void video.show(TIMES[3]!);
    await vi.advanceTimersByTimeAsync(460); // flushed after 400: its picture is there, the flush is not yet over
    expect(video.shown?.at_us).toBe(TIMES[3]);
    const next = video.show(TIMES[4]!);
    await vi.advanceTimersByTimeAsync(5_000);
    await next;
    expect(video.shown?.at_us).toBe(TIMES[4]);
  } finally {
    vi.useRealTimers();
  }
});
