/** How long a claim holds. Each saving under it lets it begin anew. Pure. */

import type { Claim } from "../../api/types";

export interface ClaimTimes {
  expires_ms: number;
  lasts_ms: number;
}

/** From what a study page says: a claim lasts from when it was made, or from the last saving under it. */
export function claimTimes(claim: Pick<Claim, "at" | "expires_at">, saved_at: string | null): ClaimTimes {
  const expires_ms = Date.parse(claim.expires_at);
  const made_ms = Date.parse(claim.at);
  const saved_ms = saved_at === null ? made_ms : Date.parse(saved_at);
  const begun_ms = saved_ms >= made_ms && saved_ms <= expires_ms ? saved_ms : made_ms;
  return { expires_ms, lasts_ms: expires_ms - begun_ms };
}

/** After something was saved. */
export function renewed(times: ClaimTimes, saved_at: string): ClaimTimes {
  return { ...times, expires_ms: Math.max(times.expires_ms, Date.parse(saved_at) + times.lasts_ms) };
}

/** Whole seconds that are left; 0 once it ran out. */
export function left_s({ expires_ms }: Pick<ClaimTimes, "expires_ms">, now_ms: number): number {
  return Math.max(0, Math.ceil((expires_ms - now_ms) / 1000));
}
