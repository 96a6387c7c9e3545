/** What a specialist can answer to a consult. */

import { socket } from "../../api/events";
import type { ConsultCard, ConsultState, DeclineKind } from "../../api/types";
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

/** A due opinion of another specialist that this one may write: it is free, or was offered to her. */
export function mayTake(card: ConsultCard, account_id: string | undefined): boolean {
  if (card.state !== "opinion_due" || card.specialist?.id === account_id) return false;
  return card.opinion_free || card.handed_to?.id === account_id;
}

/** Take it and go to its room. Of two at the same instant the other is refused. */
export async function accept(card: ConsultCard): Promise<void> {
  await socket.command({ type: "accept_consult", consult_id: card.id });
  navigate(`/consults/${card.id}/room`);
}

/** What the reasons to choose from tell the asker, in their order. */
const DECLINES: readonly DeclineKind[] = ["busy", "other_field", "off_duty", "conflict"];

export async function decline(card: ConsultCard, reason: string, chosen: number): Promise<void> {
  await socket.command({ type: "decline_consult", consult_id: card.id, reason, kind: DECLINES[chosen] ?? "other" });
}

export async function giveBack(card: ConsultCard, reason: string): Promise<void> {
  await socket.command({ type: "return_consult", consult_id: card.id, reason });
}
