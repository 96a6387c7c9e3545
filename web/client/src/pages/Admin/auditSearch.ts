/** A search of the audit trail as a person fills it in, and as the server takes it. */

import type { AuditSearch } from "../../api/types";

/** What is in the form; the times as `<input type="datetime-local">` writes them, in the reader's zone. */
export interface Wanted {
  sign_in_name: string;
  record_number: string;
  since: string;
  until: string;
}

export const ANY: Wanted = { sign_in_name: "", record_number: "", since: "", until: "" };

/** The search for the server; `before_seq` asks for the page after that entry. */
export function searchOf(wanted: Wanted, before_seq: number | null = null): AuditSearch {
  return {
    sign_in_name: wanted.sign_in_name.trim(),
    record_number: wanted.record_number.replaceAll(/\s/g, ""),
    since: moment(wanted.since),
    until: moment(wanted.until),
    before_seq,
  };
}

/** True when the times leave nothing between them. */
export function isBackwards({ since, until }: Wanted): boolean {
  return since !== "" && until !== "" && Date.parse(until) <= Date.parse(since);
}

function moment(local: string): string | null {
  const at = local === "" ? NaN : Date.parse(local);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
