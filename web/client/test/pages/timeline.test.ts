import { describe, expect, it } from "vitest";
import type { EcgReport, EcgStudyCard, Reading, ResidentPage } from "../../src/api/types";
import { countOf, laneOf, timeline } from "../../src/pages/residents/timeline";

const BEGIN = Date.parse("2026-11-24T03:39:00Z");

function reading(kind: string, value: number, at_s: number, source = "device"): Reading {
  const measured_at = new Date(BEGIN + at_s * 1000).toISOString();
  return { id: `${kind}-${at_s}-${source}`, kind, value, measured_at, source } as unknown as Reading;
}

function record(readings: Reading[]): ResidentPage {
  return { consults: [], opinions: [], recordings: [], ultrasound_stills: [], ultrasound_clips: [], derived_measurements: [], ecg_studies: [], ecg_reports: [], readings } as unknown as ResidentPage;
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

describe("kept ECGs in the timeline", () => {
  const study = (fields: Partial<EcgStudyCard>) => ({ id: "s", state: "final", taken_at: "2026-11-20T01:52:00Z", ...fields }) as EcgStudyCard;
  const report = (id: string, fields: Partial<EcgReport>) => ({ id, study_id: "s", kind: "reading", ...fields }) as EcgReport;
  const entryOf = (card: EcgStudyCard, reports: EcgReport[]) => timeline({ ...record([]), ecg_studies: [card], ecg_reports: reports })[0]!;

  it("shows the last signed reading with what was added to it, and stands at the time it was taken", () => {
    const entry = entryOf(study({}), [report("returned", {}), report("stands", {}), report("more", { kind: "addendum" }), report("another's", { study_id: "t" })]);
    expect(entry).toMatchObject({ kind: "study", at: "2026-11-20T01:52:00Z", report: { id: "stands" }, addenda: [{ id: "more" }] });
    expect(laneOf(entry)).toBe("ecg");
  });

  it("shows no report of one that was returned and waits again", () => {
    expect(entryOf(study({ state: "waiting" }), [report("returned", {})])).toMatchObject({ report: null });
  });
});

describe("kept ultrasound in the timeline", () => {
  const still = (id: string, consult_id: string, taken_at: string) => ({ id, consult_id, taken_at });
  const clip = (id: string, consult_id: string, taken_at: string) => ({ clip: { id, consult_id, taken_at } });
  const page = {
    ...record([]),
    consults: [{ id: "c1", asked_at: "2026-11-20T01:00:00Z" }],
    ultrasound_stills: [still("b", "c1", "2026-11-20T01:20:00Z"), still("moved", "c2", "2026-11-21T01:00:00Z"), still("a", "c1", "2026-11-20T01:10:00Z")],
    ultrasound_clips: [clip("k", "c1", "2026-11-20T01:15:00Z")],
    derived_measurements: [{ id: "ef", consult_id: "c1", kept_at: "2026-11-20T02:00:00Z" }],
  } as unknown as ResidentPage;
  const entries = timeline(page).filter((one) => one.kind === "ultrasound");

  it("is one entry for each consult, in the order it was taken, at the time of the last", () => {
    expect(entries.map((one) => [one.at, one.kept.stills.map(({ id }) => id), one.kept.clips.map((of) => of.clip.id)])).toEqual([
      ["2026-11-21T01:00:00Z", ["moved"], []],
      ["2026-11-20T01:20:00Z", ["a", "b"], ["k"]],
    ]);
    expect(entries.map(laneOf)).toEqual(["ultrasound", "ultrasound"]);
  });

  it("puts what was derived to its consult's pictures, and keeps a void one whose pictures all went to others", () => {
    expect(entries.map((one) => one.kept.derived.map(({ id }) => id))).toEqual([[], ["ef"]]);
    const alone = timeline({ ...page, ultrasound_stills: [], ultrasound_clips: [] }).filter((one) => one.kind === "ultrasound");
    expect(alone.map((one) => [one.at, one.kept.derived.length])).toEqual([["2026-11-20T02:00:00Z", 1]]);
  });

  it("counts each picture and clip, and names no consult that is not this resident's", () => {
    expect(entries.map(countOf)).toEqual([1, 3]);
    expect(entries.map((one) => one.consult?.id ?? null)).toEqual([null, "c1"]);
  });
});
