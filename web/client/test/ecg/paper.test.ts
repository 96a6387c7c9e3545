import { describe, expect, it } from "vitest";
import { calibrationStep, gridLines } from "../../src/ecg/paper";
import { GAINS_MM_MV, panes, SPEEDS_MM_S } from "../../src/ecg/sheet";
import { VIEW as view } from "./packets";

describe("the grid", () => {
  it("has a line each millimetre and a bold one each fifth", () => {
    const lines = gridLines(40, 4);
    expect(lines.map((line) => line.at_px)).toEqual([0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40]);
    expect(lines.filter((line) => line.bold).map((line) => line.at_px)).toEqual([0, 20, 40]);
  });

  it("does not drift where a millimetre is no whole number of pixels", () => {
    expect(gridLines(3780, 3.78).at(-1)!.at_px).toBe(3780);
  });

  it("keeps only the bold lines where there is no room for the fine ones", () => {
    expect(gridLines(30, 2).every((line) => line.bold)).toBe(true);
  });
});

describe("the calibration step", () => {
  it("is 1 mV high and 200 ms wide at every speed and gain, and fits its margin", () => {
    for (const speed_mm_s of SPEEDS_MM_S) {
      for (const gain_mm_mv of GAINS_MM_MV) {
        const now = { ...view, speed_mm_s, gain_mm_mv };
        const pane = panes(now)[0]!;
        const points = calibrationStep(pane, now);
        expect(points[1]![1] - points[2]![1]).toBeCloseTo(gain_mm_mv * 4, 9);
        expect(points[3]![0] - points[2]![0]).toBeCloseTo(0.2 * speed_mm_s * 4, 9);
        expect(points.at(-1)![0]).toBeLessThanOrEqual(pane.x);
      }
    }
  });

  it("has a second height where a row's chest leads have half the gain, and still fits", () => {
    const now = { ...view, half_chest: true };
    const [pane] = panes(now);
    const points = calibrationStep(pane!, now);
    const heights = points.map(([, y]) => pane!.baseline - y);
    expect(heights).toEqual([0, 0, 40, 40, 20, 20, 0, 0]);
    expect(points[3]![0] - points[2]![0]).toBeCloseTo(20, 9);
    expect(points[5]![0] - points[4]![0]).toBeCloseTo(10, 9);
    expect(points.at(-1)![0]).toBeLessThanOrEqual(pane!.x);
    expect(points.every(([x], i) => i === 0 || x >= points[i - 1]![0])).toBe(true);
  });

  it("has the height of its own row where all of it has half the gain", () => {
    const now = { ...view, arrangement: "12x1", half_chest: true } as const;
    const heights = panes(now).map((pane) => pane.baseline - Math.min(...calibrationStep(pane, now).map(([, y]) => y)));
    expect(heights).toEqual([40, 40, 40, 40, 40, 40, 20, 20, 20, 20, 20, 20]);
  });
});
