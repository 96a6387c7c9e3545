import { expect, test } from "vitest";
import { ageMonths, ageYears, clock, clockSeconds, date, dateTime, duration, figure, longDate, NONE, recordNumber } from "../../src/words/format";

const MOMENT = new Date(2026, 10, 23, 10, 46, 3);

test("dates and clocks are written the same in both languages", () => {
  expect(date(MOMENT)).toBe("2026-11-23");
  expect(clock(MOMENT)).toBe("10:46");
  expect(clockSeconds(MOMENT)).toBe("10:46:03");
  expect(dateTime(MOMENT)).toBe("2026-11-23 10:46");
});

test("the long date follows the language", () => {
  expect(longDate(MOMENT, "zh")).toBe("11月23日 周一");
  expect(longDate(MOMENT, "en")).toBe("Mon 23 Nov");
});

test("a plain date has no time zone and is not moved by one", () => {
  expect(date("1959-03-14")).toBe("1959-03-14");
});

test("an absent value is an en dash, never 0", () => {
  expect([date(null), clock(undefined), dateTime("no date"), duration(null), figure(null), figure(Number.NaN)]).toEqual(Array(6).fill(NONE));
});

test("a figure that is next to nothing has no sign", () => {
  expect([figure(-0.03, 1), figure(-0), figure(-0.06, 1)]).toEqual(["0.0", "0", "-0.1"]);
});

test("durations run in minutes and seconds, from an hour on with hours, and are never negative", () => {
  expect([0, 61.9, 3599, 3600, -5].map((s) => duration(s))).toEqual(["00:00", "01:01", "59:59", "1:00:00", "00:00"]);
});

test("an age changes on the birthday and not before", () => {
  expect(ageYears("1959-03-14", new Date(2026, 2, 13))).toBe(66);
  expect(ageYears("1959-03-14", new Date(2026, 2, 14))).toBe(67);
  expect(ageMonths("2026-01-31", new Date(2026, 3, 30))).toBe(2);
  expect(ageYears("nonsense", MOMENT)).toBeNull();
});

test("a record number of 17 digits is read in groups", () => {
  expect(recordNumber("33010000601200417")).toBe("330100 006 012 00417");
  expect(recordNumber("A-12")).toBe("A-12");
});
