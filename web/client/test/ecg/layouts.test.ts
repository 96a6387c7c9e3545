import { describe, expect, it } from "vitest";
import { ARRANGEMENTS, LEAD_ORDERS, LEADS, sheetOf } from "../../src/ecg/layouts";

const names = (cells: { name: string }[]) => cells.map((cell) => cell.name).join(" ");
const written = (...of: Parameters<typeof sheetOf>) => {
  const { rows, rhythm } = sheetOf(...of);
  return [...rows.map(names), ...rhythm.map((cell) => `${cell.name} …`)];
};

describe("a sheet", () => {
  it("is 3x4 with one rhythm row, or with three", () => {
    expect(written("3x4+1", "standard")).toEqual(["I aVR V1 V4", "II aVL V2 V5", "III aVF V3 V6", "II …"]);
    expect(written("3x4+3", "standard").slice(3)).toEqual(["V1 …", "II …", "V5 …"]);
  });

  it("is 6x2: limb leads beside chest leads", () => {
    expect(written("6x2", "standard")).toEqual(["I V1", "II V2", "III V3", "aVR V4", "aVL V5", "aVF V6"]);
  });

  it("is 12x1 in the standard order", () => {
    expect(written("12x1", "standard")).toEqual(LEADS);
  });

  it("runs round the frontal plane in the Cabrera order, aVR upside down and named so", () => {
    expect(written("12x1", "cabrera").slice(0, 6)).toEqual(["aVL", "I", "−aVR", "II", "aVF", "III"]);
    expect(written("3x4+1", "cabrera")).toEqual(["aVL II V1 V4", "I aVF V2 V5", "−aVR III V3 V6", "II …"]);
    const turned = sheetOf("6x2", "cabrera").rows.flat().filter((cell) => cell.sign === -1);
    expect(turned).toEqual([{ lead: "aVR", name: "−aVR", sign: -1 }]);
  });

  it("holds every one of the twelve leads, in every layout and order", () => {
    for (const arrangement of ARRANGEMENTS) {
      for (const order of LEAD_ORDERS) expect(sheetOf(arrangement, order).rows.flat().map((cell) => cell.lead).sort()).toEqual([...LEADS].sort());
    }
  });

  it("gives a row that is none of the twelve leads its own name, behind those that are", () => {
    expect(written("3x4+1", "standard", ["strap"])).toEqual(["strap"]);
    expect(written("12x1", "standard", ["strap", "II"])).toEqual(["II", "strap"]);
  });

  it("gives each lead a row of its own where there are fewer than twelve", () => {
    expect(written("3x4+1", "standard", ["V1", "II"])).toEqual(["II", "V1"]);
    expect(written("6x2", "cabrera", ["I", "II", "III", "aVR", "aVL", "aVF"])).toEqual(["aVL", "I", "−aVR", "II", "aVF", "III"]);
    expect(written("12x1", "standard", ["ECG1", "II"])).toEqual(["II", "ECG1"]);
    expect(written("12x1", "standard", [])).toEqual([]);
  });
});
