import { expect, test } from "vitest";
import { covers, windowFor } from "../../../src/pages/reading/windows";

test("ten seconds are fetched once", () => {
  const whole = windowFor(0, 500, 5000);
  expect(whole).toEqual({ first: 0, count: 5000 });
  expect(covers(whole, 0, 5000, 500)).toBe(true);
});

test("a page of a long one is fetched with the 20 s its filter needs, and serves the pages after it", () => {
  const part = windowFor(150_000, 500, 1_800_000);
  expect(part).toEqual({ first: 140_000, count: 50_000 });
  expect(covers(part, 150_000, 155_000, 500)).toBe(true);
  expect(covers(part, 185_000, 190_000, 500)).toBe(true);
  expect(covers(part, 190_000, 195_000, 500)).toBe(false);
  expect(covers(part, 145_000, 150_000, 500)).toBe(false);
});

test("nothing is asked for beyond the end, nor more than the server gives at once", () => {
  const end = windowFor(1_795_000, 500, 1_800_000);
  expect(end.first + end.count).toBe(1_800_000);
  expect(windowFor(0, 1000, 3_600_000).count).toBeLessThanOrEqual(120_000);
});
