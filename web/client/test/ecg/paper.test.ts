import { describe, expect, it } from "vitest";
import { calibrationStep, gridLines } from "../../src/ecg/paper";
import { panes, type View } from "../../src/ecg/sweep";

const view: View = { arrangement: "3x4", speed_mm_s: 25, gain_mm_mv: 10, px_per_mm: 4, width_px: 1100, height_px: 280 };

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
    for (const speed_mm_s of [25, 50] as const) {
      for (const gain_mm_mv of [5, 10, 20] as const) {
        const now = { ...view, speed_mm_s, gain_mm_mv };
        const pane = panes(now)[0]!;
        const points = calibrationStep(pane, now);
        expect(points[1]![1] - points[2]![1]).toBeCloseTo(gain_mm_mv * 4, 9);
        expect(points[3]![0] - points[2]![0]).toBeCloseTo(0.2 * speed_mm_s * 4, 9);
        expect(points.at(-1)![0]).toBeLessThanOrEqual(pane.x);
      }
    }
  });
});
