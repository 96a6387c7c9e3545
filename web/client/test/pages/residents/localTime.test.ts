import { expect, test } from "vitest";
import { fromLocalField, toLocalField } from "../../../src/pages/residents/localTime";

test("a time that is written into a field and read again is the same minute", () => {
  const at = new Date("2026-11-20T01:52:31Z");
  expect(Date.parse(fromLocalField(toLocalField(at))!)).toBe(Date.parse("2026-11-20T01:52:00Z"));
});

test("an empty field is no time, and never now", () => {
  expect([fromLocalField(""), fromLocalField("soon")]).toEqual([null, null]);
});
