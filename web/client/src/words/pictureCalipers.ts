/** What is measured on the ultrasound, in words: a figure never without unit, doubt and origin of its scale. */

import type { CalibrationSource, PictureTool, StillMeasurement, Unit } from "../api/types";
import { type Calipers, OTHER_TOOLS } from "../ultrasound/calipers";
import type { Refused } from "../ultrasound/measuring/measured";
import type { Read } from "../ultrasound/readings";
import { figure } from "./format";
import { w } from "./index.svelte";

const SHOWN_UNITS: Record<Unit, string> = {
  mm: "mm", cm: "cm", mm2: "mm²", cm2: "cm²", mL: "mL", deg: "°", ms: "ms", "/min": "/min", "mm/s": "mm/s", "cm/s": "cm/s", "cm/s2": "cm/s²",
  "mm[Hg]": "mmHg", "%": "%", "1": "", px: "px", px2: "px²",
};
/** An area is read in square centimetres, as in every report. */
const CM2_FROM_MM2 = 100;

/** A figure as it was read here, or kept. */
interface Figure {
  value: number;
  unit: Unit;
  uncertainty: number;
}

/** As fine as the doubt lets it be: one digit of it is shown, two where that is a 1. */
export function decimalsFor(uncertainty: number): number {
  if (!(uncertainty > 0)) return 1;
  const digit = -Math.floor(Math.log10(uncertainty));
  const decimals = uncertainty * 10 ** digit < 2 - 1e-6 ? digit + 1 : digit;
  return Math.min(2, Math.max(0, decimals));
}

/** `48.1 ± 0.5 mm`; the doubt is the most it may be off. */
export function valueText({ value, unit, uncertainty }: Figure): string {
  if (unit === "mm2" && value >= CM2_FROM_MM2) return text(value / CM2_FROM_MM2, uncertainty / CM2_FROM_MM2, "cm²");
  return text(value, uncertainty, SHOWN_UNITS[unit]);
}

function text(value: number, uncertainty: number, unit: string): string {
  const decimals = decimalsFor(uncertainty);
  const most = Math.ceil(uncertainty * 10 ** decimals - 1e-6) / 10 ** decimals; // never less than it may be
  return `${figure(value, decimals)} ± ${figure(most, decimals)}${unit === "°" || unit === "" ? unit : ` ${unit}`}`;
}

/** Where the scale is from, or that there is none; a Doppler angle that a person set. */
export function scaleText({ calibration, angle_deg = null }: { calibration: CalibrationSource; angle_deg?: number | null }): string {
  if (calibration === "none") return w.picture.measure.uncalibrated;
  return angle_deg === null ? w.picture.measure.source[calibration] : w.picture.measure.angleByHand(figure(angle_deg, Number.isInteger(angle_deg) ? 0 : 1));
}

/** All of one measurement: `距离 48.1 ± 0.5 mm (文件标定)`. */
export function measuredText(calipers: Calipers, read: Read): string {
  if ("refused" in read) return `${w.picture.measure.tools[calipers.tool]}: ${refusedText(read, calipers.tool)}`;
  const values = read.values.map((value) => `${w.picture.measure.tools[value.tool]} ${valueText(value)}`).join(" · ");
  return `${values} (${scaleText(read.values[0]!)})`;
}

/** Why nothing is read; of a tool that is for one kind of picture, which. */
export function refusedText({ refused }: Refused, tool: PictureTool | null = null): string {
  if (refused === "uncalibrated") {
    if (isOf(OTHER_TOOLS.flow, tool)) return w.picture.measure.needs.flow;
    if (isOf(OTHER_TOOLS.motion, tool)) return w.picture.measure.needs.motion;
  }
  return w.picture.measure.refused[refused];
}

/** One kept measurement: `距离 48.1 ± 0.5 mm（文件标定）`, behind what it was called. */
export function keptText(one: StillMeasurement): string {
  const of = one.label === "" ? w.picture.measure.tools[one.tool] : `${one.label} ${w.picture.measure.tools[one.tool]}`;
  return `${of} ${valueText(one)} (${scaleText(one)})`;
}

const isOf = (tools: readonly PictureTool[], tool: PictureTool | null) => tool !== null && tools.includes(tool);
