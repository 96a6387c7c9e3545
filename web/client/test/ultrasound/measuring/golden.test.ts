/// <reference types="node" />
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { angle } from "../../../src/ultrasound/measuring/angle";
import { chamberArea, chamberLength } from "../../../src/ultrasound/measuring/chamber";
import { type Derivation, derive, type Part, partOf, type PartKind, scalesDiffer, volumeOf } from "../../../src/ultrasound/measuring/derived";
import { acceleration, gradient, velocity } from "../../../src/ultrasound/measuring/doppler";
import { ellipseArea, ellipseCircumference } from "../../../src/ultrasound/measuring/ellipse";
import { pressureHalfTime, pulsatilityIndex, resistiveIndex, systolicDiastolicRatio } from "../../../src/ultrasound/measuring/flowIndices";
import { meanGradient, meanVelocity, velocityTimeIntegral } from "../../../src/ultrasound/measuring/flowTrace";
import { distance, path } from "../../../src/ultrasound/measuring/length";
import { type Measured, REFUSALS, type Refused, UNITS } from "../../../src/ultrasound/measuring/measured";
import { area, circumference } from "../../../src/ultrasound/measuring/outline";
import type { Point } from "../../../src/ultrasound/measuring/points";
import type { Frame } from "../../../src/ultrasound/measuring/region";
import { depthDifference, heartRate, interval, slope } from "../../../src/ultrasound/measuring/sweep";

/** What `ultrasound/measuring/` measures: written by `python -m tests.ultrasound.measuring.golden`. */
interface Golden {
  frames: Record<string, Frame>;
  cases: { tool: string; frame: string; points: Point[]; angle_deg?: number; result: Measured | Refused }[];
  derivations: { derivation: Derivation; parts: Said[]; result: (Measured & { scales_differ: boolean }) | Refused }[];
}
type Said = { kind: PartKind; tool: string; frame: string; on: string; points: Point[] } | { derivation: Derivation; parts: Said[] };
const FILE = new URL("../../../../../tests/golden/ultrasound_measuring.json", import.meta.url);
const { frames, cases, derivations } = JSON.parse(readFileSync(FILE, "utf8")) as Golden;

const TOOLS: Record<string, (frame: Frame, points: readonly Point[], angleDeg: number | null) => Measured | Refused> = {
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
  heart_rate: heartRate,
  velocity,
  gradient,
  acceleration,
  velocity_time_integral: velocityTimeIntegral,
  mean_velocity: meanVelocity,
  mean_gradient: meanGradient,
  pressure_half_time: pressureHalfTime,
  resistive_index: resistiveIndex,
  systolic_diastolic_ratio: systolicDiastolicRatio,
  pulsatility_index: pulsatilityIndex,
  chamber_area: chamberArea,
  chamber_length: chamberLength,
};

function compare(where: object, measured: Measured | Refused, result: Measured | Refused): void {
  if ("refused" in result || "refused" in measured) {
    expect({ ...where, ...measured }).toEqual({ ...where, ...result });
    return;
  }
  expect({ ...where, ...measured, value: 0, uncertainty: 0 }).toEqual({ ...where, ...result, value: 0, uncertainty: 0 });
  expect(Math.abs(measured.value - result.value), JSON.stringify(where)).toBeLessThanOrEqual(1e-9 * Math.abs(result.value) + 1e-12);
  // A slope over a hundredth of a pixel: what is left of the doubles' digits.
  expect(Math.abs(measured.uncertainty - result.uncertainty), JSON.stringify(where)).toBeLessThanOrEqual(1e-6 * result.uncertainty + 1e-12);
}

function measuredPart(said: Said): Part {
  const key = JSON.stringify(said);
  if ("derivation" in said) {
    const parts = said.parts.map(measuredPart);
    const made = derive(said.derivation, parts);
    if ("refused" in made) throw new Error(made.refused);
    return volumeOf(key, said.derivation, made, parts);
  }
  const [frame, { kind, on, points }] = [frames[said.frame]!, said];
  const measured = TOOLS[said.tool]!(frame, points, null);
  if ("refused" in measured) throw new Error(measured.refused);
  return partOf(key, kind, measured, on, frame, points);
}

describe("a caliper in the browser", () => {
  it.each(Object.keys(TOOLS))("measures with %s what the server measures, and refuses what it refuses", (tool) => {
    const some = cases.filter((one) => one.tool === tool);
    expect(some.length).toBeGreaterThan(20);
    for (const { frame, points, angle_deg, result } of some) compare({ frame, points, angle_deg }, TOOLS[tool]!(frames[frame]!, points, angle_deg ?? null), result);
  });

  it("derives what the server derives, and refuses what it refuses", () => {
    expect(derivations.length).toBeGreaterThan(20);
    for (const { derivation, parts: said, result } of derivations) {
      const parts = said.map(measuredPart);
      const made = derive(derivation, parts);
      const told = "refused" in made ? made : { ...made, scales_differ: scalesDiffer(parts) };
      compare({ derivation, said }, told, result);
    }
  });

  it("knows every tool, unit and refusal of the golden file", () => {
    expect(new Set(cases.map((one) => one.tool))).toEqual(new Set(Object.keys(TOOLS)));
    for (const { result } of [...cases, ...derivations]) {
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
