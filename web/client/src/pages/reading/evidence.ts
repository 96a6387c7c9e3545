/** What a finding stands on, in words: the very sentences of the printed report, with their values. */

import type { CriticalResult, DraftEvidence } from "../../api/types";
import { filled } from "../../words/filled";
import { figure } from "../../words/format";
import { language, w } from "../../words/index.svelte";

/** One value of a critical rule's evidence; empty for a quantity this page does not know. */
export function evidenceText({ quantity, value, leads }: DraftEvidence): string {
  const sentence = (w.ecgFindings.evidence as Record<string, string>)[quantity];
  if (sentence === undefined) return "";
  const lead = leads.join(w.common.listComma);
  return filled(sentence, { value: quantity === "st_uv" ? figure(value / 1000, 2) : figure(value, Number.isInteger(value) ? 0 : 1), lead });
}

/** Where in the ECG it was seen, in seconds from its start. */
export function placeText({ first, count }: DraftEvidence, rate_hz: number): string {
  if (first === null || count === null) return "";
  return w.reading.hitAt(figure(first / rate_hz, 1), figure((first + count) / rate_hz, 1));
}

/** A rule's evidence in one line: where, and with what values. */
export function evidenceLine({ evidence }: CriticalResult, rate_hz: number): string {
  const places = [...new Set(evidence.map((one) => placeText(one, rate_hz)))];
  const values = [...new Set(evidence.map(evidenceText))];
  return [...places.slice(0, 2), ...values].filter((text) => text !== "").join(" · ");
}

/** What a statement is about, without its values: for one that was neither made nor ruled out. */
export function statementName(code: string): string {
  const sentence = (w.ecgFindings.statements as Record<string, string>)[code];
  return sentence?.split(/[：:{（(]/)[0]!.trim() || code;
}

/** A sentence that comes in both languages. */
export function inLanguage({ zh, en }: { zh: string; en: string }): string {
  return language.current === "zh" ? zh : en;
}
