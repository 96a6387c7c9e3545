/// <reference types="node" />
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { joined, readClip } from "../../src/ultrasound/clipFile";

// Written by records/clip_file.py; tests/records/test_clip_file.py holds it to the same bytes.
const GOLDEN = new Uint8Array(readFileSync(new URL("../../../../tests/golden/ultrasound_clip.usc", import.meta.url)));

describe("a clip's file", () => {
  it("is read as the server wrote it", () => {
    const clip = readClip(GOLDEN)!;
    expect(clip.head).toMatchObject({ masked: false, simulated: true, calibration: null });
    expect(clip.head.frames).toEqual([
      { number: 0, capture_us: 0, codec: "mjpeg", size_bytes: 7, is_key: true, before: false, came_in: null, header: "" },
      { number: 1, capture_us: 33, codec: "h264", size_bytes: 3, is_key: true, before: false, came_in: null, header: "AAE=" },
      { number: 2, capture_us: 66, codec: "png", size_bytes: 0, is_key: true, before: false, came_in: null, header: "AAEAAQ==" },
    ]);
    expect(clip.bytes.map((one) => [...one])).toEqual([[0xff, 0xd8, 0x6f, 0x6e, 0x65, 0xff, 0xd9], [0x74, 0x77, 0x6f], []]);
  });

  it("is none when a byte is missing, more, or another file's", () => {
    for (const wrong of [GOLDEN.slice(0, -1), GOLDEN.slice(0, 6), GOLDEN.slice(0, 40), new Uint8Array([...GOLDEN, 0]), GOLDEN.slice(1), new Uint8Array()]) expect(readClip(wrong)).toBeNull();
  });

  it("is its parts one after the other", () => {
    const parts = [GOLDEN.slice(0, 5), GOLDEN.slice(5, 5), GOLDEN.slice(5)].map((one) => one.buffer);
    expect(joined(parts)).toEqual(GOLDEN);
  });
});
