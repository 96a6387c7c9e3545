import { expect, test } from "vitest";
import { MISSING } from "../src/ecg/wire";
import { leadOf, type ThumbnailEcg } from "../src/ui/ecgThumbnail";

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
