/** What the vital signs show: newest of each kind, whether it is live, too old, or gone silent. Pure. */

import type { Reading, ReadingKind } from "../../api/types";

/** The order on the screen. */
export const SHOWN_KINDS: readonly ReadingKind[] = [
  "systolic_pressure",
  "pulse_rate",
  "oxygen_saturation",
  "respiratory_rate",
  "body_temperature",
  "blood_glucose",
];

/** A live number without a new one for this long becomes a dash. */
export const SILENT_MS = 3000;

/** After this many minutes a stored value is shown greyed, as out of date. */
export const GOOD_FOR_MIN: Record<ReadingKind, number> = {
  systolic_pressure: 15,
  diastolic_pressure: 15,
  pulse_rate: 15,
  oxygen_saturation: 15,
  respiratory_rate: 15,
  body_temperature: 240,
  blood_glucose: 240,
};

/** A reading that came while the room was open, under a binding or not. */
export interface Heard {
  reading: Reading;
  /** `null`: not from the running binding. */
  binding_id: string | null;
  heard_ms: number;
}

/** Shown as live only while it is this young: what was filed late is no live number. */
export const LIVE_FOR_MS = 10_000;

/** What to keep of two that were heard: the one that was measured later. */
export function laterOf(known: Heard | undefined, came: Heard): Heard {
  const same = known !== undefined && known.binding_id === came.binding_id;
  return same && measured_ms(known.reading) > measured_ms(came.reading) ? known : came;
}

export type VitalState = "live" | "silent" | "stored" | "old";

export interface Vital {
  kind: ReadingKind;
  /** `null`: nothing known, or a live number that has gone silent. */
  reading: Reading | null;
  state: VitalState;
  measured_at: string | null;
}

/**
 * The newest reading of a kind, and how it may be shown at `now_ms` (server's clock for stored ones).
 *
 * `station_away`: no number of its devices is live, however young the last one is.
 */
export function vitalOf(
  kind: ReadingKind,
  stored: readonly Reading[],
  heard: Heard | undefined,
  binding_id: string | null,
  now_ms: number,
  server_now_ms: number,
  station_away = false,
): Vital {
  const newest = newestOf(kind, stored);
  if (heard !== undefined && heard.binding_id !== null && heard.binding_id === binding_id && !typedSince(newest, heard)) {
    return liveVital(kind, heard, now_ms, server_now_ms, station_away);
  }
  if (newest === null) return { kind, reading: null, state: "stored", measured_at: null };
  const age_min = (server_now_ms - Date.parse(newest.measured_at)) / 60_000;
  return { kind, reading: newest, state: age_min > GOOD_FOR_MIN[kind] ? "old" : "stored", measured_at: newest.measured_at };
}

/** The newest reading of a kind that is known at all, however old or silent; whoever shows it says its time. */
export function lastKnownOf(kind: ReadingKind, stored: readonly Reading[], heard: Heard | undefined): Reading | null {
  return newestOf(kind, heard === undefined ? stored : [...stored, heard.reading]);
}

function typedSince(newest: Reading | null, heard: Heard): boolean {
  return newest?.source === "typed" && measured_ms(newest) > measured_ms(heard.reading);
}

function liveVital(kind: ReadingKind, heard: Heard, now_ms: number, server_now_ms: number, station_away: boolean): Vital {
  const { reading } = heard;
  const is_young = Math.abs(server_now_ms - measured_ms(reading)) <= LIVE_FOR_MS;
  if (is_young && !station_away && now_ms - heard.heard_ms <= SILENT_MS) return { kind, reading, state: "live", measured_at: reading.measured_at };
  return { kind, reading: null, state: "silent", measured_at: reading.measured_at };
}

function newestOf(kind: ReadingKind, readings: readonly Reading[]): Reading | null {
  return readings
    .filter((reading) => reading.kind === kind)
    .reduce<Reading | null>((best, one) => (best === null || measured_ms(one) > measured_ms(best) ? one : best), null);
}

/** Compared as times: one may be written with another offset than the other. */
function measured_ms(reading: Reading): number {
  return Date.parse(reading.measured_at);
}
