import { expect, test } from "vitest";
import type { DeviceSpan } from "../../src/api/types";
import { clippedOf, everythingSaid, unusableOf } from "../../src/ecg/deviceSaid";
import { span } from "./studies";

const V2_OFF = { electrodes_off: ["V2"], unusable: ["V2"] };

test("spans that follow each other are one stretch of a lead, whatever else was said in them", () => {
  const spans: DeviceSpan[] = [span(100, 50, V2_OFF), span(150, 50, { ...V2_OFF, clipped: ["I"] }), span(300, 10, V2_OFF)];
  expect(unusableOf(spans, "V2")).toEqual([
    { first: 100, end: 200, electrodes: ["V2"] },
    { first: 300, end: 310, electrodes: ["V2"] },
  ]);
  expect(clippedOf(spans, "I")).toEqual([{ first: 150, end: 200, electrodes: [] }]);
  expect([unusableOf(spans, "V3"), clippedOf(spans, "V2")]).toEqual([[], []]);
});

test("a lead names the electrodes it needs: its own, and those that every lead needs", () => {
  const spans = [span(0, 10, { electrodes_off: ["RL", "V1", "V2"], unusable: ["I", "V2", "V6"] })];
  expect(["I", "V2", "V6"].map((lead) => unusableOf(spans, lead)[0]!.electrodes)).toEqual([["RL"], ["RL", "V2"], ["RL"]]);
});

test("all that was said: electrodes, leads that no electrode explains, clipping, pulses of the device's own", () => {
  const spans = [
    span(0, 100, { calibration: true }),
    span(100, 50, { electrodes_off: ["V2"], unusable: ["III", "V2"], clipped: ["I", "II"] }),
    span(150, 50, { ...V2_OFF, clipped: ["I"] }),
  ];
  expect(everythingSaid(spans)).toEqual([
    { kind: "off", names: ["V2"], first: 100, end: 200 },
    { kind: "unusable", names: ["III"], first: 100, end: 150 },
    { kind: "clipped", names: ["I"], first: 100, end: 200 },
    { kind: "clipped", names: ["II"], first: 100, end: 150 },
    { kind: "calibration", names: [""], first: 0, end: 100 },
  ]);
});

test("electrodes that were off for the same samples are named together", () => {
  expect(everythingSaid([span(5, 5, { electrodes_off: ["V2", "V3"], unusable: ["V2", "V3"] })])).toEqual([{ kind: "off", names: ["V2", "V3"], first: 5, end: 10 }]);
});
