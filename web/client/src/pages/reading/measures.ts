/** The measurements of an ECG in the order a reader looks for them, and what may be typed in their place. Pure. */

import type { CorrectedValue, DraftValue, Measure } from "../../api/types";
import { figure } from "../../words/format";

/** The usual ones; the others stand below them. */
export const MAIN: readonly Measure[] = ["rate", "pr", "qrs", "qt", "qtc_fridericia", "qtc_bazett", "p_axis", "qrs_axis", "t_axis"];
export const OTHER: readonly Measure[] = ["p", "qtc_framingham", "qtc_hodges", "rr_mean", "rr_min", "rr_max", "rr_sd", "rr_rmssd"];

const AXES: readonly Measure[] = ["p_axis", "qrs_axis", "t_axis"];
type Unit = "rate" | "ms" | "degree";

export function unitOf(measure: Measure): Unit {
  if (measure === "rate") return "rate";
  return AXES.includes(measure) ? "degree" : "ms";
}

/** Outside of these a figure was mistyped: what a living heart can show, not what is healthy. As the server has them. */
export const POSSIBLE: Record<Unit, [low: number, high: number]> = { rate: [5, 400], ms: [0, 10_000], degree: [-180, 180] };

/** What a physician typed beside a measurement: nothing, a value, that there is none, or no figure at all. */
export type Typed = { kind: "nothing" } | { kind: "value"; value: number } | { kind: "wrong"; why: "not_a_number" | "impossible" };

/** Read a typed figure; full-width digits and a true minus sign are taken as they are meant. */
export function readTyped(text: string, measure: Measure): Typed {
  const plain = text.normalize("NFKC").trim().replace("−", "-").replace(",", ".");
  if (plain === "") return { kind: "nothing" };
  if (!/^-?\d+(\.\d+)?$/.test(plain)) return { kind: "wrong", why: "not_a_number" };
  const value = Number(plain);
  const [low, high] = POSSIBLE[unitOf(measure)];
  return value < low || value > high ? { kind: "wrong", why: "impossible" } : { kind: "value", value };
}

/** A whole ECG's measurement as it is written: whole numbers, as it is read on paper. */
export function valueText(value: number | null | undefined): string {
  return figure(value, 0);
}

/** The machine's measurement of the whole ECG. */
export function machineValue(values: readonly DraftValue[], measure: Measure): DraftValue | undefined {
  return values.find((one) => one.measure === measure && one.lead === "");
}

/** The physician's word on a measurement in a signed report, if there is one. */
export function correction(corrections: readonly CorrectedValue[], measure: Measure): CorrectedValue | undefined {
  return corrections.find((one) => one.measure === measure);
}

/** Amplitudes by lead, in millivolts: `null` where there is none. */
export interface LeadRow {
  lead: string;
  values: Record<string, number | null>;
}
export const LEAD_MEASURES = ["p", "q", "r", "s", "st_j", "st_60", "t"] as const;

/** One row for each lead that was measured, in the order they came. */
export function leadRows(values: readonly DraftValue[]): LeadRow[] {
  const rows = new Map<string, LeadRow>();
  for (const { lead, measure, value } of values) {
    if (lead === "") continue;
    const row = rows.get(lead) ?? { lead, values: {} };
    row.values[measure] = value === null ? null : value / 1000;
    rows.set(lead, row);
  }
  return [...rows.values()];
}
