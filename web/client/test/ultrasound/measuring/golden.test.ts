/// <reference types="node" />
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { angle } from "../../../src/ultrasound/measuring/angle";
import { velocity } from "../../../src/ultrasound/measuring/doppler";
import { ellipseArea, ellipseCircumference } from "../../../src/ultrasound/measuring/ellipse";
import { distance, path } from "../../../src/ultrasound/measuring/length";
import { type Measured, REFUSALS, type Refused, UNITS } from "../../../src/ultrasound/measuring/measured";
import { area, circumference } from "../../../src/ultrasound/measuring/outline";
import type { Point } from "../../../src/ultrasound/measuring/points";
import type { Frame } from "../../../src/ultrasound/measuring/region";
import { depthDifference, interval, slope } from "../../../src/ultrasound/measuring/sweep";

/** What `ultrasound/measuring/` measures: written by `python -m tests.ultrasound.measuring.golden`. */
interface Golden {
  frames: Record<string, Frame>;
  cases: { tool: string; frame: string; points: Point[]; result: Measured | Refused }[];
}
const FILE = new URL("../../../../../tests/golden/ultrasound_measuring.json", import.meta.url);
const { frames, cases } = JSON.parse(readFileSync(FILE, "utf8")) as Golden;

const TOOLS: Record<string, (frame: Frame, points: readonly Point[]) => Measured | Refused> = {
  distance,
  path,
  area,
  circumference,
  ellipse_area: ellipseArea,
  ellipse_circumference: ellipseCircumference,
  angle,
  interval,
  depth_difference: depthDifference,
  slope,
  velocity: (frame, points) => velocity(frame, points),
};

describe("a caliper in the browser", () => {
  it.each(Object.keys(TOOLS))("measures with %s what the server measures, and refuses what it refuses", (tool) => {
    const some = cases.filter((one) => one.tool === tool);
    expect(some.length).toBeGreaterThan(20);
    for (const { frame, points, result } of some) {
      const measured = TOOLS[tool]!(frames[frame]!, points);
      if ("refused" in result || "refused" in measured) {
        expect({ frame, points, ...measured }).toEqual({ frame, points, ...result });
        continue;
      }
      expect({ ...measured, value: 0, uncertainty: 0 }).toEqual({ ...result, value: 0, uncertainty: 0 });
      expect(Math.abs(measured.value - result.value)).toBeLessThanOrEqual(1e-9 * Math.abs(result.value) + 1e-12);
      expect(Math.abs(measured.uncertainty - result.uncertainty)).toBeLessThanOrEqual(1e-6 * result.uncertainty);
    }
  });

  it("knows every tool, unit and refusal of the golden file", () => {
    expect(new Set(cases.map((one) => one.tool))).toEqual(new Set(Object.keys(TOOLS)));
    for (const { result } of cases) {
      if ("refused" in result) expect(REFUSALS).toContain(result.refused);
      else expect(UNITS).toContain(result.unit);
    }
  });

  it("measures the caliper that a scanner burned into its picture", () => {
    const measured = distance(frames["philips"]!, [
      [460, 290.5],
      [499, 301.5],
    ]);
    if ("refused" in measured) throw new Error(measured.refused);
    expect(measured.unit).toBe("mm");
    expect(Math.abs(measured.value / 10.6 - 1)).toBeLessThan(0.005); // "1.06 cm"
  });

  it("refuses points that are no numbers", () => {
    const nowhere: Point[] = [
      [Number.NaN, 1],
      [9, 9],
    ];
    expect(distance(frames["bare"]!, nowhere)).toEqual({ refused: "point_not_a_number" });
  });
});
