import { expect, test } from "vitest";
import type { CriticalResult, DraftEvidence } from "../../../src/api/types";
import { evidenceLine, statementName } from "../../../src/pages/reading/evidence";

const seen = (quantity: string, value: number, fields: Partial<DraftEvidence> = {}): DraftEvidence => ({ quantity, value, unit: "", limit: null, leads: [], first: 1000, count: 1500, ...fields });
const result = (...evidence: DraftEvidence[]) => ({ evidence }) as unknown as CriticalResult;

test("where it was seen comes first, once, then each value in the words of the printed report", () => {
  expect(evidenceLine(result(seen("rate_per_min", 34), seen("lasted_s", 3.2)), 500)).toBe("第 2.0–5.0 秒 · 平均心室率 34 次/分 · 持续 3.2 s");
});

test("an ST level is told in millivolts, with its lead", () => {
  expect(evidenceLine(result(seen("st_uv", 210, { leads: ["V2"], first: null })), 500)).toBe("V2 导联 ST（J 点）0.21 mV");
});

test("a quantity this page has no words for is left out, and never shown as a bare number", () => {
  expect(evidenceLine(result(seen("something_new", 7, { first: null })), 500)).toBe("");
});

test("a statement that was withheld is named without values", () => {
  expect(statementName("rate_low")).toBe("心室率慢");
  expect(statementName("no_such_statement")).toBe("no_such_statement");
});
