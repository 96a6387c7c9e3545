/** The chest-pain clock's intervals, counted from the moments that are known. It tells times and nothing else. Pure. */

import type { ChestPainClock, ChestPainMoment, ChestPainStood, ChestPainTime, TargetTime } from "./api/types";

export const MOMENTS: readonly ChestPainMoment[] = ["onset", "first_contact", "first_ecg", "ecg_read"];

export interface Span {
  since: ChestPainMoment;
  /** `null`: to now. */
  until: ChestPainMoment | null;
  /** Negative: the second moment lies before the first; somebody has to look at both. */
  seconds: number;
  running: boolean;
  target: TargetTime | null;
  /** Beyond the target, by so much; `null`: within it, or there is none. */
  late_s: number | null;
}

export function timeOf(clock: ChestPainClock, moment: ChestPainMoment): ChestPainTime | null {
  return clock.times.find((one) => one.moment === moment) ?? null;
}

/** How long since onset and since first contact; `now_ms` is the server's. */
export function running(clock: ChestPainClock, now_ms: number): Span[] {
  return (["onset", "first_contact"] as const).flatMap((since) => {
    const from = timeOf(clock, since);
    return from === null ? [] : [{ since, until: null, seconds: (now_ms - Date.parse(from.at)) / 1000, running: true, target: null, late_s: null }];
  });
}

/** The intervals that have a target: as they were, or as they run. `now_ms`: `null` once the consult is over, then none runs. */
export function targeted(clock: ChestPainClock, now_ms: number | null): Span[] {
  return clock.targets.flatMap((target) => {
    const [from, to] = [timeOf(clock, target.since), timeOf(clock, target.until)];
    const end_ms = to === null ? now_ms : Date.parse(to.at);
    if (from === null || end_ms === null) return [];
    const seconds = (end_ms - Date.parse(from.at)) / 1000;
    const over_s = seconds - target.minutes * 60;
    return [{ since: target.since, until: target.until, seconds, running: to === null, target, late_s: over_s > 0 ? over_s : null }];
  });
}

/** The clock as an opinion was signed with it: without who entered what, which stays with the consult. */
export function clockAsSigned(stood: readonly ChestPainStood[], targets: readonly TargetTime[]): ChestPainClock {
  return { times: stood.map(({ moment, at }) => ({ moment, at, by_name: "", entered_at: null, study_id: null })), log: [], targets: [...targets] };
}

/** Whether the clock of the consult tells other times by now than those that were signed. */
export function movedSince(stood: readonly ChestPainStood[], clock: ChestPainClock | null): boolean {
  const now = clock?.times ?? [];
  return stood.length !== now.length || stood.some(({ moment, at }) => !now.some((one) => one.moment === moment && Date.parse(one.at) === Date.parse(at)));
}

/** Whether anything stands that is not as it was first entered: then the log is worth a look. */
export function isCorrected(clock: ChestPainClock): boolean {
  return clock.log.some((one) => one.reason !== "" || one.at === null);
}
