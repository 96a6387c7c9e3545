import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Telling } from "../../../src/pages/Room/telling";

beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => vi.useRealTimers());

test("what moves is told at once, then as often as it may be, and how it stands in the end", () => {
  let at = 0;
  const told: number[] = [];
  const telling = new Telling(() => told.push(at));
  for (at = 1; at <= 20; at++) {
    telling.soon();
    vi.advanceTimersByTime(5);
  }
  vi.advanceTimersByTime(100);
  expect(told).toEqual([1, 8, 16, 21]);
});

test("what is put away is told without a wait, and nothing after it", () => {
  const send = vi.fn();
  const telling = new Telling(send);
  telling.soon();
  telling.soon();
  telling.now();
  vi.advanceTimersByTime(100);
  expect(send).toHaveBeenCalledTimes(2);
  telling.soon();
  telling.stop();
  vi.advanceTimersByTime(100);
  expect(send).toHaveBeenCalledTimes(3);
});
