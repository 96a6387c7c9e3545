/**
 * What is made of measurements that were taken for themselves, perhaps on several frames. Pure.
 *
 * What cannot belong together is refused, as `ultrasound/measuring/derived.py` refuses it.
 */

import { madeOf, partsRefused } from "./madeOf";
import { type Measured, type Refused, refuse } from "./measured";
import type { Point } from "./points";
import type { Frame } from "./region";
import { MM3_PER_ML, biplaneVolume } from "./simpson";

/** What a part is good for: a ventricle's contour also as an area; a volume is derived itself. */
export type PartKind = "length" | "area" | "contour" | "half_time" | "volume";

export const DERIVATIONS = ["ellipsoid", "area_length", "biplane", "ejection_fraction", "mitral_valve_area"] as const;
export type Derivation = (typeof DERIVATIONS)[number];

/** In this order: four chambers before two, full before emptied. */
export const TAKES: Record<Derivation, readonly PartKind[]> = {
  ellipsoid: ["length", "length", "length"],
  area_length: ["area", "length"],
  biplane: ["contour", "contour"],
  ejection_fraction: ["volume", "volume"],
  mitral_valve_area: ["half_time"],
};
export const VOLUMES: readonly Derivation[] = ["ellipsoid", "area_length", "biplane"];
const OF_VENTRICLE: readonly Derivation[] = ["area_length", "biplane"];
const MVA_CM2_MS = 220;

export interface Part {
  /** Names it. */
  key: string;
  kind: PartKind;
  measured: Measured;
  /** The keys of what it rests on in the end: of a measurement its own. */
  leaves: readonly string[];
  /** By whose word a pixel is worth what, of all it rests on. */
  scales: readonly string[];
  /** What was measured where, of all it rests on: a still that was kept twice has the same on it. */
  laid: readonly string[];
  /** Frames, and regions of them, of all it rests on. */
  views: readonly string[];
  contour: { frame: Frame; points: readonly Point[] } | null;
  method: Derivation | null;
}

/** A part that was measured on a frame. `frameKey` is the frame's own, however often it was kept. */
export function partOf(key: string, kind: PartKind, measured: Measured, frameKey: string, frame: Frame, points: readonly Point[]): Part {
  const laid = [`${frameKey} ${kind} ${points.join(" ")}`];
  const views = [`${frameKey} ${measured.region}`];
  return { key, kind, measured, leaves: [key], scales: [scaleOf(frame, measured)], laid, views, contour: { frame, points }, method: null };
}

/** A volume as a part of something else. */
export function volumeOf(key: string, method: Derivation, measured: Measured, parts: readonly Part[]): Part {
  const all = (of: (part: Part) => readonly string[]) => [...new Set(parts.flatMap(of))];
  const of = { leaves: all((one) => one.leaves), scales: all((one) => one.scales), laid: all((one) => one.laid), views: all((one) => one.views) };
  return { key, kind: "volume", measured, ...of, contour: null, method };
}

/** Whether a part may stand where this kind is wanted. */
export const isFor = (part: Pick<Part, "kind">, wanted: PartKind) => part.kind === wanted || (wanted === "area" && part.kind === "contour");

/** Whether the parts rest on more than one scale: other depths, or another origin. Allowed, and told. */
export const scalesDiffer = (parts: readonly Part[]) => new Set(parts.flatMap((one) => one.scales)).size > 1;

/** What the parts make; the scale is called by the origin that is relied on most. */
export function derive(derivation: Derivation, parts: readonly Part[]): Measured | Refused {
  const refused = unfit(derivation, parts);
  if (refused) return refused;
  const measured = parts.map((one) => one.measured);
  switch (derivation) {
    case "ellipsoid":
      if (ofOneView(parts)) return refuse("one_plane");
      return partsRefused(measured) ?? madeOf((l, w, h) => ((Math.PI / 6) * l! * w! * h!) / MM3_PER_ML, "mL", measured);
    case "area_length":
      if (!ofOneView(parts)) return refuse("not_one_frame");
      return partsRefused(measured) ?? madeOf((a, l) => (8 * a! * a!) / (3 * Math.PI * l!) / MM3_PER_ML, "mL", measured);
    case "biplane":
      if (ofOneView(parts)) return refuse("one_plane");
      return biplaneVolume(parts[0]!.contour!, parts[1]!.contour!);
    case "ejection_fraction":
      return methodsDiffer(parts) ?? ofOneInstant(parts) ?? partsRefused(measured) ?? ejectionFraction(measured);
    case "mitral_valve_area":
      return partsRefused(measured) ?? madeOf((ms) => MVA_CM2_MS / ms!, "cm2", measured);
  }
}

function unfit(derivation: Derivation, parts: readonly Part[]): Refused | null {
  const wanted = TAKES[derivation];
  if (parts.length !== wanted.length || !wanted.every((kind, k) => isFor(parts[k]!, kind))) return refuse("wrong_part");
  const laid = parts.flatMap((one) => one.laid);
  return new Set(laid).size === laid.length ? null : refuse("parts_repeat");
}

const ofOneView = (parts: readonly Part[]) => new Set(parts.flatMap((one) => one.views)).size === 1;

/** A ventricle is full and emptied at two instants. */
const ofOneInstant = ([full, emptied]: readonly Part[]) => (full!.views.some((one) => emptied!.views.includes(one)) ? refuse("one_instant") : null);

function methodsDiffer(parts: readonly Part[]): Refused | null {
  const methods = new Set(parts.map((one) => one.method));
  const [only] = methods;
  return methods.size === 1 && OF_VENTRICLE.includes(only!) ? null : refuse("methods_differ");
}

function ejectionFraction(measured: readonly Measured[]): Measured | Refused {
  if (measured[1]!.value > measured[0]!.value) return refuse("systole_above_diastole");
  return madeOf((ed, es) => (100 * (ed! - es!)) / ed!, "%", measured);
}

function scaleOf(frame: Frame, { calibration, region }: Measured): string {
  const scale = region === null ? undefined : frame.regions[region];
  if (scale === undefined) return calibration;
  return [frame.source, ...[scale.delta_x, scale.delta_y].map((delta) => Math.abs(delta).toPrecision(4))].join(" ");
}
