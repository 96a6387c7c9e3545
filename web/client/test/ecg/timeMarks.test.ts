import { expect, test } from "vitest";
import { pxPerSample } from "../../src/ecg/geometry";
import { marginPx, SPEEDS_MM_S } from "../../src/ecg/sheet";
import { timeMarks } from "../../src/ecg/timeMarks";
import { VIEW as view } from "./packets";

const RATE_HZ = 500;
const page = { first: 1000.5, end: 6000, from_us: 1_700_000_000_300_000 };

test("marks stand at whole seconds, where their sample is", () => {
  for (const speed_mm_s of SPEEDS_MM_S) {
    const now = { ...view, speed_mm_s };
    const marks = timeMarks(now, page, RATE_HZ);
    expect(marks.length).toBeGreaterThan(2);
    for (const { x, at_us } of marks) {
      expect(at_us % 1_000_000).toBe(0);
      const index = 1000 + ((at_us - page.from_us) * RATE_HZ) / 1e6; // from_us is when the sample 1000 was taken
      expect(x).toBeCloseTo(marginPx(now) + (index - page.first) * pxPerSample(now, RATE_HZ), 3);
    }
    for (const [i, { x }] of marks.entries()) if (i > 0) expect(x - marks[i - 1]!.x).toBeGreaterThanOrEqual(90);
  }
});

test("without a known time there are none", () => {
  expect(timeMarks(view, { ...page, from_us: null }, RATE_HZ)).toEqual([]);
});
