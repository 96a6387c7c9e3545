/** How long a study has waited by now, and whether that is over its target. Pure. */

import type { EcgStudyCard, StudyState } from "../../api/types";

const OPEN: readonly StudyState[] = ["waiting", "reading", "signed"];

/** Whether nobody has read it for good. */
export function isOpen({ state }: Pick<EcgStudyCard, "state">): boolean {
  return OPEN.includes(state);
}

/** Seconds it has waited; they stop with the last signature or the rejection. `read_ms`: when the server said so. */
export function waited_s(card: Pick<EcgStudyCard, "state" | "waited_s">, read_ms: number, now_ms: number): number {
  return isOpen(card) ? card.waited_s + Math.max(0, Math.floor((now_ms - read_ms) / 1000)) : card.waited_s;
}

/** Seconds over the target of its class; `null` while it is within. */
export function late_s(card: Pick<EcgStudyCard, "state" | "waited_s" | "target_s">, read_ms: number, now_ms: number): number | null {
  const over_s = waited_s(card, read_ms, now_ms) - card.target_s;
  return isOpen(card) && over_s > 0 ? over_s : null;
}
