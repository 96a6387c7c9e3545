/** Times as `datetime-local` fields have them: of the reader's own zone, without saying which. Pure. */

const two = (value: number): string => String(value).padStart(2, "0");

/** 2026-11-23T10:46, in this computer's zone. */
export function toLocalField(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The instant a field means, as the server takes it; `null` for an empty field. */
export function fromLocalField(text: string): string | null {
  const at = new Date(text);
  return text === "" || Number.isNaN(at.getTime()) ? null : at.toISOString();
}
