import { expect, test } from "vitest";
import { isDue, leastWrong, offsetOf, withExchange } from "../../src/api/clock";

test("four stamps give the offset and the most it can be wrong by", () => {
  // The server is 5 s ahead; 3 ms there, 1 ms in the server, 7 ms back.
  const probed = { type: "clock_probed", sent_us: 1_000_000, received_us: 6_003_000, answered_us: 6_004_000 } as const;
  const { offset_us, uncertainty_us } = offsetOf(probed, 1_011_000)!;
  expect(uncertainty_us).toBe(5_000);
  expect(Math.abs(offset_us - 5_000_000)).toBeLessThanOrEqual(uncertainty_us);
});

test("an exchange in which a clock was set is left aside", () => {
  const probed = { type: "clock_probed", sent_us: 1_000, received_us: 500, answered_us: 5_000_000 } as const;
  expect(offsetOf(probed, 1_200)).toBeNull();
  expect(withExchange([], null)).toEqual([]);
});

test("what can be the least wrong by now is believed, and clocks drift", () => {
  const early = { offset_us: 5_000, uncertainty_us: 100, back_us: 0 };
  const late = { offset_us: 5_300, uncertainty_us: 2_000, back_us: 60_000_000 };
  const kept = withExchange(withExchange([], early), late);
  expect(kept).toEqual([early, late]);
  expect(leastWrong(kept, 1_000_000)).toEqual({ offset_us: 5_000, uncertainty_us: 200 });
  expect(leastWrong(kept, 60_000_000)).toEqual({ offset_us: 5_300, uncertainty_us: 2_000 });
  expect(leastWrong([], 0)).toBeNull();
});

test("after a clock was set nothing of before is believed", () => {
  let kept = withExchange([], { offset_us: 5_000, uncertainty_us: 100, back_us: 0 });
  const after = { offset_us: 905_000, uncertainty_us: 4_000, back_us: 10_000_000 };
  kept = withExchange(kept, after);
  expect(kept).toEqual([after]);
});

test("the clock is probed every 10 s, and sooner when the line has fallen silent", () => {
  expect(isDue(10_000, 0, 9_900)).toBe(true);
  expect(isDue(9_000, 0, 8_900)).toBe(false);
  expect(isDue(9_000, 0, 6_000)).toBe(true);
  expect(isDue(9_000, 8_000, 6_000)).toBe(false); // the probe before it is still under way
});
