/**
 * Two median beats over each other, as lines in millimetres of paper: one scale for all leads, one line of
 * 0 mV and one moment of R for both. Nothing is scaled by itself, and nothing is cut. Pure.
 */

/** Both beats on one time axis; sample 0 is at `first_ms` from R of the earlier. Microvolts. */
export interface Beats {
  leads: readonly string[];
  rate_hz: number;
  first_ms: number;
  earlier_uv: readonly (readonly number[])[];
  later_uv: readonly (readonly number[])[];
}

export interface OverlayScale {
  speed_mm_s: number;
  gain_mm_mv: number;
}

export interface OverlayPane {
  lead: string;
  /** Millimetres from the sheet's left and top. */
  x: number;
  y: number;
  /** Both as the `d` of a path, within the pane. */
  earlier: string;
  later: string;
}

export interface OverlaySheet {
  width_mm: number;
  height_mm: number;
  pane: { width_mm: number; height_mm: number; zero_mm: number; r_mm: number };
  panes: OverlayPane[];
}

const COLUMNS: readonly (readonly string[])[] = [
  ["I", "II", "III"],
  ["aVR", "aVL", "aVF"],
  ["V1", "V2", "V3"],
  ["V4", "V5", "V6"],
];
const BETWEEN_MM = 2;
/** Room for the lead's name above, and around the beat. */
const NAME_MM = 4;
const EDGE_MM = 1;
const STEP_MM = 5;

/** The sheet of all leads: three rows and four columns as on paper, of fewer leads as many columns as are needed. */
export function overlaySheet(beats: Beats, scale: OverlayScale): OverlaySheet {
  const pane = paneOf(beats, scale);
  const columns = columnsOf(beats.leads);
  const panes = columns.flatMap((column, at) =>
    column.map((lead, row) => {
      const index = beats.leads.indexOf(lead);
      const line = (rows: Beats["earlier_uv"]) => pathOf(rows[index]!, beats, scale, pane);
      return { lead, x: at * (pane.width_mm + BETWEEN_MM), y: row * (pane.height_mm + BETWEEN_MM), earlier: line(beats.earlier_uv), later: line(beats.later_uv) };
    }),
  );
  const rows = Math.max(...columns.map((column) => column.length));
  const sheet = { width_mm: across(columns.length, pane.width_mm), height_mm: across(rows, pane.height_mm) };
  return { ...sheet, pane, panes };
}

function across(count: number, each_mm: number): number {
  return count * each_mm + (count - 1) * BETWEEN_MM;
}

/** Leads that are not there leave their place to those below; other names come behind, three to a column. */
function columnsOf(leads: readonly string[]): string[][] {
  const known = COLUMNS.map((column) => column.filter((lead) => leads.includes(lead)));
  const others = leads.filter((lead) => !COLUMNS.flat().includes(lead));
  for (let at = 0; at < others.length; at += 3) known.push(others.slice(at, at + 3));
  return known.filter((column) => column.length > 0);
}

/** One size for all: as high as the highest beat of any lead needs, in whole squares of the grid. */
function paneOf({ earlier_uv, later_uv, rate_hz, first_ms }: Beats, scale: OverlayScale): OverlaySheet["pane"] {
  const values = [...earlier_uv, ...later_uv].flat();
  const up_mm = heightOf(Math.max(0, ...values), scale) + EDGE_MM + NAME_MM;
  const down_mm = heightOf(Math.max(0, ...values.map((uv) => -uv)), scale) + EDGE_MM;
  const zero_mm = inSquares(up_mm);
  const before_mm = inSquares((-first_ms / 1000) * scale.speed_mm_s);
  const after_s = (earlier_uv[0]!.length - 1) / rate_hz + first_ms / 1000;
  return { width_mm: before_mm + inSquares(after_s * scale.speed_mm_s), height_mm: zero_mm + inSquares(down_mm), zero_mm, r_mm: before_mm };
}

function heightOf(uv: number, { gain_mm_mv }: OverlayScale): number {
  return (uv / 1000) * gain_mm_mv;
}

function inSquares(mm: number): number {
  return Math.max(1, Math.ceil(mm / STEP_MM - 1e-6)) * STEP_MM;
}

function pathOf(row: readonly number[], { rate_hz, first_ms }: Beats, scale: OverlayScale, pane: OverlaySheet["pane"]): string {
  const points = row.map((uv, at) => {
    const seconds = first_ms / 1000 + at / rate_hz;
    return `${(pane.r_mm + seconds * scale.speed_mm_s).toFixed(2)} ${(pane.zero_mm - heightOf(uv, scale)).toFixed(2)}`;
  });
  return `M${points.join("L")}`;
}
