/** What is wrong with a choice of files before they are sent: one ECG is one file, or one WFDB record. Pure. */

export type FileFault = "none" | "header_missing" | "two_headers" | "signal_missing" | "signal_alone" | "too_many" | "too_large" | "empty";

/** As the server has them. */
const MOST_FILES = 8;
const MOST_BYTES = 32 * 2 ** 20;
const MIB = 2 ** 20;

type Chosen = Pick<File, "name" | "size">;

/** The fault of a choice, or `null`: it may be sent. Whether it is an ECG only the server's reader can say. */
export function fileFault(files: readonly Chosen[]): FileFault | null {
  if (files.length === 0) return "none";
  if (files.length > MOST_FILES) return "too_many";
  if (files.some((one) => one.size === 0)) return "empty";
  if (files.reduce((sum, one) => sum + one.size, 0) > MOST_BYTES) return "too_large";
  return recordFault(files.map((one) => ending(one.name)));
}

/** Of a WFDB record: exactly one header, and at least one file of samples beside it. */
function recordFault(endings: readonly string[]): FileFault | null {
  const headers = endings.filter((one) => one === "hea").length;
  if (headers > 1) return "two_headers";
  if (headers === 1) return endings.length === 1 ? "signal_missing" : null;
  if (endings.length > 1) return "header_missing";
  return endings[0] === "dat" || endings[0] === "atr" ? "signal_alone" : null;
}

function ending(name: string): string {
  return name.toLowerCase().split(".").at(-1) ?? "";
}

/** More files to those that are chosen; one of the same name takes its place. */
export function withFiles<F extends Chosen>(chosen: readonly F[], more: readonly F[]): F[] {
  const names = new Set(more.map((one) => one.name));
  return [...chosen.filter((one) => !names.has(one.name)), ...more];
}

/** How large they are together: kB below one MB. */
export function sizeOf(files: readonly Chosen[]): { unit: "kB" | "MB"; value: string } {
  const bytes = files.reduce((sum, one) => sum + one.size, 0);
  return bytes < MIB ? { unit: "kB", value: String(Math.max(1, Math.round(bytes / 1024))) } : { unit: "MB", value: (bytes / MIB).toFixed(1) };
}
