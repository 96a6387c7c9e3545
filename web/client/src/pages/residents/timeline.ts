/** A resident's record in one line of time, the newest first. */

import type { ConsultCard, EcgRecording, Opinion, Reading, ResidentPage } from "../../api/types";

export type Entry =
  | { kind: "consult"; at: string; key: string; consult: ConsultCard; opinion: Opinion | null }
  | { kind: "ecg"; at: string; key: string; recording: EcgRecording }
  | { kind: "reading"; at: string; key: string; readings: Reading[] };

export type EntryKind = Entry["kind"];

/** Consults with their signed opinion, ECGs, and readings that were taken together. */
export function timeline(page: ResidentPage): Entry[] {
  const consults: Entry[] = page.consults.map((consult) => ({
    kind: "consult",
    at: consult.asked_at,
    key: consult.id,
    consult,
    opinion: page.opinions.find((one) => one.consult_id === consult.id) ?? null,
  }));
  const ecgs: Entry[] = page.recordings.map((recording) => ({ kind: "ecg", at: recording.started_at, key: recording.id, recording }));
  return [...consults, ...ecgs, ...together(page.readings)].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

function together(readings: readonly Reading[]): Entry[] {
  const groups = new Map<string, Reading[]>();
  for (const reading of readings) {
    const key = `${reading.measured_at} ${reading.source}`;
    groups.set(key, [...(groups.get(key) ?? []), reading]);
  }
  return [...groups.values()].map((group) => ({ kind: "reading", at: group[0]!.measured_at, key: group[0]!.id, readings: group }));
}
