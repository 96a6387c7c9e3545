import { expect, test } from "vitest";
import { markOf } from "../../src/ecg/marks";
import type { Electrode } from "../../src/ecg/wire";

const EIGHT = ["I", "II", "V1", "V2", "V3", "V4", "V5", "V6"];
const status = (off: Electrode[], unusable: string[]) => ({
  electrodes_off: off,
  leads_unusable: unusable,
  meta: { rate_hz: 500, nv_per_lsb: 2500, leads: EIGHT, filters: null },
});

test("only the lead whose own electrode came off is called off", () => {
  const ra_off = status(["RA"], ["I", "II"]);
  expect(["I", "II", "V2"].map((lead) => markOf(lead, ra_off))).toEqual(["unusable", "unusable", null]);
  expect(markOf("V2", status(["V2"], ["V2"]))).toBe("off");
});

test("a derived lead is unusable when I or II is", () => {
  expect(markOf("aVF", status([], ["II"]))).toBe("unusable");
  expect(markOf("aVF", status([], ["V3"]))).toBeNull();
});
