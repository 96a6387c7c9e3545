/** What stands between a request and its room, in order. */

import type { ConsultCard, ConsultState } from "../../api/types";

export const RUNNING: readonly ConsultState[] = ["accepted", "in_call"];
export const OPEN: readonly ConsultState[] = ["waiting", "returned", "accepted", "in_call"];

export interface Steps {
  identity: boolean;
  consent: boolean;
  /** Media may open: identity confirmed and consent recorded. */
  ready: boolean;
  /** A specialist has taken it: there is a room. */
  room: boolean;
}

export function stepsOf(card: ConsultCard): Steps {
  const consent = card.consent !== null;
  return { identity: card.identity_confirmed, consent, ready: card.identity_confirmed && consent, room: RUNNING.includes(card.state) };
}
