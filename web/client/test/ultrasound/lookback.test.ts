import { describe, expect, it } from "vitest";
import { type KeptFrame, LookBack, nearest, placeIn, SAME_FRAME_US, stepped } from "../../src/ultrasound/lookback";

const MB = 1024 * 1024;
const frame = (capture_us: number, bytes = 100): KeptFrame<string> => ({ capture_us, bytes, picture: `of ${capture_us}` });
const FRAMES = [0, 33_000, 66_000, 99_000].map((at) => frame(at));

describe("looking back", () => {
  it("keeps five seconds and no more", () => {
    const kept = new LookBack<string>();
    for (let at = 0; at <= 8_000_000; at += 100_000) kept.add(frame(at));
    expect(kept.all[0]!.capture_us).toBe(3_000_000);
    expect(kept.all.at(-1)!.capture_us).toBe(8_000_000);
  });

  it("keeps fewer when the pictures are large", () => {
    const kept = new LookBack<string>();
    for (let at = 0; at < 10; at++) kept.add(frame(at * 33_000, 20 * MB));
    expect(kept.all).toHaveLength(3);
  });

  it("puts a frame that was copied late in its place, and none twice", () => {
    const kept = new LookBack<string>();
    for (const at of [0, 66_000, 33_000, 33_000, 33_011, 65_989]) kept.add(frame(at));
    expect(kept.all.map((one) => one.capture_us)).toEqual([0, 33_000, 66_000]);
  });

  it("lets the newest stand for what is shown, but not when the screen has long gone on", () => {
    const kept = new LookBack<string>();
    kept.add(frame(33_000));
    expect(kept.shownAt(99_000)?.capture_us).toBe(33_000);
    expect(kept.shownAt(2_000_000)).toBeNull();
    expect(kept.shownAt(null)).toBeNull();
    expect(new LookBack<string>().shownAt(0)).toBeNull();
  });

  it("finds the frame of an instant as another client reckons it, and no neighbour", () => {
    expect(nearest(FRAMES, 33_000 + SAME_FRAME_US)?.capture_us).toBe(33_000);
    expect(nearest(FRAMES, 33_000 + SAME_FRAME_US + 1)).toBeNull();
    expect(nearest([], 0)).toBeNull();
  });

  it("keeps a frame that somebody looks at when the seconds have gone by, and forgets it with the binding", () => {
    const kept = new LookBack<string>();
    kept.add(frame(33_000));
    expect(kept.pin(33_500)).toBe(true);
    expect(kept.pin(99_000)).toBe(false);
    kept.take();
    expect(kept.find(33_000)?.picture).toBe("of 33000");
    kept.clear();
    expect(kept.find(33_000)).toBeNull();
  });

  it("keeps at most twelve such frames, the newest", () => {
    const kept = new LookBack<string>();
    for (let i = 0; i < 20; i++) {
      kept.add(frame(i * 33_000));
      kept.pin(i * 33_000);
    }
    kept.take();
    expect(kept.find(7 * 33_000)).toBeNull();
    expect(kept.find(8 * 33_000)).not.toBeNull();
  });

  it("steps frame by frame and stops at both ends", () => {
    expect(stepped(FRAMES, 66_000, -1)?.capture_us).toBe(33_000);
    expect(stepped(FRAMES, 66_000, 1)?.capture_us).toBe(99_000);
    expect(stepped(FRAMES, 0, -1)?.capture_us).toBe(0);
    expect(stepped(FRAMES, 99_000, 1)?.capture_us).toBe(99_000);
    expect(stepped([], 0, 1)).toBeNull();
  });

  it("knows a frame that was kept apart from the seconds to look back at", () => {
    expect(placeIn(FRAMES, 66_000)).toBe(2);
    expect(placeIn(FRAMES, 66_000 - SAME_FRAME_US)).toBe(2);
    expect(placeIn(FRAMES, -5_000_000)).toBeNull();
    expect(placeIn(FRAMES, null)).toBeNull();
  });
});
