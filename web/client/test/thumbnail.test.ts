import { expect, test } from "vitest";
import { MISSING } from "../src/ecg/wire";
import { layOutThumbnail, leadOf, type ThumbnailEcg } from "../src/ui/ecgThumbnail";

function ecg(leads: string[], values: number[][]): ThumbnailEcg {
  return { leads, lead_count: leads.length, count: values[0]!.length, rate_hz: 500, nv_per_lsb: 1000, samples: Int16Array.from(values.flat()) };
}

test("a stored lead is taken as it is", () => {
  expect([...leadOf(ecg(["I", "II", "III"], [[1, 2], [5, 5], [9, 9]]), "III")!]).toEqual([9, 9]);
});

test("a lead that was not stored is derived by Einthoven's and Goldberger's rules", () => {
  const two = ecg(["I", "II"], [[10, 20], [30, 50]]);
  expect(["III", "aVR", "aVL", "aVF"].map((lead) => [...leadOf(two, lead)!])).toEqual([[20, 30], [-20, -35], [-5, -5], [25, 40]]);
});

test("a missing sample stays missing, also in what is derived from it", () => {
  const two = ecg(["I", "II"], [[10, MISSING], [30, 50]]);
  expect([...leadOf(two, "III")!]).toEqual([20, Number.NaN]);
});

test("a chest lead that is not there is not made up", () => {
  expect(leadOf(ecg(["I", "II"], [[1], [1]]), "V1")).toBeNull();
});

const LEADS = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"];
/** Twelve leads, each from `-down` to `up` microvolts. */
const reaching = (up: number, down: number, but: Record<string, [number, number]> = {}) =>
  ecg(LEADS, LEADS.map((lead) => [but[lead]?.[0] ?? up, -(but[lead]?.[1] ?? down)]));

test("rows of small waves are all as high as paper has them", () => {
  const { gain_mm_mv, rows, too_high } = layOutThumbnail(reaching(500, 200), 150);
  expect([gain_mm_mv, too_high]).toEqual([10, false]);
  expect(rows.map((row) => row.height_mm)).toEqual([15, 15, 15]);
});

test("a row is as high as its leads need: V5 does not reach into V4, nor V4 into V5", () => {
  const { gain_mm_mv, rows } = layOutThumbnail(reaching(500, 200, { V5: [2400, 200], V4: [500, 1500] }), 150);
  expect(gain_mm_mv).toBe(10);
  expect(rows[0]!.height_mm - rows[0]!.baseline_mm).toBeGreaterThan(15);
  expect(rows[1]!.baseline_mm).toBeGreaterThan(24);
  expect(rows[2]!.height_mm).toBe(15);
});

test("what would be too high is shown at a lower gain, the same for every lead", () => {
  const tall = reaching(500, 200, { V4: [4000, 4000], V5: [4000, 4000], V6: [4000, 4000] });
  expect(layOutThumbnail(tall, 150)).toMatchObject({ gain_mm_mv: 5, too_high: false });
  expect(layOutThumbnail(reaching(9000, 9000), 100)).toMatchObject({ gain_mm_mv: 2.5, too_high: true });
});
