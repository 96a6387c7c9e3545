import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { MaskState } from "../../src/ultrasound/frameMasker";
import type { SignedProfile } from "../../src/ultrasound/mask";
import { MaskPipe } from "../../src/ultrasound/maskPipe";

const SIZE = { width: 32, height: 16 };
const PROFILE: SignedProfile = {
  layout: "B mode",
  width_px: SIZE.width,
  height_px: SIZE.height,
  keep: [{ shape: "rectangle", left_px: 8, top_px: 4, width_px: 16, height_px: 8 }],
  black: [],
  allowed: [],
  anchors: [],
  known_text: [],
  signed_off: { by: "Li", at: "2026-11-28T05:00:00Z", digest: "" },
};

/** A frame of the card, bright all over, as WebCodecs has it; `broken`: its pixels cannot be read. */
function captured(timestamp: number, { width = SIZE.width, height = SIZE.height, broken = false } = {}) {
  return {
    format: "I420",
    visibleRect: { width, height },
    timestamp,
    duration: null,
    colorSpace: { toJSON: () => ({ primaries: null, transfer: null, matrix: "bt709", fullRange: false }) },
    closed: false,
    copyTo: (data: Uint8Array) => (broken ? Promise.reject(new Error("no pixels")) : (data.fill(200), Promise.resolve([]))),
    close(this: { closed: boolean }) {
      this.closed = true;
    },
  };
}

class MadeFrame {
  readonly luma: number[];
  constructor(
    data: Uint8Array,
    readonly init: VideoFrameBufferInit,
  ) {
    this.luma = [...data.slice(0, init.codedWidth * init.codedHeight)];
  }
}

/** Run frames through; what came out, and how it ended. */
async function through(pipe: MaskPipe, frames: ReturnType<typeof captured>[], after: (out: MadeFrame[]) => void = () => undefined) {
  const out: MadeFrame[] = [];
  let closed = false;
  const source = new ReadableStream({ start: (to) => (frames.forEach((frame) => to.enqueue(frame)), to.close()) });
  const sink = new WritableStream({ write: (frame) => (out.push(frame as MadeFrame), after(out)), close: () => void (closed = true) });
  const ended = await pipe.run(source as ReadableStream<VideoFrame>, sink as WritableStream<VideoFrame>).then(
    () => "ended",
    (fault: Error) => fault.message,
  );
  return { out, ended, closed };
}

const shown = (frame: MadeFrame) => frame.luma.filter((value) => value !== 16).length;

describe("the pipe a card's frames go through", () => {
  beforeEach(() => vi.stubGlobal("VideoFrame", MadeFrame));
  afterEach(() => vi.unstubAllGlobals());

  it("lets each frame through masked, the first one too, with its own time and colours", async () => {
    const frames = [captured(0), captured(33_333)];
    const told: MaskState[] = [];
    const { out, ended, closed } = await through(new MaskPipe([PROFILE], (state) => told.push(state)), frames);
    expect(out.map(shown)).toEqual([128, 128]);
    expect(out.map(({ init }) => [init.format, init.codedWidth, init.timestamp, init.colorSpace])).toEqual(
      [0, 33_333].map((at) => ["I420", 32, at, { matrix: "bt709", fullRange: false }]),
    );
    expect(frames.every((frame) => frame.closed)).toBe(true);
    expect(told).toEqual([{ seen: "by_profile", layout: "B mode", unsure: null, ...SIZE, new_text: false }]);
    expect([ended, closed]).toEqual(["ended", true]);
  });

  it("is black without a signed profile and at another size, and tells each change once", async () => {
    const told: (string | null)[] = [];
    const pipe = new MaskPipe([{ ...PROFILE, signed_off: null }], ({ unsure }) => told.push(unsure));
    const sign = (out: MadeFrame[]) => out.length === 2 && pipe.useProfiles([PROFILE]);
    const { out } = await through(pipe, [captured(0), captured(1), captured(2), captured(3, { width: 16 }), captured(4, { width: 16 })], sign);
    expect(out.map(shown)).toEqual([0, 0, 128, 0, 0]);
    expect(told).toEqual(["not_signed_off", null, "unknown_size"]);
  });

  it("ends at a frame that cannot be masked: nothing of it or after it comes through", async () => {
    const frames = [captured(0), captured(1, { broken: true }), captured(2)];
    const { out, ended, closed } = await through(new MaskPipe([PROFILE], () => undefined), frames);
    expect([out.length, ended, closed]).toEqual([1, "no pixels", true]);
    expect(frames.slice(0, 2).every((frame) => frame.closed)).toBe(true);
  });
});
