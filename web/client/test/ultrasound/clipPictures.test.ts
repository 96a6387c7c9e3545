import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Clip, ClipCodec, ClipFrame } from "../../src/ultrasound/clipFile";
import { configOf, picturesOf } from "../../src/ultrasound/clipPictures";

const SPS = [0, 0, 0, 1, 0x67, 0x4d, 0x40, 0x1f, 9];
const base64 = (bytes: number[]) => btoa(String.fromCharCode(...bytes));
const frame = (codec: ClipCodec, is_key: boolean, header: number[] = []) => ({ codec, is_key, header: base64(header), before: false }) as ClipFrame;
const clipOf = (...frames: ClipFrame[]): Clip => ({ head: { masked: false, simulated: false, calibration: null, frames }, bytes: frames.map((_, i) => new Uint8Array([i])) });

/** Holds one picture back, as decoders do, and needs a key frame to begin with. */
class Decoder extends EventTarget {
  static made: Decoder[] = [];
  static supports = true;
  static isConfigSupported = () => Promise.resolve({ supported: Decoder.supports });
  state = "unconfigured";
  decodeQueueSize = 0;
  fed: number[] = [];
  data: number[][] = [];
  private held: number[] = [];

  constructor(private readonly on: { output: (frame: unknown) => void; error: () => void }) {
    super();
    Decoder.made.push(this);
  }

  configure() {
    this.state = "configured";
  }

  decode({ type, timestamp, data }: { type: string; timestamp: number; data: Uint8Array }) {
    if (this.fed.length === 0 && type !== "key") throw new Error("a key frame comes first");
    this.fed.push(timestamp / 1000);
    this.data.push([...data]);
    this.held.push(timestamp);
    if (this.held.length > 1) this.put();
  }

  async flush() {
    while (this.held.length > 0) this.put();
  }

  close() {
    this.state = "closed";
  }

  private put() {
    this.on.output({ timestamp: this.held.shift(), close: () => undefined });
  }
}

beforeEach(() => {
  Object.assign(Decoder, { made: [], supports: true });
  vi.stubGlobal("VideoDecoder", Decoder);
  vi.stubGlobal("EncodedVideoChunk", class { constructor(fields: object) { Object.assign(this, fields); } });
});
afterEach(() => vi.unstubAllGlobals());

const placeOf = (picture: unknown) => (picture === null ? null : (picture as { timestamp: number }).timestamp / 1000);

describe("packets of H.264", () => {
  const clip = clipOf(frame("h264", true, SPS), frame("h264", false), frame("h264", false), frame("h264", true, SPS), frame("h264", false));

  it("are decoded one after the other, each once, the parameter sets before a key frame", async () => {
    const pictures = (await picturesOf(clip))!;
    for (const place of [0, 1, 2, 3, 4]) expect(placeOf(await pictures.at(place))).toBe(place);
    expect(Decoder.made.map(({ fed }) => fed)).toEqual([[0, 1, 2, 3, 4]]);
    expect(Decoder.made[0]!.data[0]).toEqual([...SPS, 0]);
  });

  it("are decoded anew from their key frame when one goes back, and may be jumped over", async () => {
    const pictures = (await picturesOf(clip))!;
    expect([placeOf(await pictures.at(4)), placeOf(await pictures.at(2)), placeOf(await pictures.at(3))]).toEqual([4, 2, 3]);
    expect(Decoder.made.map(({ fed }) => fed[0])).toEqual([3, 0]);
  });

  it("name their profile from the parameter set, in the packets' own stream too", () => {
    expect(configOf(clip)).toEqual({ codec: "avc1.4d401f" });
    const inStream = clipOf(frame("h264", true));
    inStream.bytes[0] = new Uint8Array(SPS);
    expect(configOf(inStream)).toEqual({ codec: "avc1.4d401f" });
    const lengths = clipOf(frame("h264", true, [1, 0x64, 0, 0x28, 0xff, 0xe1, 0, 4]));
    expect(configOf(lengths)).toMatchObject({ codec: "avc1.640028", description: new Uint8Array([1, 0x64, 0, 0x28, 0xff, 0xe1, 0, 4]) });
    expect(configOf(clipOf(frame("h264", true)))).toBeNull();
  });

  it("are not played where the browser cannot: told, not shown wrongly", async () => {
    Decoder.supports = false;
    expect(await picturesOf(clip)).toBeNull();
    vi.stubGlobal("VideoDecoder", undefined);
    expect(await picturesOf(clip)).toBeNull();
  });
});

it("HEVC is not played", async () => {
  expect(await picturesOf(clipOf(frame("hevc", true, SPS)))).toBeNull();
});

it("pictures stand alone, and one that is damaged is none", async () => {
  const decode = vi.fn((picture: Blob) => (picture.type === "image/jpeg" ? Promise.resolve("picture") : Promise.reject(new Error("damaged"))));
  vi.stubGlobal("createImageBitmap", decode);
  const pictures = (await picturesOf(clipOf(frame("mjpeg", true), frame("png", true))))!;
  expect([await pictures.at(1), await pictures.at(0), await pictures.at(7)]).toEqual([null, "picture", null]);
  expect(decode.mock.calls[1]).toEqual([expect.any(Blob), { colorSpaceConversion: "none", premultiplyAlpha: "none" }]);
});
