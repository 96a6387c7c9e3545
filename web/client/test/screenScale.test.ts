import { expect, test } from "vitest";
import { pxPerMmOn, readCalibrations, recalibrated, screenName } from "../src/screenScale";

const LAPTOP = { width: 1366, height: 768, left: 0, top: 0, device_pixel_ratio: 1 };
const MONITOR = { width: 1920, height: 1080, left: 1366, top: 0, device_pixel_ratio: 1 };

test("a calibration holds for one screen at one scale of its pixels", () => {
  const kept = recalibrated([], screenName(LAPTOP), 4.2);
  expect(pxPerMmOn(screenName(LAPTOP), kept)).toBe(4.2);
  for (const other of [MONITOR, { ...LAPTOP, device_pixel_ratio: 1.25 }, { ...LAPTOP, left: 1920 }, { ...LAPTOP, width: 1920 }]) {
    expect(pxPerMmOn(screenName(other), kept)).toBeNull();
  }
});

test("each screen keeps its own, and forgetting one leaves the others", () => {
  const both = recalibrated(recalibrated([], screenName(LAPTOP), 4.2), screenName(MONITOR), 3.6);
  expect([LAPTOP, MONITOR].map((one) => pxPerMmOn(screenName(one), both))).toEqual([4.2, 3.6]);
  expect(pxPerMmOn(screenName(LAPTOP), recalibrated(both, screenName(LAPTOP), 5))).toBe(5);
  const one = recalibrated(both, screenName(LAPTOP), null);
  expect([LAPTOP, MONITOR].map((screen) => pxPerMmOn(screenName(screen), one))).toEqual([null, 3.6]);
});

test("only the last few screens are kept", () => {
  let kept = readCalibrations([]);
  for (let width = 1000; width < 1020; width++) kept = recalibrated(kept, screenName({ ...LAPTOP, width }), 4);
  expect([kept.length, kept.at(-1)!.screen]).toEqual([8, screenName({ ...LAPTOP, width: 1019 })]);
});

test("what is stored is not trusted", () => {
  expect(readCalibrations([{ screen: "a", px_per_mm: 4 }, { screen: "b", px_per_mm: "4" }, { screen: "c", px_per_mm: 0 }, { px_per_mm: 4 }, null, 7])).toEqual([{ screen: "a", px_per_mm: 4 }]);
  for (const broken of [undefined, null, 4.2, "4.2", {}]) expect(readCalibrations(broken)).toEqual([]);
});
