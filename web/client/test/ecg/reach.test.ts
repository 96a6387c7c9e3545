import { describe, expect, it } from "vitest";
import { crowding, fits, gainThatFits, type Reach, reachOf } from "../../src/ecg/reach";
import { Ring } from "../../src/ecg/ring";
import { FIRST_CHOICE, panes, type View } from "../../src/ecg/sheet";
import { MISSING } from "../../src/ecg/wire";
import { shownOf, wave } from "./packets";

/** Rows of 15 mm: 11 mm above 0 mV and 4 mm below it. */
const view: View = { ...FIRST_CHOICE, px_per_mm: 4, width_px: 1100, height_px: 240 };
const SMALL: Reach[] = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"].map((lead) => ({ lead, low_mv: -0.2, high_mv: 0.8 }));
const withLead = (lead: string, low_mv: number, high_mv: number) => SMALL.map((one) => (one.lead === lead ? { lead, low_mv, high_mv } : one));

describe("leads that reach far", () => {
  it("fit as long as no band overlaps another", () => {
    expect(fits(crowding(view, SMALL))).toBe(true);
  });

  it("are named with the neighbour they run into, above or below", () => {
    expect(crowding(view, withLead("V5", -0.2, 2.4))).toEqual({ overlapping: ["V4", "V5"], off_paper: [] });
    expect(crowding(view, withLead("V2", -2.1, 0.4)).overlapping).toEqual(["V2", "V3"]);
    expect(crowding(view, withLead("V6", -1.4, 0.4)).overlapping).toEqual(["II", "V6"]);
  });

  it("are named when the paper ends before they do", () => {
    expect(crowding(view, withLead("V4", -0.2, 1.3))).toEqual({ overlapping: [], off_paper: ["V4"] });
  });

  it("get one lower gain for all, the largest that fits, and none when no gain does", () => {
    const tall = withLead("V5", -0.2, 2.4);
    expect(gainThatFits({ ...view, gain_mm_mv: 20 }, SMALL)).toBe(10);
    expect(gainThatFits(view, tall)).toBe(5);
    expect(gainThatFits(view, withLead("V5", -0.2, 9))).toBeNull();
    expect(gainThatFits({ ...view, gain_mm_mv: 2.5 }, withLead("V5", -0.2, 5.5))).toBeNull();
  });

  it("need less room where the chest leads have half the gain", () => {
    expect(crowding({ ...view, half_chest: true }, withLead("V5", -0.2, 2.4))).toEqual({ overlapping: [], off_paper: [] });
    expect(crowding({ ...view, half_chest: true }, withLead("aVF", -0.2, 2.4)).overlapping).toEqual(["aVL", "aVF"]);
  });

  it("reach the other way where a lead is drawn upside down", () => {
    const cabrera = { ...view, order: "cabrera" } as const; // aVL and II, I and aVF, -aVR and III in the first columns
    expect(crowding(cabrera, withLead("aVR", -2.1, 0.2)).overlapping).toEqual(["I", "−aVR"]);
    expect(crowding(cabrera, withLead("aVR", -0.3, 1.4)).overlapping).toEqual(["II", "−aVR"]);
  });

  it("never move their row: a row's place follows from the paper alone", () => {
    const rows = (gain_mm_mv: 5 | 10) => panes({ ...view, gain_mm_mv }).map(({ top, height, baseline }) => [top, height, baseline]);
    expect(rows(5)).toEqual(rows(10));
  });
});

describe("the reach of a lead", () => {
  it("is its least and most sample, in millivolts, without those that are missing", () => {
    const ring = new Ring(2, 500);
    ring.store(wave({ leads: [[1000, MISSING, -250, 125], [MISSING, MISSING, MISSING, MISSING]] }));
    expect(reachOf(shownOf(ring), ["V1", "V2"], 0, 4)).toEqual([{ lead: "V1", low_mv: -0.25, high_mv: 1 }]);
  });
});
