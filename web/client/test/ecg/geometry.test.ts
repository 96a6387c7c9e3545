import { describe, expect, it } from "vitest";
import { columnOf } from "../../src/ecg/columns";
import { firstOf, type Lie, mmOfSamples, mmOfUv, msOfMm, PaneGeometry, pxPerSample, pxPerUv, samplesOfMm, uvOfMm } from "../../src/ecg/geometry";
import { GAINS_MM_MV, panes, SPEEDS_MM_S } from "../../src/ecg/sheet";
import { columnX, shownColumns } from "../../src/ecg/sweep";
import { VIEW as view } from "./packets";

const RATE_HZ = 500;
const scale = { ...view, rate_hz: RATE_HZ };
const pane = panes(view)[0]!;
const lies: Lie[] = [
  { kind: "still", first: 1234.5, end: 9000 },
  { kind: "swept", pen: 5000.25, erased_px: 12 },
  { kind: "scrolled", pen: 5000.25 },
];

describe("millimetres", () => {
  it("are true: one second is as long as the paper's speed, one millivolt as high as the gain", () => {
    for (const speed_mm_s of SPEEDS_MM_S) {
      const now = { ...scale, speed_mm_s };
      expect(mmOfSamples(RATE_HZ, now)).toBe(speed_mm_s);
      expect(samplesOfMm(speed_mm_s, now)).toBe(RATE_HZ);
      expect(msOfMm(speed_mm_s, now)).toBe(1000);
      expect(pxPerSample(now, RATE_HZ) * RATE_HZ).toBeCloseTo(speed_mm_s * view.px_per_mm, 9);
    }
    for (const gain_mm_mv of GAINS_MM_MV) {
      expect(mmOfUv(1000, gain_mm_mv)).toBe(gain_mm_mv);
      expect(uvOfMm(gain_mm_mv, gain_mm_mv)).toBe(1000);
      expect(pxPerUv({ gain_mm_mv }, view.px_per_mm) * 1000).toBeCloseTo(gain_mm_mv * view.px_per_mm, 9);
    }
  });
});

describe("a pane's geometry", () => {
  it.each(lies)("goes from a sample to its place and back: $kind", (lie) => {
    const geometry = new PaneGeometry(pane, scale, lie);
    let shown = 0;
    for (let index = 0; index < 10_000; index += 7.3) {
      const x = geometry.xOf(index);
      if (x === null) continue;
      shown += 1;
      expect(x).toBeGreaterThanOrEqual(pane.x);
      expect(x).toBeLessThanOrEqual(pane.x + pane.width);
      expect(geometry.indexAt(x)).toBeCloseTo(index, 6);
    }
    expect(shown).toBeGreaterThan(100);
  });

  it.each(lies)("shows a second as 25 mm wherever it stands: $kind", (lie) => {
    const geometry = new PaneGeometry(pane, scale, lie);
    const index = lie.kind === "still" ? 1300 : 4400;
    const [x, next] = [geometry.xOf(index)!, geometry.xOf(index + 0.5 * RATE_HZ)!];
    const apart = (((next - x) % pane.width) + pane.width) % pane.width;
    expect(apart / view.px_per_mm).toBeCloseTo(12.5, 6);
    if (next > x) expect(geometry.msBetween(x, next)).toBeCloseTo(500, 6);
  });

  it("stands where the drawing puts the column, to less than a pixel", () => {
    const px = pxPerSample(view, RATE_HZ);
    const pen = 5000.25;
    const swept = new PaneGeometry(pane, scale, { kind: "swept", pen, erased_px: 12 });
    const scrolled = new PaneGeometry(pane, scale, { kind: "scrolled", pen });
    const [from, to] = shownColumns(pen, px, pane.width, 12);
    for (let column = from + 1; column < to - 1; column++) {
      const index = (column + 0.5) / px;
      expect(Math.floor(swept.xOf(index)!)).toBe(columnX(column, pane));
      expect(Math.floor(scrolled.xOf(index)!)).toBe(pane.x + pane.width - 1 - (columnOf(pen, px) - column));
    }
  });

  it("shows nothing that has been swept over, is not drawn yet, or is on another page", () => {
    const px = pxPerSample(view, RATE_HZ);
    const swept = new PaneGeometry(pane, scale, { kind: "swept", pen: 5000, erased_px: 12 });
    expect(swept.xOf(5001)).toBeNull();
    expect(swept.xOf(5000 - pane.width / px)).toBeNull();
    expect(swept.xOf(-1)).toBeNull();
    expect(swept.indexAt(columnX(columnOf(5000, px), pane) + 6)).toBeNull(); // in the erased bar
    const still = new PaneGeometry(pane, scale, { kind: "still", first: 1000, end: 1100 });
    expect([still.xOf(999), still.xOf(1101), still.indexAt(pane.x - 1)]).toEqual([null, null, null]);
    expect(still.indexAt(pane.x)).toBe(1000);
  });

  it("measures heights in microvolts at the pane's own gain", () => {
    const half = panes({ ...view, half_chest: true });
    for (const one of [pane, half.find((p) => p.lead === "V1")!]) {
      const geometry = new PaneGeometry(one, scale, lies[0]!);
      expect(geometry.yOf(0)).toBe(one.baseline);
      expect(one.baseline - geometry.yOf(1000)).toBeCloseTo(one.gain_mm_mv * view.px_per_mm, 9);
      expect(geometry.uvAt(geometry.yOf(-432.1))).toBeCloseTo(-432.1, 9);
    }
  });

  it("lays the columns of a still page one after the other in time, as on paper", () => {
    const all = panes(view);
    const at = (lead: string) => new PaneGeometry(all.find((p) => p.lead === lead)!, scale, { kind: "still", first: firstOf(all.find((p) => p.lead === lead)!, 1000, scale), end: 99_000 });
    const [first, second] = [at("I"), at("aVR")];
    const right = all[0]!.x + all[0]!.width;
    expect(second.indexAt(right)).toBeCloseTo(first.indexAt(right)!, 6);
    const rhythm = new PaneGeometry(all.at(-1)!, scale, { kind: "still", first: firstOf(all.at(-1)!, 1000, scale), end: 99_000 });
    for (const x of [right - 20, right + 20]) expect(rhythm.indexAt(x)).toBeCloseTo((x < right ? first : second).indexAt(x)!, 6);
  });
});
