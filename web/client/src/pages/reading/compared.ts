/** What differs between two ECGs, as it is written: of the figures that are shown, so that they add up. Pure. */

import type { ComparedSt, ComparedValue, Measure } from "../../api/types";
import { figure } from "../../words/format";
import { w } from "../../words/index.svelte";
import { unitOf } from "./measures";

const HALF_TURN = 180;

/** Later less earlier, of axes the shorter way round. */
export function changeText({ measure, earlier, later }: Pick<ComparedValue, "measure" | "earlier" | "later">): string {
  const difference = Number(figure(later)) - Number(figure(earlier));
  const isAxis = unitOf(measure as Measure) === "degree";
  return signed(isAxis ? shorterWay(difference) : difference, 0);
}

/** The change of a level of ST in millivolts. */
export function stChange({ earlier_uv, later_uv }: Pick<ComparedSt, "earlier_uv" | "later_uv">): string {
  return signed(Number(figure(later_uv / 1000, 2)) - Number(figure(earlier_uv / 1000, 2)), 2);
}

function shorterWay(degrees: number): number {
  const turn = 2 * HALF_TURN;
  return HALF_TURN - ((((HALF_TURN - degrees) % turn) + turn) % turn);
}

/** With its sign; nothing before a zero. */
function signed(value: number, decimals: number): string {
  const text = figure(value, decimals);
  return Number(text) > 0 ? `+${text}` : text.replace("-", "−");
}

/** The levels of ST of one lead, at J and 60 ms after it. */
export interface StRow {
  lead: string;
  at_j: ComparedSt | undefined;
  at_60: ComparedSt | undefined;
}

/** One row for each lead, in the order they came. */
export function stRows(levels: readonly ComparedSt[]): StRow[] {
  const leads = [...new Set(levels.map((one) => one.lead))];
  const at = (lead: string, where: string) => levels.find((one) => one.lead === lead && one.at === where);
  return leads.map((lead) => ({ lead, at_j: at(lead, "st_j"), at_60: at(lead, "st_60") }));
}

/** Why two ECGs are not compared: the reason itself, where the server names one. */
export function comparisonFault({ code, fields, fault }: { code: string; fields: Record<string, string>; fault: string }): string {
  return (code === "not_comparable" ? w.ecgCompare.refused[fields["why"] ?? ""] : undefined) ?? fault;
}
