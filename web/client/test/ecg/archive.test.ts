import { describe, expect, it } from "vitest";
import { Archive } from "../../src/ecg/archive";
import { Presence } from "../../src/ecg/cells";
import { Ring } from "../../src/ecg/ring";
import { MISSING } from "../../src/ecg/wire";
import { ramp, wave } from "./packets";

const RATE_HZ = 100;
const archive = () => new Archive(1, RATE_HZ);
const values = (of: Archive, first: number, count: number) => Array.from({ length: count }, (_, i) => of.value(0, first + i));
const counting = (first: number, count: number) => Array.from({ length: count }, (_, i) => (first + i) % 1000);

describe("what is kept to look back at", () => {
  it("is all that the ring had, with its gaps, breaks and times", () => {
    const ring = new Ring(1, RATE_HZ, 10);
    ring.store(ramp(300, 500, 1, RATE_HZ));
    ring.store(wave({ first: 850, taken_us: 99, leads: [[1, 2, 3]], breaks: [1], leads_unusable: 1 }));
    const one = archive();
    one.adopt(ring);
    expect(values(one, 300, 500)).toEqual(counting(300, 500));
    expect(one.gaps(300, 853)).toEqual([{ first: 800, count: 50 }]);
    expect([850, 851, 849].map((index) => one.presenceOf(index))).toEqual([Presence.Present, Presence.AfterBreak, Presence.Absent]);
    expect([one.takenAt(850), one.takenAt(849), one.isUnusable(0, 850), one.end]).toEqual([99, null, true, 853]);
  });

  it("is what comes live from then on, and of stored samples only what is looked at", () => {
    const one = archive();
    expect(one.store(ramp(5000, 20), true)).toBe(true);
    expect(one.store(ramp(100, 20), false)).toBe(false);
    one.want(0, 400);
    expect(one.store(ramp(100, 20), false)).toBe(true);
    expect(one.store(ramp(100, 20), false)).toBe(false);
    expect([values(one, 100, 20), one.value(0, 120), one.end]).toEqual([counting(100, 20), MISSING, 5020]);
  });

  it("never changes a sample that is there, nor takes one of other leads", () => {
    const one = archive();
    one.store(wave({ first: 0, leads: [[5]] }), true);
    one.store(wave({ first: 0, leads: [[6]] }), true);
    expect(one.store(wave({ first: 1, leads: [[6], [6]] }), true)).toBe(false);
    expect(values(one, 0, 2)).toEqual([5, MISSING]);
  });

  it("forgets what was not looked at for longest, and not what is", () => {
    const one = archive();
    one.want(0, 500);
    one.store(ramp(0, 500), false);
    for (let second = 10; second < 1000; second += 1) {
      one.store(ramp(second * 100, 100), true);
      one.want(0, 500);
    }
    expect([one.presenceOf(0), one.presenceOf(99_900), one.presenceOf(2000)]).toEqual([Presence.Present, Presence.Present, Presence.Absent]);
  });

  it("has nothing before the stream's start", () => {
    const one = archive();
    one.want(-100, 100);
    expect(one.gaps(-50, 20)).toEqual([{ first: 0, count: 20 }]);
    expect([one.value(0, -1), one.presenceOf(-1)]).toEqual([MISSING, Presence.Absent]);
  });
});
