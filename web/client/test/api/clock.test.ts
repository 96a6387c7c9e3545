import { expect, test } from "vitest";
import { isDue, offsetOf } from "../../src/api/clock";

test("four stamps give the offset and the most it can be wrong by", () => {
  // The server is 5 s ahead; 3 ms there, 1 ms in the server, 7 ms back.
  const probed = { type: "clock_probed", sent_us: 1_000_000, received_us: 6_003_000, answered_us: 6_004_000 } as const;
  const { offset_us, uncertainty_us } = offsetOf(probed, 1_011_000);
  expect(uncertainty_us).toBe(5_000);
  expect(Math.abs(offset_us - 5_000_000)).toBeLessThanOrEqual(uncertainty_us);
});

test("the clock is probed every 10 s, and sooner when the line has fallen silent", () => {
  expect(isDue(10_000, 0, 9_900)).toBe(true);
  expect(isDue(9_000, 0, 8_900)).toBe(false);
  expect(isDue(9_000, 0, 6_000)).toBe(true);
  expect(isDue(9_000, 8_000, 6_000)).toBe(false); // the probe before it is still under way
});
