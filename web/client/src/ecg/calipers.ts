/**
 * Two limbs on one lead of the ECG, in samples and microvolts: what is read between them. Pure.
 *
 * Nothing here knows a pixel. What stands on the paper is placed by `geometry.ts`, so two people with other
 * layouts, speeds or screens see the same calipers on the same samples.
 */

export const CALIPER_KINDS = ["interval", "march_out", "qt"] as const;
export type CaliperKind = (typeof CALIPER_KINDS)[number];

/** Where the limbs stand; `rr`: samples from R to R, by which a QT is corrected. */
export interface Limbs {
  kind: CaliperKind;
  lead: string;
  first: number;
  second: number;
  first_uv: number;
  second_uv: number;
  rr: number | null;
}

export type Limb = "first" | "second";

/** What is read: milliseconds, beats a minute (`null` for no time at all), millivolts from the first to the second. */
export interface Reading {
  ms: number;
  per_min: number | null;
  mv: number;
  /** Only of a QT with its RR. Fridericia: QT / cbrt(RR in s). */
  qtc_ms: number | null;
}

export function read(limbs: Limbs, rate_hz: number): Reading {
  const ms = (Math.abs(limbs.second - limbs.first) * 1000) / rate_hz;
  const rr_s = limbs.rr === null ? null : limbs.rr / rate_hz;
  return {
    ms,
    per_min: ms === 0 ? null : 60_000 / ms,
    mv: (limbs.second_uv - limbs.first_uv) / 1000,
    qtc_ms: limbs.kind === "qt" && rr_s !== null && rr_s > 0 ? ms / Math.cbrt(rr_s) : null,
  };
}

/** The stretch of a page on which time may be counted: samples from `from`, before `end`, joined but at the `seams`. */
export interface Counted {
  from: number;
  end: number;
  seams: readonly number[];
}

/**
 * The samples at which the interval recurs, the limbs themselves left out; no further than to the next seam, beyond
 * which nobody knows how much time has passed.
 */
export function marchOut(limbs: Limbs, { from, end, seams }: Counted): number[] {
  const step = Math.abs(limbs.second - limbs.first);
  const [low, high] = [Math.min(limbs.first, limbs.second), Math.max(limbs.first, limbs.second)];
  if (limbs.kind !== "march_out" || step === 0 || seams.some((at) => low < at && at <= high)) return [];
  const first = Math.max(from, ...seams.filter((at) => at <= low));
  const beyond = Math.min(end, ...seams.filter((at) => at > high));
  const before = Math.floor((low - first) / step);
  const after = Math.floor((beyond - 1 - high) / step);
  return [
    ...Array.from({ length: Math.max(0, before) }, (_, k) => low - (before - k) * step),
    ...Array.from({ length: Math.max(0, after) }, (_, k) => high + (k + 1) * step),
  ];
}

/** A limb moved by so many samples; it stays within [from, end). */
export function moved(limbs: Limbs, limb: Limb, by: number, from: number, end: number): Limbs {
  const at = Math.min(Math.max(limbs[limb] + by, from), end - 1);
  return { ...limbs, [limb]: at };
}

/** Why nothing may be read between two samples. */
export type Refusal = "gap" | "unusable";

/** One lead of the page, as it is drawn: microvolts, not-a-number where there is no sample. */
export interface Piece {
  first: number;
  uv: Float32Array;
  /** 1 where the device calls the lead unusable. */
  unusable: Uint8Array;
  /** 1 where the source broke off before the sample: how long before, nobody knows. */
  after_break: Uint8Array;
}

/** Whether a measurement would go across what was not recorded, or must not be read. */
export function refusal(limbs: Limbs, piece: Piece): Refusal | null {
  return refusalWithin(Math.min(limbs.first, limbs.second), Math.max(limbs.first, limbs.second), piece);
}

/** Why nothing may be read from one sample to a later one, both with it. */
function refusalWithin(first: number, last: number, piece: Piece): Refusal | null {
  const [from, to] = [first - piece.first, last - piece.first];
  if (from < 0 || to >= piece.uv.length) return "gap";
  for (let i = from; i <= to; i++) if (Number.isNaN(piece.uv[i]!) || (i > from && piece.after_break[i] === 1)) return "gap";
  for (let i = from; i <= to; i++) if (piece.unusable[i] === 1) return "unusable";
  return null;
}

/** Both limbs laid on the trace. */
export function onTrace(limbs: Limbs, piece: Piece): Limbs {
  const at = (index: number, before_uv: number) => {
    const uv = piece.uv[index - piece.first];
    return uv === undefined || Number.isNaN(uv) ? before_uv : uv;
  };
  return { ...limbs, first_uv: at(limbs.first, limbs.first_uv), second_uv: at(limbs.second, limbs.second_uv) };
}

