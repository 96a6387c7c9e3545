import { describe, expect, it } from "vitest";
import { CineClock, frameAt, isPlayable, lengthOf_ms, rateAt } from "../../src/ultrasound/cine";

// As a scanner writes them whose rate was changed meanwhile: 40 ms, then 10 ms.
const TIMES = [0, 40, 80, 90, 100, 110];

describe("a cine at its own frame times", () => {
  it("shows the frame that was captured last by then, whatever the rate", () => {
    expect([0, 39.9, 40, 79, 80, 89, 90, 105, 110, 5000].map((at) => frameAt(TIMES, at))).toEqual([0, 0, 1, 1, 2, 2, 3, 4, 5, 5]);
  });

  it("shows each frame for as long as it stood", () => {
    const shown = Array.from({ length: 120 }, (_, ms) => frameAt(TIMES, ms));
    expect([0, 1, 2, 3, 4, 5].map((frame) => shown.filter((one) => one === frame).length)).toEqual([40, 40, 10, 10, 10, 10]);
    expect(lengthOf_ms(TIMES)).toBe(120);
  });

  it("is not played without a time for each frame, or by times that go backwards", () => {
    expect(isPlayable(TIMES, 6)).toBe(true);
    const never: [number[] | null, number][] = [[null, 6], [TIMES, 7], [[0], 1], [[0, 40, 30], 3], [[0, NaN], 2], [[0, 0, 0], 3], [[-5, 0], 2]];
    expect(never.map(([times, frames]) => isPlayable(times, frames))).toEqual(never.map(() => false));
  });

  it("says its rate where it is", () => {
    expect([0, 1, 2, 5].map((frame) => rateAt(TIMES, frame))).toEqual([25, 25, 100, 100]);
    expect(rateAt([0, 0, 40], 0)).toBeNull();
  });
});

describe("the clock of a cine", () => {
  it("runs round and round at its speed, and stands where it was stopped", () => {
    const clock = new CineClock(120, 1);
    expect(clock.at_ms(1000)).toBe(0);
    clock.run(1000);
    expect([1000, 1050, 1130].map((now) => clock.at_ms(now))).toEqual([0, 50, 10]);
    clock.stop(1050);
    expect(clock.at_ms(9000)).toBe(50);
    clock.run(9000);
    expect(clock.at_ms(9020)).toBe(70);
  });

  it("goes on from where it is at another speed", () => {
    const clock = new CineClock(120, 1);
    clock.run(0);
    clock.setSpeed(0.5, 40);
    expect([40, 60, 80].map((now) => clock.at_ms(now))).toEqual([40, 50, 60]);
  });

  it("does not run on while the page sleeps", () => {
    const clock = new CineClock(1000, 1);
    clock.run(0);
    clock.look(100);
    clock.look(60_100);
    expect(clock.at_ms(60_100)).toBe(350);
    clock.look(60_200);
    expect(clock.at_ms(60_200)).toBe(450);
  });

  it("stands at a place it was sent to, running or not", () => {
    const clock = new CineClock(120, 1);
    clock.seek(80, 10);
    expect(clock.at_ms(500)).toBe(80);
    clock.run(500);
    clock.seek(20, 510);
    expect(clock.at_ms(515)).toBe(25);
  });
});
