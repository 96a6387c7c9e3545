/** A resident's record in one line of time, the newest first. */

import type { ConsultCard, EcgRecording, EcgReport, EcgStudyCard, Opinion, Reading, ResidentPage } from "../../api/types";
import type { Kept } from "../kept/kept";

export type Entry =
  | { kind: "consult"; at: string; key: string; consult: ConsultCard; opinion: Opinion | null }
  | { kind: "ecg"; at: string; key: string; recording: EcgRecording }
  /** An ECG that was kept to be read; `report`: the reading that stands, with what was added to it. */
  | { kind: "study"; at: string; key: string; study: EcgStudyCard; report: EcgReport | null; addenda: EcgReport[] }
  /** What was kept of one consult's ultrasound; `consult`: unless it is another resident's. */
  | { kind: "ultrasound"; at: string; key: string; kept: Kept; consult: ConsultCard | null }
  /** `since` and `times`: of a device that measured on and on; `readings` are then the newest of each kind. */
  | { kind: "reading"; at: string; key: string; readings: Reading[]; since: string; times: number };

/** What can be shown or hidden together. */
export type Lane = "consult" | "ultrasound" | "ecg" | "reading";

export function laneOf({ kind }: Pick<Entry, "kind">): Lane {
  return kind === "study" ? "ecg" : kind;
}

/** How many things of its lane an entry is. */
export function countOf(entry: Entry): number {
  return entry.kind === "ultrasound" ? entry.kept.stills.length + entry.kept.clips.length : 1;
}

/** Consults with their signed opinion, ultrasound pictures of one consult, ECGs, and readings that were taken together. */
export function timeline(page: ResidentPage): Entry[] {
  const consults: Entry[] = page.consults.map((consult) => ({
    kind: "consult",
    at: consult.asked_at,
    key: consult.id,
    consult,
    opinion: page.opinions.find((one) => one.consult_id === consult.id) ?? null,
  }));
  const ecgs: Entry[] = page.recordings.map((recording) => ({ kind: "ecg", at: recording.started_at, key: recording.id, recording }));
  return [...consults, ...ecgs, ...page.ecg_studies.map((study) => entryOf(study, page.ecg_reports)), ...pictures(page), ...together(page.readings)].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

/** A consult's stills and clips are one entry, in the order they were taken, at the time of the last of them. */
function pictures(page: ResidentPage): Entry[] {
  const ids = new Set([...page.ultrasound_stills.map((one) => one.consult_id), ...page.ultrasound_clips.map((one) => one.clip.consult_id), ...page.derived_measurements.map((one) => one.consult_id)]);
  return [...ids].map((id) => {
    const stills = page.ultrasound_stills.filter((one) => one.consult_id === id).sort((a, b) => Date.parse(a.taken_at) - Date.parse(b.taken_at));
    const clips = page.ultrasound_clips.filter((one) => one.clip.consult_id === id).sort((a, b) => Date.parse(a.clip.taken_at) - Date.parse(b.clip.taken_at));
    const derived = page.derived_measurements.filter((one) => one.consult_id === id);
    const times = [...stills.map((one) => one.taken_at), ...clips.map((one) => one.clip.taken_at)];
    if (times.length === 0) times.push(...derived.map((one) => one.kept_at)); // void: its stills went to others
    const at = times.reduce((last, one) => (Date.parse(one) > Date.parse(last) ? one : last));
    return { kind: "ultrasound", at, key: `ultrasound-${id}`, kept: { stills, clips, derived }, consult: page.consults.find((one) => one.id === id) ?? null };
  });
}

/** Of several signed readings only the last can stand: those before it were returned. */
function entryOf(study: EcgStudyCard, reports: readonly EcgReport[]): Entry {
  const own = reports.filter((one) => one.study_id === study.id);
  const stands = study.state === "signed" || study.state === "final";
  return {
    kind: "study",
    at: study.taken_at,
    key: study.id,
    study,
    report: stands ? (own.findLast((one) => one.kind === "reading") ?? null) : null,
    addenda: own.filter((one) => one.kind === "addendum"),
  };
}

/** A device that pauses for longer than this measures anew; the server files one reading a minute. */
const SERIES_PAUSE_MS = 150_000;

function together(readings: readonly Reading[]): Entry[] {
  const groups = new Map<string, Reading[]>();
  for (const reading of readings) {
    const key = `${reading.measured_at} ${reading.source}`;
    groups.set(key, [...(groups.get(key) ?? []), reading]);
  }
  const inTime = [...groups.values()].sort((a, b) => time(a) - time(b));
  return series(inTime).map((groups) => {
    const newest = groups.at(-1)![0]!;
    return { kind: "reading", at: newest.measured_at, key: newest.id, readings: newestOfEach(groups), since: groups[0]![0]!.measured_at, times: groups.length };
  });
}

/** What a device measured on and on is one entry: a consult's hundreds must not bury the record. */
function series(inTime: Reading[][]): Reading[][][] {
  const found: Reading[][][] = [];
  for (const group of inTime) {
    const last = found.findLast((one) => one[0]![0]!.source === group[0]!.source);
    const goes_on = last !== undefined && group[0]!.source !== "typed" && time(group) - time(last.at(-1)!) <= SERIES_PAUSE_MS;
    if (goes_on) last.push(group);
    else found.push([group]);
  }
  return found;
}

function newestOfEach(groups: Reading[][]): Reading[] {
  return [...new Map(groups.flat().map((reading) => [reading.kind, reading])).values()];
}

function time(group: Reading[]): number {
  return Date.parse(group[0]!.measured_at);
}
