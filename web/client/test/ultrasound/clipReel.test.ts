import { describe, expect, it } from "vitest";
import type { Clip, ClipFrame } from "../../src/ultrasound/clipFile";
import { ClipReel } from "../../src/ultrasound/clipReel";

const frame = (capture_us: number, before = false) => ({ capture_us, before }) as ClipFrame;
const reel = (...frames: ClipFrame[]) => new ClipReel({ head: { frames }, bytes: [] } as unknown as Clip);

describe("a clip's frames", () => {
  const uneven = reel(frame(900_000, true), frame(1_000_000), frame(1_033_000), frame(1_500_000));

  it("are seen at their own times, those that only help to decode never", () => {
    expect(uneven.times_s).toEqual([0, 0.033, 0.5]);
    expect(uneven.places).toEqual([1, 2, 3]);
    expect([uneven.length, uneven.seconds]).toEqual([3, 0.5]);
  });

  it("stay until the next one had been captured", () => {
    expect([0, 0.032, 0.033, 0.49, 0.5, 9].map((at) => uneven.at(at))).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it("may be none, or one", () => {
    expect([reel().length, reel().seconds, reel().at(1)]).toEqual([0, 0, 0]);
    expect([reel(frame(5)).seconds, reel(frame(5)).at(3)]).toEqual([0, 0]);
  });
});
