import { expect, test } from "vitest";
import type { Term } from "../../../src/api/types";
import { findTerms } from "../../../src/pages/reading/terms";

const term = (code: string, zh: string, en: string): Term => ({ code, group: "sinus", zh, en });
const TERMS = [
  term("AHA-20", "窦性心律", "Sinus rhythm"),
  term("AHA-22", "窦性心动过缓", "Sinus bradycardia"),
  term("AHA-50", "心房颤动", "Atrial fibrillation"),
  term("AHA-51", "心房扑动", "Atrial flutter"),
  term("AHA-104", "左束支阻滞", "Left bundle-branch block"),
  term("AHA-150", "U 波明显", "Prominent U waves"),
];
const codes = (text: string) => findTerms(TERMS, text).map((one) => one.code);

test("nothing typed: all of them in their own order", () => {
  expect(codes("  ")).toEqual(TERMS.map((one) => one.code));
});

test("by Chinese, English, and code; full-width letters are letters", () => {
  expect(codes("心房")).toEqual(["AHA-50", "AHA-51"]);
  expect(codes("Flutter")).toEqual(["AHA-51"]);
  expect(codes("bundle branch")).toEqual(["AHA-104"]);
  expect(codes("ＡＨＡ－２２")).toEqual(["AHA-22"]);
});

test("an abbreviation everybody writes comes before what merely holds its letters", () => {
  expect(codes("AF")[0]).toBe("AHA-50");
  expect(codes("lbbb")).toEqual(["AHA-104"]);
});

test("a code is its whole number, not a part of another's", () => {
  expect(codes("50")).toEqual(["AHA-50"]);
});

test("the usual short Chinese finds the long term", () => {
  expect(codes("窦缓")).toEqual(["AHA-22"]);
  expect(codes("房颤")[0]).toBe("AHA-50");
});

test("what fits nothing finds nothing", () => {
  expect(codes("xyz")).toEqual([]);
});
