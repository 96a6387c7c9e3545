import { expect, it } from "vitest";
import type { StillMeasurement } from "../../src/api/types";
import { keptCalipers } from "../../src/ultrasound/keptStill";

const one = (tool: StillMeasurement["tool"], ...points: [number, number][]) => ({ tool, points }) as StillMeasurement;

it("what was read off the same points is one, numbered as it was laid", () => {
  const outline: [number, number][] = [[0, 0], [9, 0], [9, 9]];
  const found = keptCalipers([one("area", ...outline), one("circumference", ...outline), one("distance", [1, 2], [3, 4]), one("distance", [1, 2], [3, 5])]);
  expect(found.map(({ number, tool, values }) => [number, tool, values.length])).toEqual([[1, "area", 2], [2, "distance", 1], [3, "distance", 1]]);
  expect(found[1]!.points).toEqual([{ x: 1, y: 2 }, { x: 3, y: 4 }]);
  expect(keptCalipers([])).toEqual([]);
});
