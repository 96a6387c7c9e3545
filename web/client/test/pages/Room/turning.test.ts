import { expect, test } from "vitest";
import { turnedBy } from "../../../src/pages/Room/turning";

const RATE_HZ = 500;
const page = { end: 20_000, newest: 60_000, page_samples: 5000 };
const turned = (key: string, from = page) => turnedBy(key, from, RATE_HZ);

test("arrows turn by a second, page keys by a page, Home and End to the ends", () => {
  expect(["ArrowLeft", "ArrowRight", "ArrowDown", "ArrowUp"].map((key) => turned(key))).toEqual([19_500, 20_500, 19_500, 20_500]);
  expect(["PageUp", "PageDown", "Home", "End"].map((key) => turned(key))).toEqual([15_000, 25_000, 5000, 60_000]);
});

test("no key turns beyond the newest sample, nor before the first whole page", () => {
  expect(turned("ArrowRight", { ...page, end: 59_800 })).toBe(60_000);
  expect(turned("PageUp", { ...page, end: 7000 })).toBe(5000);
  expect(turned("Home", { ...page, end: 900, newest: 1000 })).toBe(1000);
});

test("other keys turn nothing", () => {
  expect([turned("a"), turned("Tab"), turned("Enter")]).toEqual([null, null, null]);
});
