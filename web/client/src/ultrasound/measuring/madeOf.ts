/** What is made of other measurements: their units checked, their doubt carried on. Pure. */

import { type CalibrationSource, type Measured, type Refused, type Unit, refuse } from "./measured";

const WEAKEST_LAST: readonly CalibrationSource[] = ["none", "file", "ruler", "user"];
/** As a part of what one may be off. */
const STEP = 1e-3;

/** A value of some measurements, as sure as they are together; called by the origin one relies on most. */
export function madeOf(valueOf: (...values: number[]) => number, unit: Unit, parts: readonly Measured[]): Measured {
  const values = parts.map((one) => one.value);
  const uncertainty = parts.reduce((total, { uncertainty: off }, k) => {
    if (off === 0) return total;
    const step = off * STEP;
    const at = (by: number) => valueOf(...values.map((value, n) => (n === k ? value + by : value)));
    return total + (Math.abs(at(step) - at(-step)) / (2 * step)) * off;
  }, 0);
  return { value: valueOf(...values), unit, uncertainty, calibration: weakest(parts), region: oneRegion(parts), uncalibrated: null };
}

/** The origin that is relied on most. */
export const weakest = (parts: readonly Pick<Measured, "calibration">[]): CalibrationSource =>
  WEAKEST_LAST[Math.max(...parts.map((one) => WEAKEST_LAST.indexOf(one.calibration)))]!;

/** The region of all, if it is one. */
export function oneRegion(parts: readonly Pick<Measured, "region">[]): number | null {
  const [first] = parts;
  return first !== undefined && parts.every((one) => one.region === first.region) ? first.region : null;
}

/** What has no scale, or is not above zero where it must be. Other units come from no tool that is a part. */
export function partsRefused(parts: readonly Measured[]): Refused | null {
  if (parts.some((one) => one.uncalibrated !== null)) return refuse("uncalibrated");
  return parts.every((one) => one.value > 0) ? null : refuse("not_positive");
}
