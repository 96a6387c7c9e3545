import { describe, expect, test } from "vitest";
import { lastAtOrBelow, readFrames, type TapeFrame } from "../../src/tape/frames";
import { runFrom } from "../../src/tape/video";

function framed(frames: { flags: number; codec: number; at_us: number; capture_us: number; data: number[] }[]): ArrayBuffer {
  const bytes: number[] = [];
  for (const { flags, codec, at_us, capture_us, data } of frames) {
    const head = new DataView(new ArrayBuffer(28));
    head.setUint32(0, data.length, true);
    head.setUint8(4, flags);
    head.setUint8(5, codec);
    head.setBigUint64(12, BigInt(at_us), true);
    head.setBigUint64(20, BigInt(capture_us), true);
    bytes.push(...new Uint8Array(head.buffer), ...data);
  }
  return Uint8Array.from(bytes).buffer;
}

const AT = 1_700_000_000_000_000;

describe("frames of a tape", () => {
  test("are read with their codec, flags and moments", () => {
    const frames = readFrames(
      framed([
        { flags: 3, codec: 2, at_us: AT, capture_us: AT + 250, data: [1, 2, 3] },
        { flags: 0, codec: 1, at_us: AT + 40_000, capture_us: 0, data: [4] },
      ]),
    );
    expect(frames).toEqual([
      { codec: "h264", key: true, gap_before: true, at_us: AT, capture_us: AT + 250, data: Uint8Array.of(1, 2, 3) },
      { codec: "vp8", key: false, gap_before: false, at_us: AT + 40_000, capture_us: null, data: Uint8Array.of(4) },
    ]);
    expect(readFrames(new ArrayBuffer(0))).toEqual([]);
  });

  test("are refused when they are cut off or of an unknown codec", () => {
    const whole = framed([{ flags: 1, codec: 2, at_us: AT, capture_us: 0, data: [1, 2, 3] }]);
    for (let size = 1; size < whole.byteLength; size++) expect(readFrames(whole.slice(0, size))).toBeNull();
    expect(readFrames(framed([{ flags: 1, codec: 7, at_us: AT, capture_us: 0, data: [1] }]))).toBeNull();
  });

  test("begin at a key frame: what stands before it cannot be decoded", () => {
    const frame = (at_us: number, key: boolean): TapeFrame => ({ codec: "vp8", key, gap_before: false, at_us, capture_us: null, data: new Uint8Array() });
    expect(runFrom([frame(0, false), frame(1, true), frame(2, false), frame(3, true), frame(4, false)]).times).toEqual([1, 2, 3, 4]);
    expect(runFrom([frame(1, false)]).times).toEqual([]);
  });

  test("a place is found by its moment", () => {
    expect([-1, 0, 5, 10, 99].map((limit) => lastAtOrBelow([0, 10, 20], limit))).toEqual([-1, 0, 0, 1, 2]);
    expect(lastAtOrBelow([], 5)).toBe(-1);
  });
});
