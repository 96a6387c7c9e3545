/** Kept measurements of a consult as parts of something: what fits where, named as the server names it. Pure. */

import type { Derivation, DerivedMeasurement, MeasuredOfConsult, MeasuredStill, PartName, PictureTool } from "../api/types";
import { derive, type Part, partOf, type PartKind, VOLUMES, volumeOf } from "./measuring/derived";
import type { Measured, Refused } from "./measuring/measured";
import type { Point } from "./measuring/points";
import { frameOf, reckon } from "./readings";

const KINDS: Partial<Record<PictureTool, PartKind>> = {
  distance: "length",
  chamber_length: "length",
  area: "area",
  ellipse_area: "area",
  chamber_area: "contour",
  pressure_half_time: "half_time",
};
/** As a part of the value: what differs by more is another figure. */
const SAME = 1e-6;

/** Something that may be a part. */
export interface Candidate {
  part: Part;
  name: PartName;
  /** Of its still, or of the derived one. */
  number: string;
  frame_number: number | null;
  tool: PictureTool | null;
  derivation: Derivation | null;
  label: string;
}

/** All that can be a part, the first taken first, volumes last; what this browser reads otherwise is left out. */
export function candidatesOf({ stills, derived }: MeasuredOfConsult): Candidate[] {
  const measured = stills.flatMap(candidatesOn);
  const volumes: Candidate[] = [];
  for (const whole of derived) {
    const parts = whole.parts.map(({ name }) => measured.find((one) => one.part.key === keyOf(name))?.part);
    const volume = parts.some((one) => one === undefined) ? null : volumeFrom(whole, parts as Part[]);
    if (volume !== null) volumes.push(volume);
  }
  return [...measured, ...volumes];
}

function candidatesOn(still: MeasuredStill): Candidate[] {
  const frame = frameOf(still);
  return still.measurements.flatMap(({ tool, points, angle_deg, value, unit, label }, index) => {
    const kind = KINDS[tool];
    if (kind === undefined) return [];
    const laid = points.map(([x, y]): Point => [x, y]);
    const read = reckon(tool, frame, laid, angle_deg);
    if (!isKept(read, value, unit)) return [];
    const name = { kept_id: still.kept_id, index, derived_id: null };
    return [{ part: partOf(keyOf(name), kind, read, `${still.binding_id} ${still.capture_us}`, frame, laid), name, number: still.number, frame_number: still.frame_number, tool, derivation: null, label }];
  });
}

function volumeFrom(whole: DerivedMeasurement, parts: readonly Part[]): Candidate | null {
  if (!VOLUMES.includes(whole.derivation)) return null;
  const made = derive(whole.derivation, parts);
  if (!isKept(made, whole.value, whole.unit)) return null;
  const name = { kept_id: null, index: null, derived_id: whole.id };
  return { part: volumeOf(keyOf(name), whole.derivation, made, parts), name, number: whole.number, frame_number: null, tool: null, derivation: whole.derivation, label: whole.label };
}

function isKept(read: Measured | Refused, value: number, unit: string): read is Measured {
  return !("refused" in read) && read.unit === unit && Math.abs(read.value - value) <= Math.max(SAME * Math.abs(value), SAME);
}

const keyOf = ({ kept_id, index, derived_id }: PartName) => derived_id ?? `${kept_id}#${index}`;
