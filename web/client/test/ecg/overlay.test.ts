import { expect, test } from "vitest";
import { type Beats, overlaySheet } from "../../src/ecg/overlay";

const SCALE = { speed_mm_s: 25, gain_mm_mv: 10 };

/** A millivolt at R of the later beat, half of one at R of the earlier, 100 Hz, from -200 to +400 ms. */
function beats(leads: string[], high: Record<string, number> = {}): Beats {
  const row = (uv: number) => Array.from({ length: 61 }, (_, at) => (at === 20 ? uv : 0));
  return { leads, rate_hz: 100, first_ms: -200, earlier_uv: leads.map((lead) => row((high[lead] ?? 1000) / 2)), later_uv: leads.map((lead) => row(high[lead] ?? 1000)) };
}

function points(path: string): [x: number, y: number][] {
  return path
    .slice(1)
    .split("L")
    .map((one) => one.split(" ").map(Number) as [number, number]);
}

const TWELVE = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"];

test("a millivolt is ten millimetres and a second twenty-five, in every lead of both beats", () => {
  const sheet = overlaySheet(beats(TWELVE), SCALE);
  expect(sheet.panes.map((one) => one.lead)).toEqual(TWELVE);
  for (const { earlier, later } of sheet.panes) {
    const [before, after] = [points(earlier), points(later)];
    expect(sheet.pane.zero_mm - after[20]![1]).toBeCloseTo(10);
    expect(sheet.pane.zero_mm - before[20]![1]).toBeCloseTo(5);
    expect(after[60]![0] - after[0]![0]).toBeCloseTo(15);
  }
});

test("both beats have their R on one line and their zero on one line", () => {
  const { pane, panes } = overlaySheet(beats(TWELVE), SCALE);
  for (const { earlier, later } of panes)
    for (const line of [points(earlier), points(later)]) {
      expect(line[20]![0]).toBeCloseTo(pane.r_mm);
      expect(line[0]![1]).toBeCloseTo(pane.zero_mm);
    }
});

test("a high beat makes every pane higher, and scales no lead by itself", () => {
  const { pane, panes } = overlaySheet(beats(TWELVE, { V3: 4000, aVR: -2500 }), SCALE);
  const heights = panes.map((one) => pane.zero_mm - points(one.later)[20]![1]);
  expect(heights[TWELVE.indexOf("V3")]).toBeCloseTo(40);
  expect(heights[TWELVE.indexOf("II")]).toBeCloseTo(10);
  for (const { later } of panes)
    for (const [x, y] of points(later)) {
      expect(y).toBeGreaterThanOrEqual(1);
      expect(y).toBeLessThanOrEqual(pane.height_mm - 1);
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(pane.width_mm);
    }
});

test("R and zero lie on lines of the grid", () => {
  const { pane } = overlaySheet(beats(TWELVE, { V2: 1730 }), { speed_mm_s: 50, gain_mm_mv: 20 });
  expect([pane.zero_mm % 5, pane.r_mm % 5, pane.width_mm % 5, pane.height_mm % 5]).toEqual([0, 0, 0, 0]);
});

test("panes lie as on paper and none over another", () => {
  const { panes, pane, width_mm, height_mm } = overlaySheet(beats(TWELVE), SCALE);
  const at = Object.fromEntries(panes.map((one) => [one.lead, one]));
  expect([at["I"]!.x, at["II"]!.x, at["III"]!.x]).toEqual([0, 0, 0]);
  expect(at["V1"]!.x).toBeCloseTo(2 * (pane.width_mm + 2));
  expect(at["II"]!.y).toBeCloseTo(pane.height_mm + 2);
  expect(Math.max(...panes.map((one) => one.x)) + pane.width_mm).toBeCloseTo(width_mm);
  expect(Math.max(...panes.map((one) => one.y)) + pane.height_mm).toBeCloseTo(height_mm);
});

test("of fewer leads there are fewer panes, and no empty column", () => {
  const { panes, pane, width_mm } = overlaySheet(beats(["II", "V5"]), SCALE);
  expect(panes.map((one) => [one.lead, one.x > 0, one.y])).toEqual([
    ["II", false, 0],
    ["V5", true, 0],
  ]);
  expect(width_mm).toBeCloseTo(2 * pane.width_mm + 2);
});
