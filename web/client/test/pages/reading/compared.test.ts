import { expect, test } from "vitest";
import type { ComparedSt } from "../../../src/api/types";
import { changeText, comparisonFault, stChange, stRows } from "../../../src/pages/reading/compared";
import { w } from "../../../src/words/index.svelte";

test("a difference is that of the figures beside it, with its sign", () => {
  const change = (earlier: number, later: number, measure = "rate") => changeText({ measure, earlier, later });
  expect([change(78.4, 45.5), change(45.5, 78.4), change(60.4, 59.6), change(60.6, 59.4)]).toEqual(["−32", "+32", "0", "−2"]);
});

test("of axes it is the shorter way round", () => {
  const turn = (earlier: number, later: number) => changeText({ measure: "qrs_axis", earlier, later });
  expect([turn(170, -170), turn(-170, 170), turn(-30, 60), turn(0, 180), turn(90, -90)]).toEqual(["+20", "−20", "+90", "+180", "+180"]);
});

test("a level of ST changes by hundredths of a millivolt", () => {
  expect([stChange({ earlier_uv: 4, later_uv: 127 }), stChange({ earlier_uv: 100, later_uv: -50 }), stChange({ earlier_uv: 3, later_uv: 4 })]).toEqual(["+0.13", "−0.15", "0.00"]);
});

test("levels of ST stand in one row for each lead", () => {
  const level = (lead: string, at: string, later_uv: number) => ({ lead, at, later_uv }) as ComparedSt;
  const rows = stRows([level("II", "st_j", 1), level("II", "st_60", 2), level("V2", "st_60", 3)]);
  expect(rows.map((row) => [row.lead, row.at_j?.later_uv, row.at_60?.later_uv])).toEqual([
    ["II", 1, 2],
    ["V2", undefined, 3],
  ]);
});

test("a reason that this page does not know is told in the server's words", () => {
  const refused = { code: "not_comparable", fields: { why: "new_reason" }, fault: w.refusals.not_comparable };
  expect(comparisonFault(refused)).toBe(w.refusals.not_comparable);
  expect(comparisonFault({ ...refused, fields: { why: "simulated" } })).toBe(w.ecgCompare.refused["simulated"]);
  expect(comparisonFault({ code: "not_found", fields: {}, fault: "x" })).toBe("x");
});
