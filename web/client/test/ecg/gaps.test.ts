import { describe, expect, it } from "vitest";
import { GapSeeker } from "../../src/ecg/gaps";

const hole = { first: 100, count: 40 };

describe("asking for missing samples", () => {
  it("waits until a hole is 300 ms old: the next packets mostly fill it", () => {
    const seeker = new GapSeeker(5000);
    expect(seeker.next([hole], 0)).toBeNull();
    expect(seeker.next([hole], 250)).toBeNull();
    expect(seeker.next([hole], 300)).toEqual(hole);
  });

  it("asks again, ever more seldom, as long as the hole stays", () => {
    const seeker = new GapSeeker(5000);
    const asked: number[] = [];
    for (let now = 0; now < 40_000; now += 100) if (seeker.next([hole], now) !== null) asked.push(now);
    expect(asked.slice(0, 4)).toEqual([300, 1300, 3300, 7300]);
    expect(asked.at(-1)! - asked.at(-2)!).toBe(10_000);
  });

  it("asks for no more than fits one request", () => {
    const seeker = new GapSeeker(500);
    seeker.next([{ first: 0, count: 30_000 }], 0);
    expect(seeker.next([{ first: 0, count: 30_000 }], 300)).toEqual({ first: 0, count: 500 });
  });

  it("asks at most five times a second, oldest hole first", () => {
    const seeker = new GapSeeker(5000);
    const holes = [hole, { first: 300, count: 10 }];
    seeker.next(holes, 0);
    expect(seeker.next(holes, 300)).toEqual(hole);
    expect(seeker.next(holes, 400)).toBeNull();
    expect(seeker.next(holes, 500)).toEqual(holes[1]);
  });

  it("forgets a hole that was filled", () => {
    const seeker = new GapSeeker(5000);
    seeker.next([hole], 0);
    seeker.next([], 100);
    expect(seeker.next([hole], 350)).toBeNull();
  });
});
