/** From the tape's timeline, the server's clock, to the station's, on which the ECG was taken. Pure. */

import type { TapeAct } from "../api/types";
import { lastAtOrBelow } from "./frames";

export interface Reading {
  at_us: number;
  offset_us: number;
  uncertainty_us: number;
}

/** How a binding's station clock stood, as it was told while the tape ran: station = server + offset. */
export function readingsOf(acts: readonly TapeAct[], binding_id: string): Reading[] {
  return acts
    .filter(({ message }) => message["type"] === "station_clock" && message["binding_id"] === binding_id)
    .map(({ at_us, message }) => ({ at_us, offset_us: Number(message["offset_us"]), uncertainty_us: Number(message["uncertainty_us"]) }));
}

/** The reading that holds at a moment: the last by then, or else the first. `null`: none was ever told. */
export function readingAt(readings: readonly Reading[], at_us: number): Reading | null {
  const at = lastAtOrBelow(readings.map((one) => one.at_us), at_us);
  return readings[Math.max(0, at)] ?? null;
}

/** Microseconds since 1970 of an ISO moment in UTC, which a `Date` would cut to milliseconds. */
export function micros(iso: string): number {
  const parts = /^(.*?)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(iso);
  if (parts === null) return Number.NaN;
  const fraction = Number((parts[2] ?? "").padEnd(6, "0").slice(0, 6));
  return Date.parse(`${parts[1]}${parts[3]}`) * 1000 + fraction;
}
