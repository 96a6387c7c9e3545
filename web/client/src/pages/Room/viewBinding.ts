/** Which view of an opened checklist a kept still shows. Pure. */

import type { ChecklistCard, ViewProtocol, ViewState } from "../../api/types";
import { VIEW_PROTOCOLS } from "../../viewProtocols";
import { tickOf, viewWords } from "./checklists";

export interface BindableView {
  protocol: ViewProtocol;
  view: string;
  name: string;
  /** Of the still that shows it already. */
  number: string;
}

/** Every view of the opened protocols, in the order they were opened. */
export function bindableViews(cards: readonly ChecklistCard[]): BindableView[] {
  return cards.flatMap((card) =>
    VIEW_PROTOCOLS[card.protocol].views.map(({ code }) => ({ protocol: card.protocol, view: code, name: viewWords(card.protocol, code).name, number: tickOf(card, code)?.still_number ?? "" })),
  );
}

/** The view whose turn it is: the first one of the protocol that was opened last which nobody has ticked. */
export function nextView(cards: readonly ChecklistCard[]): BindableView | null {
  for (const card of [...cards].reverse()) {
    const open = bindableViews([card]).find(({ view }) => tickOf(card, view) === null);
    if (open !== undefined) return open;
  }
  return null;
}

/** How a view stands once a still shows it: as was said of it before, else obtained. */
export function stateWith(cards: readonly ChecklistCard[], { protocol, view }: BindableView): ViewState {
  const card = cards.find((one) => one.protocol === protocol);
  const before = card === undefined ? undefined : tickOf(card, view)?.state;
  return before === "limited" ? "limited" : "adequate";
}

/** The views that a kept still shows. */
export function viewsOf(cards: readonly ChecklistCard[], still_id: string): BindableView[] {
  return bindableViews(cards).filter(({ protocol, view }) => cards.some((card) => card.protocol === protocol && tickOf(card, view)?.still_id === still_id));
}
