import { expect, it } from "vitest";
import { clippedBeside, isSameQuality, type Note } from "../../src/ecg/qualityNotes";

const note = (more: Partial<Note> = {}): Note => ({ code: "mains_50", weight: "note", leads: ["V3"], electrodes: ["V3"], ...more });

it("two judgements are the same only when cause, weight, leads and electrodes are", () => {
  expect(isSameQuality([note()], [note()])).toBe(true);
  expect(isSameQuality([], [])).toBe(true);
  for (const more of [{ code: "muscle" }, { weight: "repeat" }, { leads: ["V3", "V4"] }, { electrodes: ["V4"] }]) {
    expect(isSameQuality([note()], [note(more)])).toBe(false);
  }
  expect(isSameQuality([note()], [])).toBe(false);
});

it("a lead that the device calls clipped is named once: with what to do, where the station judged it too", () => {
  expect(clippedBeside(["V1", "V2"], [note({ code: "clipped", leads: ["V2"] })])).toEqual(["V1"]);
  expect(clippedBeside(["V1"], [note({ leads: ["V1"] })])).toEqual(["V1"]);
});
