/** A CSV file of accounts: its form, reading it, and what the server found wrong with it in people's words. */

import type { AccountMade } from "../../api/types";
import { download } from "../../ui/download";
import type { Words } from "../../words/index.svelte";

export const COLUMNS = ["sign_in_name", "display_name", "role", "institution", "department", "title", "specialties", "languages"] as const;
export const TEMPLATE = `${COLUMNS.join(",")}\r\n`;
export const LARGEST_BYTES = 512 * 1024;

export class NotUtf8Error extends Error {
  override name = "NotUtf8Error";
}

/** The text of a file; raises `NotUtf8Error` for bytes in another encoding (spreadsheets like to write GBK). */
export function decoded(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new NotUtf8Error("the file is not UTF-8");
  }
}

type Said = Words["admin"]["importing"];

/** One fault as the page's reader would say it; a sentence that is not known stays as the server wrote it. */
export function faultText(message: string, words: Said): string {
  const [, field, what] = /^([a-z_]+): (.+)$/s.exec(message) ?? [];
  const name = field === undefined ? undefined : words.field[field];
  if (name !== undefined && what !== undefined) return `${name}: ${said(what, words)}`;
  return said(message, words);
}

function said(what: string, { said }: Said): string {
  const part = (pattern: RegExp) => pattern.exec(what);
  if (what === "taken") return said.taken;
  if (what === "twice in the file") return said.twice;
  if (what.startsWith("1 to 64 letters")) return said.letters;
  if (what === "1 to 80 characters") return said.length;
  if (what === "no such institution") return said.institution;
  if (what.startsWith("no such department")) return said.department;
  if (what === "no such specialty") return said.specialty;
  const header = part(/^the header must name (.+)$/s);
  if (header) return said.header(header[1]!);
  const rows = part(/^(\d+) rows; 1 to (\d+) at once$/);
  if (rows) return said.rows(rows[1]!, rows[2]!);
  const columns = part(/(\d+) columns, the header has (\d+)$/);
  if (columns) return said.columns(columns[1]!, columns[2]!);
  const several = part(/^some of (.+), with . between$/s);
  if (several) return said.someOf(several[1]!);
  const one = part(/^one of (.+)$/s);
  if (one) return said.oneOf(one[1]!);
  const csv = part(/^not CSV: (.+)$/s);
  return csv ? `${said.notCsv} (${csv[1]!})` : what;
}

/** The one-time passwords as CSV (RFC 4180) with the mark by which spreadsheets know UTF-8. */
export function passwordsCsv(made: readonly AccountMade[]): string {
  const rows = made.filter((one) => one.password !== "").map((one) => [one.account.sign_in_name, one.account.display_name, one.password]);
  return `\ufeff${[["sign_in_name", "display_name", "password"], ...rows].map((row) => row.map(quoted).join(",")).join("\r\n")}\r\n`;
}

/** Quoted where needed; a cell that a spreadsheet would take for a formula is kept a text. */
function quoted(cell: string): string {
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Have the browser save a text as a file. */
export function save(name: string, text: string): void {
  download(name, new Blob([text], { type: "text/csv;charset=utf-8" }));
}
