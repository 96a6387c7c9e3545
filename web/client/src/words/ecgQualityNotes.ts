/** What is said of a note on an ECG's quality. */

import type { QualityNote } from "../api/types";
import { w } from "./index.svelte";

/** More leads than this are counted. */
const MOST_NAMED = 4;

export function noteName(code: string): string {
  const { finding, shortfall, reversal } = w.ecgQuality;
  return ({ ...finding, ...shortfall, ...reversal } as Record<string, string>)[code] ?? code;
}

/** What is wrong, and where: for a line that has little room. */
export function noteShort({ code, leads }: Pick<QualityNote, "code" | "leads">): string {
  if (leads.length === 0 || code === "all_flat") return noteName(code);
  return `${noteName(code)}${w.common.colon}${leads.length > MOST_NAMED ? w.room.ecg.leads(leads.length) : leads.join(" ")}`;
}
