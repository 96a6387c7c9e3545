/** A refusal as a sentence in the language of the screens. */

import { ApiError } from "../api/client";
import { RefusedError } from "../api/events";
import { w } from "./index.svelte";

/** Codes whose sentence says more on the server's side than the code alone does. */
const SERVER_KNOWS_MORE = new Set(["rule_broken", "out_of_range"]);

export function sentenceOf(fault: unknown): string {
  if (fault instanceof ApiError) return said(fault.problem.fields["rule"] ?? fault.problem.code, fault.problem.sentence);
  if (fault instanceof RefusedError) return said(fault.code, fault.sentence);
  return w.refusals.server_fault;
}

function said(code: string, sentence: string): string {
  const own = (w.refusals as Record<string, string>)[code];
  if (SERVER_KNOWS_MORE.has(code) && sentence !== "") return sentence;
  return own ?? (sentence || w.refusals.server_fault);
}
