import { describe, expect, it } from "vitest";
import type { Reading, ResidentPage } from "../../src/api/types";
import { timeline } from "../../src/pages/residents/timeline";

const BEGIN = Date.parse("2026-11-24T03:39:00Z");

function reading(kind: string, value: number, at_s: number, source = "device"): Reading {
  const measured_at = new Date(BEGIN + at_s * 1000).toISOString();
  return { id: `${kind}-${at_s}-${source}`, kind, value, measured_at, source } as unknown as Reading;
}

function record(readings: Reading[]): ResidentPage {
  return { consults: [], opinions: [], recordings: [], readings } as unknown as ResidentPage;
}

describe("readings in the timeline", () => {
  it("makes one entry of what a device measures on and on, with the newest of each kind", () => {
    const readings = [0, 10, 20, 30].flatMap((at) => [reading("pulse_rate", 70 + at, at), reading("oxygen_saturation", 96, at)]);
    const [entry, ...others] = timeline(record(readings));
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ kind: "reading", times: 4, since: readings[0]!.measured_at, at: readings.at(-1)!.measured_at });
    expect(entry?.kind === "reading" && entry.readings.map((one) => [one.kind, one.value])).toEqual([["pulse_rate", 100], ["oxygen_saturation", 96]]);
  });

  it("begins anew after a pause, and never joins what was typed", () => {
    const readings = [reading("pulse_rate", 70, 0), reading("pulse_rate", 71, 600), reading("pulse_rate", 72, 601, "typed"), reading("pulse_rate", 73, 602, "typed")];
    expect(timeline(record(readings))).toHaveLength(4);
  });
});
