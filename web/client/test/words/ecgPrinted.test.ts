import { afterAll, expect, test } from "vitest";
import { DIAGNOSTIC } from "../../src/ecg/filters";
import { ago, bandText, deviceFilters, filterWarnings, layoutText, leadWarnings, notPossible, pageMissing, pageSpan, shownFilters } from "../../src/words/ecgPrinted";
import { language } from "../../src/words/index.svelte";

afterAll(() => language.set("zh"));

test("the filters of the picture are printed, also that there are none", () => {
  expect(shownFilters(DIAGNOSTIC)).toBe("滤波 0.05–150 Hz");
  expect(shownFilters({ high_pass_hz: 0.5, low_pass_hz: 40, mains_hz: 50 })).toBe("滤波 0.5–40 Hz · 陷波 50 Hz");
  expect(shownFilters({ high_pass_hz: null, low_pass_hz: null, mains_hz: null })).toBe("未滤波");
  expect(shownFilters({ high_pass_hz: 0.05, low_pass_hz: null, mains_hz: 60 })).toBe("滤波 高通 0.05 Hz · 陷波 60 Hz");
  expect(bandText({ low_hz: null, high_hz: 40, notch_hz: null })).toBe("低通 40 Hz");
});

test("what the device did is told apart, and nothing is claimed where it did not say", () => {
  expect(deviceFilters({ low_hz: 0.05, high_hz: 150, notch_hz: 0 })).toBe("设备滤波 0.05–150 Hz");
  for (const unsaid of [null, { low_hz: null, high_hz: null, notch_hz: null }]) expect(deviceFilters(unsaid)).toBe("设备滤波未说明");
});

test("a filter that takes something away says what", () => {
  expect(filterWarnings(DIAGNOSTIC)).toEqual([]);
  expect(filterWarnings({ high_pass_hz: 0.67, low_pass_hz: 40, mains_hz: null })).toEqual(["监护滤波：ST 段不可判读", "低通 40 Hz：波幅可能降低"]);
});

test("a row that is none of the twelve leads is said to be for rhythm only", () => {
  expect(leadWarnings(["I", "II", "aVF", "V6"])).toEqual([]);
  expect(leadWarnings(["strap"])).toEqual(["strap 非标准导联，仅供判读节律"]);
});

test("a filter that a sample rate does not allow is told, not silently left out", () => {
  expect(notPossible(DIAGNOSTIC, 250)).toBe("采样率 250 Hz，不能用低通 150 Hz");
  expect([notPossible(DIAGNOSTIC, 500), notPossible(DIAGNOSTIC, null)]).toEqual(["", ""]);
});

test("a layout is named; with fewer leads than twelve it is rows", () => {
  expect([layoutText("6x2", "cabrera", 12), layoutText("3x4+3", "standard", 12), layoutText("6x2", "cabrera", 2)]).toEqual(["Cabrera 6×2", "3×4 + 3", "2 个导联，各占一行"]);
});

test("a page says when it is of, and what of it is missing or on its way", () => {
  const at = Date.UTC(2026, 10, 23, 2, 43, 12) * 1000;
  expect(pageSpan({ from_us: at, to_us: at + 9_998_000 })).toMatch(/^\d\d:43:12–\d\d:43:21$/);
  expect(pageSpan({ from_us: null, to_us: at })).toBe("时刻未知");
  expect([ago(12.34), ago(119.9), ago(134.9)]).toEqual(["12.3 秒前", "119.9 秒前", "2 分 14 秒前"]);
  expect(pageMissing({ missing: 0, not_taken: 0, fetching: true }, 500)).toBe("本页无缺失");
  expect(pageMissing({ missing: 120, not_taken: 0, fetching: false }, 500)).toBe("本页缺失 120 个采样点（0.24 秒，斜线处）");
  expect(pageMissing({ missing: 120, not_taken: 0, fetching: true }, 500)).toBe("正在读取已存的采样点…");
  expect(pageMissing({ missing: 0, not_taken: 100, fetching: false }, 500)).toBe("本页无缺失 · 信号源断点 0.20 秒");
});

test("all of it in English too", async () => {
  await language.set("en");
  expect(shownFilters(DIAGNOSTIC)).toBe("filters 0.05–150 Hz");
  expect(filterWarnings({ high_pass_hz: 0.5, low_pass_hz: null, mains_hz: null })).toEqual(["Monitor filter: ST not valid"]);
  expect(leadWarnings(["II", "strap"])).toEqual(["strap: none of the twelve leads, for rhythm only"]);
  expect([ago(5), ago(125)]).toEqual(["5.0 s ago", "2 min 5 s ago"]);
});
