import { describe, expect, it } from "vitest";
import { type Look, PathWatch, waitBeforeTry_ms } from "../../src/call/path";

const look = (at_ms: number, more: Partial<Look> = {}): Look => ({ at_ms, state: "connected", packets: at_ms, expects_media: true, ...more });

describe("the media path", () => {
  it("is lost at once when the connection failed", () => {
    expect(new PathWatch(0).isLost(look(10, { state: "failed" }))).toBe(true);
  });

  it("is lost when disconnected for 2 s, not for less", () => {
    const watch = new PathWatch(0);
    watch.isLost(look(100));
    expect(watch.isLost(look(1000, { state: "disconnected" }))).toBe(false);
    expect(watch.isLost(look(2900, { state: "disconnected" }))).toBe(false);
    expect(watch.isLost(look(3000, { state: "disconnected" }))).toBe(true);
  });

  it("forgives a short disconnection", () => {
    const watch = new PathWatch(0);
    watch.isLost(look(1000, { state: "disconnected" }));
    watch.isLost(look(2000));
    expect(watch.isLost(look(3500, { state: "disconnected" }))).toBe(false);
  });

  it("is lost when packets were coming and none has for 2 s, though ICE still calls it connected", () => {
    const watch = new PathWatch(0);
    watch.isLost(look(1000, { packets: 50 }));
    expect(watch.isQuiet).toBe(false);
    expect(watch.isLost(look(2900, { packets: 50 }))).toBe(false);
    expect(watch.isQuiet).toBe(true);
    expect(watch.isLost(look(3000, { packets: 50 }))).toBe(true);
  });

  it("is not lost by silence when nobody is sending, or nothing can be counted", () => {
    const watch = new PathWatch(0);
    watch.isLost(look(1000, { packets: 50 }));
    expect(watch.isLost(look(9000, { packets: 50, expects_media: false }))).toBe(false);
    expect(watch.isLost(look(9100, { packets: 50 }))).toBe(false);
    const blind = new PathWatch(0);
    blind.isLost(look(1000, { packets: null }));
    expect(blind.isLost(look(90_000, { packets: null }))).toBe(false);
  });

  it("is lost when it did not come up in 15 s", () => {
    const watch = new PathWatch(0);
    expect(watch.isLost(look(14_000, { state: "connecting" }))).toBe(false);
    expect(watch.isLost(look(15_000, { state: "connecting" }))).toBe(true);
  });

  it("is tried again at once, then ever later, at most 5 s apart", () => {
    expect([1, 2, 3, 4, 5, 9].map(waitBeforeTry_ms)).toEqual([0, 1000, 2000, 4000, 5000, 5000]);
  });
});