const SLOPE_S = 0.016;
const T_FROM_S = 0.12;
const T_TO_S = 0.6;
const BASELINE_S = 0.04;
/** QRS swings highest no later than this after its onset, were it as wide as they come. */
const QRS_WITHIN_S = 0.12;
const T_AFTER_R_S = 0.1;
/** T's peak is past well before the next P; where the rate is high, that is sooner than `T_TO_S`. */
const T_PEAK_WITHIN_RR = 0.65;
const BEFORE_NEXT_R_S = 0.08;

/** Why no tangent can be laid: no QRS begins at the first limb, or no T stands out after it. */
export type NoTangent = "no_qrs" | "no_t";

/**
 * Where the tangent at T's steepest way back meets the level before QRS (Lepeschkin & Surawicz 1952), or why there is
 * none. `onset`: the first limb, at QRS onset. Never beyond the next QRS, whose own slopes are steeper than any T's.
 */
export function tangentEnd(onset: number, piece: Piece, rate_hz: number): number | NoTangent {
  const swings = highSwings(piece, rate_hz);
  const r = swings.findIndex((at) => at >= onset);
  if (r < 0 || swings[r]! - onset > QRS_WITHIN_S * rate_hz) return "no_qrs";
  const next = swings[r + 1] ?? Infinity;
  const rr = Number.isFinite(next) ? next - swings[r]! : r > 0 ? swings[r]! - swings[r - 1]! : Infinity;
  const from = Math.max(onset + Math.round(T_FROM_S * rate_hz), swings[r]! + Math.round(T_AFTER_R_S * rate_hz));
  const peak_to = onset + Math.round(Math.min(T_TO_S * rate_hz, T_PEAK_WITHIN_RR * rr));
  const end_to = Math.min(onset + Math.round(T_TO_S * rate_hz), next - Math.round(BEFORE_NEXT_R_S * rate_hz));
  return tangentOf(onset, { from, peak_to, end_to }, piece, rate_hz) ?? "no_t";
}

/** Where T is looked for, in samples: its peak, and its end. */
interface Window {
  from: number;
  peak_to: number;
  end_to: number;
}

function tangentOf(onset: number, { from, peak_to, end_to }: Window, piece: Piece, rate_hz: number): number | null {
  const uv = (index: number) => piece.uv[index - piece.first] ?? Number.NaN;
  const level = mean(onset - Math.round(BASELINE_S * rate_hz), onset, uv);
  const half = Math.max(1, Math.round((SLOPE_S * rate_hz) / 2));
  let peak = -1;
  for (let i = from; i <= peak_to; i++) if (peak < 0 || Math.abs(uv(i) - level) > Math.abs(uv(peak) - level)) peak = i;
  const height = uv(peak) - level;
  if (!Number.isFinite(height) || Math.abs(height) < LEAST_T_UV) return null;
  let steepest = -1;
  let slope = 0;
  for (let i = peak; i <= end_to - half; i++) {
    const here = (uv(i + half) - uv(i - half)) / (2 * half);
    if (Number.isFinite(here) && here * Math.sign(height) < slope * Math.sign(height)) [steepest, slope] = [i, here];
  }
  if (steepest < 0) return null;
  const end = Math.round(steepest + (level - uv(steepest)) / slope);
  return end > peak && end <= end_to + half ? end : null;
}

/** A twentieth of a millivolt, half a millimetre on paper: below it no tangent can be laid. */
const LEAST_T_UV = 50;

function mean(from: number, to: number, uv: (index: number) => number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += uv(i);
  return sum / Math.max(1, to - from);
}

/**
 * The samples from one R to the next around the first limb, by the highest swing of the lead; `null` if not seen, or
 * where a gap between the two may hide a beat or is longer than it looks.
 */
export function rrAround(onset: number, piece: Piece, rate_hz: number): number | null {
  const peaks = highSwings(piece, rate_hz);
  const after = peaks.findIndex((at) => at >= onset);
  if (after < 1) return null;
  const [before, here] = [peaks[after - 1]!, peaks[after]!];
  return refusalWithin(before, here, piece) === null ? here - before : null;
}

const SWING_S = 0.02;
const APART_S = 0.25;

function highSwings(piece: Piece, rate_hz: number): number[] {
  const reach = Math.max(1, Math.round(SWING_S * rate_hz));
  const swing = Float32Array.from(piece.uv, (_, i) => {
    const [before, here, after] = [piece.uv[i - reach], piece.uv[i], piece.uv[i + reach]];
    if (before === undefined || here === undefined || after === undefined) return 0;
    const height = Math.abs(2 * here - before - after);
    return Number.isNaN(height) ? 0 : height;
  });
  const limit = swing.reduce((most, one) => Math.max(most, one), 0) / 2;
  const found: number[] = [];
  for (let i = 0; i < swing.length; i++) {
    if (swing[i]! < limit || limit === 0) continue;
    const last = found.at(-1);
    if (last !== undefined && i - last < APART_S * rate_hz) {
      if (swing[i]! > swing[last]!) found[found.length - 1] = i;
    } else found.push(i);
  }
  return found.map((at) => at + piece.first);
}
