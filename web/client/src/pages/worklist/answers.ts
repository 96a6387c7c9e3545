/** What a specialist can answer to a consult. */

import { socket } from "../../api/events";
import type { ConsultCard, ConsultState } from "../../api/types";
import { navigate } from "../../router.svelte";
import { isMine } from "../../ringing.svelte";

const RUNNING: readonly ConsultState[] = ["accepted", "in_call"];

/** A ring for somebody who is brought in to a running consult: she joins, there is nothing to accept. */
export function isInvitation(card: ConsultCard): boolean {
  return card.rings_me && RUNNING.includes(card.state);
}

export function canAccept(card: ConsultCard): boolean {
  return card.state === "waiting";
}

export function canEnter(card: ConsultCard, account_id: string | undefined): boolean {
  return RUNNING.includes(card.state) && isMine(card, account_id);
}

/** Take it and go to its room. Of two at the same instant the other is refused. */
export async function accept(card: ConsultCard): Promise<void> {
  await socket.command({ type: "accept_consult", consult_id: card.id });
  navigate(`/consults/${card.id}/room`);
}

export async function decline(card: ConsultCard, reason: string): Promise<void> {
  await socket.command({ type: "decline_consult", consult_id: card.id, reason });
}

export async function giveBack(card: ConsultCard, reason: string): Promise<void> {
  await socket.command({ type: "return_consult", consult_id: card.id, reason });
}
