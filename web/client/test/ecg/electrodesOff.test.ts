import { describe, expect, it } from "vitest";
import { isSameSight, lossOf, OffElectrodes } from "../../src/ecg/electrodesOff";
import { ELECTRODES } from "../../src/ecg/wire";

describe("what is lost with an electrode", () => {
  it("is its own lead for a chest electrode, all twelve for one of a limb, the cable for all ten", () => {
    expect([lossOf(["V2"]), lossOf(["V2", "V6"]), lossOf(["RA"]), lossOf(["LL", "V1"])]).toEqual(["own", "own", "limb", "limb"]);
    expect([lossOf(["RL"]), lossOf(["RA", "RL"]), lossOf([...ELECTRODES])]).toEqual(["reference", "reference", "cable"]);
  });
});

describe("electrodes that are off", () => {
  it("are shown at once, and a moment longer than they are off, as on again", () => {
    const watch = new OffElectrodes();
    expect(watch.take(["V2"], 0)).toMatchObject({ off: ["V2"], back: [] });
    expect(watch.take([], 500)).toMatchObject({ off: ["V2"], back: ["V2"] });
    expect(watch.take(["V2"], 750)).toMatchObject({ off: ["V2"], back: [] });
    expect(watch.take([], 2700)).toMatchObject({ off: ["V2"], back: ["V2"] });
    expect(watch.take([], 2750)).toMatchObject({ off: [], back: [] });
  });

  it("are said once, and only when they stay off; that all are on again likewise", () => {
    const watch = new OffElectrodes();
    const said = (off: ("V2" | "RA")[], at_ms: number) => watch.take(off, at_ms).said.join(" ");
    expect([said(["V2"], 0), said(["V2"], 900), said(["V2"], 1000), said(["V2"], 1250)]).toEqual(["", "", "V2", "V2"]);
    expect([said([], 1500), said(["V2"], 1750), said(["V2"], 2750)]).toEqual(["V2", "V2", "V2"]);
    expect([said(["RA", "V2"], 3000), said(["RA", "V2"], 4000)]).toEqual(["V2", "RA V2"]);
    expect(watch.take([], 4250).all_on).toBe(false);
    expect(watch.take([], 5250)).toMatchObject({ said: [], all_on: true });
  });

  it("change nothing while they stay as they are, so that nothing is said or drawn anew", () => {
    const watch = new OffElectrodes();
    watch.take(["V2"], 0);
    const before = watch.take(["V2"], 1000);
    expect(isSameSight(watch.take(["V2"], 1250), before)).toBe(true);
    expect(isSameSight(watch.take(["V3"], 1500), before)).toBe(false);
  });

  it("are never called on again because nothing is known of them any more", () => {
    const watch = new OffElectrodes();
    watch.take(["V2"], 0);
    watch.take(["V2"], 1000);
    watch.forget();
    expect(watch.take([], 1250)).toEqual({ off: [], back: [], said: [], all_on: false });
    expect(watch.take([], 5000).all_on).toBe(false);
  });
});
