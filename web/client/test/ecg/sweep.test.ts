import { describe, expect, it } from "vitest";
import { Ring } from "../../src/ecg/ring";
import { MISSING } from "../../src/ecg/wire";
import { columnAt, ColumnKind, columnOf, columnX, groups, panes, pxPerLsb, pxPerSample, shownColumns, type View } from "../../src/ecg/sweep";
import { ramp, wave } from "./packets";

const view: View = { arrangement: "3x4", speed_mm_s: 25, gain_mm_mv: 10, px_per_mm: 4, width_px: 1100, height_px: 280 };

describe("the paper", () => {
  it("holds all twelve leads and the rhythm row in 3x4", () => {
    const leads = panes(view).map((pane) => pane.lead);
    expect(leads).toEqual(["I", "aVR", "V1", "V4", "II", "aVL", "V2", "V5", "III", "aVF", "V3", "V6", "II"]);
  });

  it("sweeps each column of 3x4 by itself: all four pens stand at the same sample", () => {
    const sweeping = groups(view);
    expect(sweeping.map((group) => group.panes.length)).toEqual([3, 3, 3, 3, 1]);
    expect(sweeping.slice(0, 4).every((group) => group.layer === 0 && group.width === sweeping[0]!.width)).toBe(true);
    expect(sweeping[4]!.layer).toBe(1);
  });

  it("gives each of twelve leads its own row in 12x1", () => {
    const rows = panes({ ...view, arrangement: "12x1" });
    expect(rows.map((row) => row.lead)).toEqual(["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"]);
    expect(groups({ ...view, arrangement: "12x1" })).toHaveLength(1);
  });

  it("never lets panes overlap or leave the paper", () => {
    for (const arrangement of ["3x4", "12x1"] as const) {
      for (const pane of panes({ ...view, arrangement })) {
        expect(pane.x + pane.width).toBeLessThanOrEqual(view.width_px);
        expect(pane.top + pane.height).toBeLessThanOrEqual(view.height_px + 1);
        expect(pane.baseline).toBeGreaterThan(pane.top);
      }
    }
  });

  it("is true to scale: one second is 25 mm, one millivolt 10 mm", () => {
    expect(pxPerSample(view, 500) * 500).toBeCloseTo(25 * view.px_per_mm, 9);
    expect(pxPerLsb(view, 2500) * 400).toBeCloseTo(10 * view.px_per_mm, 9);
    expect(pxPerSample({ ...view, speed_mm_s: 50 }, 500) * 500).toBeCloseTo(50 * view.px_per_mm, 9);
    expect(pxPerLsb({ ...view, gain_mm_mv: 20 }, 2500) * 400).toBeCloseTo(20 * view.px_per_mm, 9);
  });
});

describe("a column", () => {
  const px = 0.2;
  const made = () => new Ring(1, 500, 4);

  it("holds from least to most of its samples, so that a narrow spike is never lost", () => {
    const ring = made();
    ring.store(wave({ first: 0, leads: [[0, 0, 900, -50, 0, 1, 1, 1, 1, 1]] }));
    expect(columnAt(ring, 0, 0, px, 10)).toMatchObject({ kind: ColumnKind.Trace, low: -50, high: 900, first: 0, last: 0 });
    expect(columnAt(ring, 0, 1, px, 10)).toMatchObject({ low: 1, high: 1 });
  });

  it("takes every sample into exactly one column", () => {
    const ring = made();
    ring.store(ramp(0, 1000));
    for (const width of [0.2, 0.19, 0.756, 1, 1.7]) {
      let seen = 0;
      for (let column = 0; column <= columnOf(999, width); column++) {
        const found = columnAt(ring, 0, column, width, 1000);
        seen += found === null ? 0 : found.high - found.low + 1;
      }
      expect(seen).toBe(1000);
    }
  });

  it("is a gap as soon as one of its samples has not come", () => {
    const ring = made();
    ring.store(ramp(0, 3));
    ring.store(ramp(4, 6));
    expect(columnAt(ring, 0, 0, px, 10)?.kind).toBe(ColumnKind.Gap);
    expect(columnAt(ring, 0, 1, px, 10)?.kind).toBe(ColumnKind.Trace);
  });

  it("is no gap to wait for where the source itself took no sample", () => {
    const ring = new Ring(2, 500, 4);
    ring.store(wave({ first: 0, leads: [[1, 1, 1, 1, 1], [MISSING, 2, 2, 2, 2]], leads_unusable: 2 }));
    ring.store(wave({ first: 5, leads: [[MISSING, MISSING, 1, 1, 1], [MISSING, MISSING, 1, 1, 1]] }));
    ring.store(wave({ first: 11, leads: [[MISSING, 1, 1, 1], [1, 1, 1, 1]] }));
    expect([0, 1].map((lead) => columnAt(ring, lead, 0, px, 5)?.kind)).toEqual([ColumnKind.Trace, ColumnKind.NotTaken]);
    expect(columnAt(ring, 0, 1, px, 10)?.kind).toBe(ColumnKind.NotTaken);
    expect(columnAt(ring, 0, 2, px, 15)?.kind).toBe(ColumnKind.Gap); // one of its samples may still come
    expect([ring.notTaken(0, 15), ring.missing(0, 15)]).toEqual([2, 1]);
  });

  it("is marked where the device calls the lead unusable", () => {
    const ring = new Ring(2, 500, 4);
    ring.store(wave({ first: 0, leads: [[1, 1, 1, 1, 1], [2, 2, 2, 2, 2]], leads_unusable: 2 }));
    expect(columnAt(ring, 0, 0, px, 5)?.kind).toBe(ColumnKind.Trace);
    expect(columnAt(ring, 1, 0, px, 5)?.kind).toBe(ColumnKind.Unusable);
  });

  it("shows nothing beyond the pen and nothing before the stream", () => {
    const ring = made();
    ring.store(ramp(500, 10));
    expect(columnAt(ring, 0, 100, px, 500)).toBeNull();
    expect(columnAt(ring, 0, 90, px, 510)?.kind).toBe(ColumnKind.Blank);
  });

  it("is not joined to the one before across a break of the source", () => {
    const ring = made();
    ring.store(wave({ first: 0, leads: [[1, 1, 1, 1, 1, 9, 9, 9, 9, 9]], breaks: [5] }));
    expect(columnAt(ring, 0, 1, px, 10)?.joined).toBe(false);
    expect(columnAt(ring, 0, 0, px, 10)?.joined).toBe(true);
  });

  it("stays in its place when the pen goes on, until the pen comes round", () => {
    const group = groups(view)[0]!;
    const [first, end] = shownColumns(10_000, px, group.width, 12);
    expect(end - first).toBe(group.width - 12);
    expect(columnX(first, group)).not.toBe(columnX(end, group));
    expect(columnX(first + group.width, group)).toBe(columnX(first, group));
  });
});
