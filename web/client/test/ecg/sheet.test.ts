import { describe, expect, it } from "vitest";
import { ARRANGEMENTS, LEAD_ORDERS } from "../../src/ecg/layouts";
import { GAINS_MM_MV, groups, panes, SPEEDS_MM_S } from "../../src/ecg/sheet";
import { VIEW as view } from "./packets";

describe("the paper", () => {
  it("holds all twelve leads and the rhythm row in 3x4", () => {
    const leads = panes(view).map((pane) => pane.lead);
    expect(leads).toEqual(["I", "aVR", "V1", "V4", "II", "aVL", "V2", "V5", "III", "aVF", "V3", "V6", "II"]);
  });

  it("sweeps each column of 3x4 by itself: all four pens stand at the same sample", () => {
    const sweeping = groups(view);
    expect(sweeping.map((group) => group.panes.length)).toEqual([3, 3, 3, 3, 1]);
    expect(sweeping.slice(0, 4).every((group) => group.width === sweeping[0]!.width)).toBe(true);
    expect(sweeping[4]!.width).toBe(4 * sweeping[0]!.width);
  });

  it("sweeps three rhythm rows together", () => {
    expect(groups({ ...view, arrangement: "3x4+3" }).map((group) => group.panes.map((pane) => pane.lead).join(" "))).toEqual(["I II III", "aVR aVL aVF", "V1 V2 V3", "V4 V5 V6", "V1 II V5"]);
  });

  it("gives each of twelve leads its own row in 12x1", () => {
    const rows = panes({ ...view, arrangement: "12x1" });
    expect(rows.map((row) => row.lead)).toEqual(["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"]);
    expect(groups({ ...view, arrangement: "12x1" })).toHaveLength(1);
  });

  it("never lets panes overlap or leave the paper, in any layout, speed and gain", () => {
    for (const arrangement of ARRANGEMENTS) {
      for (const order of LEAD_ORDERS) {
        for (const speed_mm_s of SPEEDS_MM_S) {
          const all = panes({ ...view, arrangement, order, speed_mm_s, half_chest: true });
          for (const pane of all) {
            expect(pane.x + pane.width).toBeLessThanOrEqual(view.width_px);
            expect(pane.top + pane.height).toBeLessThanOrEqual(view.height_px + 1);
            expect(pane.baseline).toBeGreaterThan(pane.top);
            const beside = all.filter((one) => one !== pane && one.top === pane.top);
            expect(beside.some((one) => one.x < pane.x + pane.width && pane.x < one.x + one.width)).toBe(false);
          }
        }
      }
    }
  });

  it("draws all leads at one gain, or the chest leads at half of it, and says so at each of them", () => {
    for (const gain_mm_mv of GAINS_MM_MV) {
      expect(new Set(panes({ ...view, gain_mm_mv }).map((pane) => pane.gain_mm_mv))).toEqual(new Set([gain_mm_mv]));
      for (const pane of panes({ ...view, arrangement: "3x4+3", gain_mm_mv, half_chest: true })) {
        const chest = /^V[1-6]$/.test(pane.lead);
        expect([pane.label, pane.gain_mm_mv]).toEqual(chest ? [`${pane.lead} ½`, gain_mm_mv / 2] : [pane.lead, gain_mm_mv]);
      }
    }
  });

  it("begins each row, and no other pane, with its calibration", () => {
    const begins = panes(view).filter((pane) => pane.step_gains_mm_mv.length > 0).map((pane) => pane.lead);
    expect(begins).toEqual(["I", "II", "III", "II"]);
    expect(panes({ ...view, half_chest: true })[0]!.step_gains_mm_mv).toEqual([10, 5]);
  });

  it("gives two leads two rows over the whole width, and none of anything nothing", () => {
    const rows = panes({ ...view, leads: ["II", "V5"] });
    expect(rows.map(({ lead, top, height }) => [lead, top, height])).toEqual([["II", 0, 140], ["V5", 140, 140]]);
    expect(rows.every((row) => row.x + row.width > view.width_px - 2)).toBe(true);
    expect(panes({ ...view, leads: [] })).toEqual([]);
  });
});
