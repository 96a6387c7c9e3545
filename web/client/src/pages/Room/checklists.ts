/** The checklists of views as they are shown. Pure. */

import type { ChecklistCard, ViewProtocol, ViewTick } from "../../api/types";
import { w } from "../../words/index.svelte";

/** What stands of a view; `null`: it is open. */
export function tickOf(card: ChecklistCard, view: string): ViewTick | null {
  return card.ticks.find((one) => one.view === view) ?? null;
}

/** How many views were obtained, limited ones among them. */
export function obtained(card: ChecklistCard): number {
  return card.ticks.filter((one) => one.state === "adequate" || one.state === "limited").length;
}

/** What a view is called, and what to look for. */
export function viewWords(protocol: ViewProtocol, view: string): { name: string; look: string } {
  const views = w.viewProtocols[protocol].views as Record<string, { name: string; look: string }>;
  return views[view] ?? { name: view, look: "" };
}
