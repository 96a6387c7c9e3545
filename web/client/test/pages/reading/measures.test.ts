import { expect, test } from "vitest";
import type { DraftValue } from "../../../src/api/types";
import { leadRows, machineValue, MAIN, OTHER, readTyped } from "../../../src/pages/reading/measures";

const value = (measure: string, lead: string, uv: number | null): DraftValue => ({ measure, unit: "uV", value: uv, confidence: 0.9, absent: "", lead });

test("nothing typed leaves the machine's; a figure takes its place, as it was meant", () => {
  expect(readTyped(" ", "pr")).toEqual({ kind: "nothing" });
  expect(readTyped("２１６", "pr")).toEqual({ kind: "value", value: 216 });
  expect(readTyped("−35", "qrs_axis")).toEqual({ kind: "value", value: -35 });
});

test("what is no figure, or none a living heart can show, is never sent", () => {
  expect(readTyped("about 200", "pr")).toEqual({ kind: "wrong", why: "not_a_number" });
  expect(readTyped("1e3", "pr")).toEqual({ kind: "wrong", why: "not_a_number" });
  expect(readTyped("401", "rate")).toEqual({ kind: "wrong", why: "impossible" });
  expect(readTyped("-200", "t_axis")).toEqual({ kind: "wrong", why: "impossible" });
});

test("every measurement of the whole has one place, and only one", () => {
  const all = [...MAIN, ...OTHER];
  expect(new Set(all).size).toBe(17);
  expect(all).toHaveLength(17);
});

test("an amplitude of a lead is never taken for one of the whole", () => {
  const values = [value("p", "II", 120), { ...value("p", "", 104), unit: "ms" }];
  expect(machineValue(values, "p")?.value).toBe(104);
});

test("amplitudes are millivolts, by lead; absent stays absent", () => {
  const rows = leadRows([value("r", "I", 500), value("st_j", "I", null), value("r", "V1", 250)]);
  expect(rows).toEqual([{ lead: "I", values: { r: 0.5, st_j: null } }, { lead: "V1", values: { r: 0.25 } }]);
});
