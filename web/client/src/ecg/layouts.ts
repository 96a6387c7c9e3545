/**
 * Which leads stand where on a sheet: the usual layouts of a resting ECG, in either order of the limb leads.
 *
 * The standard order is that of IEC 60601-2-25; the Cabrera order runs round the frontal plane in steps of 30
 * degrees (aVL -30, I 0, -aVR +30, II +60, aVF +90, III +120), so aVR is drawn upside down and named so.
 */

export const ARRANGEMENTS = ["3x4+1", "3x4+3", "6x2", "12x1"] as const;
export type Arrangement = (typeof ARRANGEMENTS)[number];
export const LEAD_ORDERS = ["standard", "cabrera"] as const;
export type LeadOrder = (typeof LEAD_ORDERS)[number];

/** One lead as it is drawn: of which lead of the stream, by what name, and which way up. */
export interface Cell {
  lead: string;
  name: string;
  sign: 1 | -1;
}

/** A sheet from the upper left: rows of equally many cells, then rows over the whole width. */
export interface Sheet {
  rows: Cell[][];
  rhythm: Cell[];
}

/** The twelve leads in the standard order. */
export const LEADS = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"];
export const RHYTHM_LEAD = "II";
const THREE_RHYTHM_LEADS = ["V1", "II", "V5"];
const MINUS = "−";

const upright = (lead: string): Cell => ({ lead, name: lead, sign: 1 });
const inverted = (lead: string): Cell => ({ lead, name: `${MINUS}${lead}`, sign: -1 });

const LIMB: Record<LeadOrder, Cell[]> = {
  standard: LEADS.slice(0, 6).map(upright),
  cabrera: [upright("aVL"), upright("I"), inverted("aVR"), upright("II"), upright("aVF"), upright("III")],
};
const CHEST = LEADS.slice(6).map(upright);

/** Whether a lead is one of V1 to V6. */
export function isChest(lead: string): boolean {
  return CHEST.some((cell) => cell.lead === lead);
}

/** The leads of an arrangement as far as they are there. With fewer than twelve each has a row of its own. */
export function sheetOf(arrangement: Arrangement, order: LeadOrder, leads: readonly string[] = LEADS): Sheet {
  if (!LEADS.every((lead) => leads.includes(lead))) return rowsOf(order, leads);
  const all = [...LIMB[order], ...CHEST];
  switch (arrangement) {
    case "3x4+1":
      return { rows: inColumnsOf(3, all), rhythm: [upright(RHYTHM_LEAD)] };
    case "3x4+3":
      return { rows: inColumnsOf(3, all), rhythm: THREE_RHYTHM_LEADS.map(upright) };
    case "6x2":
      return { rows: inColumnsOf(6, all), rhythm: [] };
    case "12x1":
      return { rows: inColumnsOf(12, all), rhythm: [] };
  }
}

function rowsOf(order: LeadOrder, leads: readonly string[]): Sheet {
  const known = [...LIMB[order], ...CHEST].filter((cell) => leads.includes(cell.lead));
  const others = leads.filter((lead) => !LEADS.includes(lead)).map(upright);
  return { rows: [...known, ...others].map((cell) => [cell]), rhythm: [] };
}

function inColumnsOf(height: number, cells: Cell[]): Cell[][] {
  return Array.from({ length: height }, (_, row) => cells.filter((_cell, at) => at % height === row));
}
