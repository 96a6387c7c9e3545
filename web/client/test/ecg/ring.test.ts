import { describe, expect, it } from "vitest";
import { Presence } from "../../src/ecg/cells";
import { Ring } from "../../src/ecg/ring";
import { MISSING } from "../../src/ecg/wire";
import { ramp, wave } from "./packets";

const ring = (kept_s = 2) => new Ring(1, 500, kept_s);

describe("the ring of samples", () => {
  it("puts samples where their index says, in any order and however often", () => {
    const one = ring();
    one.store(ramp(20, 10));
    one.store(ramp(0, 10));
    one.store(ramp(5, 20));
    one.store(ramp(5, 20));
    expect(Array.from({ length: 30 }, (_, i) => one.value(0, i))).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(one.gaps(one.start, one.end)).toEqual([]);
  });

  it("never changes a sample that is already there", () => {
    const one = ring();
    one.store(wave({ first: 0, leads: [[5, 6]] }));
    expect(one.store(wave({ first: 0, leads: [[9, 9]] }))).toBeNull();
    expect(one.value(0, 0)).toBe(5);
  });

  it("knows what has not come, and says missing, not zero", () => {
    const one = ring();
    one.store(ramp(0, 10));
    one.store(ramp(25, 5));
    expect(one.gaps(one.start, one.end)).toEqual([{ first: 10, count: 15 }]);
    expect(one.value(0, 12)).toBe(MISSING);
    expect(one.missing(one.start, one.end)).toBe(15);
  });

  it("forgets what it runs over, and does not show the old samples as new", () => {
    const one = ring();
    one.store(ramp(0, 10));
    one.store(ramp(1005, 5));
    expect(one.presenceOf(3)).toBe(Presence.Absent);
    expect(one.presenceOf(1003)).toBe(Presence.Absent);
    expect(one.value(0, 1003)).toBe(MISSING);
    expect(one.value(0, 1005)).toBe(5);
  });

  it("drops what is older than it keeps", () => {
    const one = ring();
    one.store(ramp(5000, 10));
    expect(one.store(ramp(0, 10))).toBeNull();
  });

  it("keeps the place where the source broke off", () => {
    const one = ring();
    one.store(wave({ first: 0, leads: [[1, 2, 3]], breaks: [1] }));
    expect([0, 1, 2].map((i) => one.presenceOf(i))).toEqual([Presence.Present, Presence.AfterBreak, Presence.Present]);
  });

  it("finds the sample taken at a time, also across a jump of the clock", () => {
    const one = ring();
    one.store(ramp(0, 100));
    const later = ramp(100, 100);
    one.store({ ...later, taken_us: later.taken_us + 500_000 });
    expect(one.indexAt(1_000_000 + 50 * 2000)).toBe(50);
    expect(one.indexAt(1_000_000 + 150 * 2000 + 500_000)).toBe(150);
    expect(one.takenAt(50)).toBe(1_000_000 + 50 * 2000);
  });

  it("does not name a sample for a time it has none for", () => {
    const one = ring();
    one.store(ramp(0, 100));
    expect(one.indexAt(1_000_000 + 500 * 2000)).toBeNull();
    expect(ring().indexAt(5)).toBeNull();
  });

  it("waits for the sample of an instant that is still on its way, and does not take its neighbour", () => {
    const one = ring();
    one.store(ramp(0, 100));
    expect(one.indexAt(1_000_000 + 100 * 2000 + 900)).toBeNull();
    one.store(ramp(100, 10));
    expect(one.indexAt(1_000_000 + 100 * 2000 + 900)).toBe(100);
    expect(one.indexAt(1_000_000 + 109 * 2000 + 900)).toBe(109);
  });

  it("counts what lies before the first sample as missing only when it was asked for", () => {
    const one = ring();
    one.store(ramp(500, 10));
    expect(one.gaps(one.start, one.end)).toEqual([]);
    one.reachBack(400);
    expect(one.gaps(one.start, one.end)).toEqual([{ first: 400, count: 100 }]);
  });

  it("refuses packets with another number of leads", () => {
    expect(ring().store(ramp(0, 10, 2))).toBeNull();
  });
});
