/** Spectral Doppler: velocity at a point, positive towards the probe; the gradient it means, how fast it changes. */

import { type Fits, choose } from "./choice";
import { madeOf } from "./madeOf";
import { type Measured, type Refused, type Unit, refuse } from "./measured";
import { MS_PER_S, type Shape, measure } from "./placed";
import { type Point, pointsRefused, sameColumn } from "./points";
import {
  DOPPLER_FREQUENCY,
  type Frame,
  type Region,
  SPECTRAL,
  UNIT_CM_PER_SECOND,
  UNIT_HERTZ,
  UNIT_SECONDS,
} from "./region";

/** In soft tissue, as scanners assume. */
const SOUND_CM_PER_S = 154_000;
/** Above it an error of the angle counts for more than the flow (Gill 1985). */
export const MOST_ANGLE_DEG = 60;
/** How far an angle that was set by hand may be off. */
const OFF_ANGLE_DEG = 5;
const HZ_PER_KHZ = 1000;
const CM_PER_M = 100;

export const isSpectrum: Fits = (region) =>
  region.spatial_format === SPECTRAL &&
  region.unit_x === UNIT_SECONDS &&
  (region.unit_y === UNIT_CM_PER_SECOND || region.unit_y === UNIT_HERTZ);

/** Centimetres a second at one point; `angleDeg`: by hand, in place of the file's. */
export function velocity(frame: Frame, points: readonly Point[], angleDeg: number | null = null): Measured | Refused {
  return pointsRefused(frame, points, 1, 1) ?? measureSpectral(frame, points, (placed) => placed[0]![1], "cm/s", angleDeg);
}

/** Centimetres a second in each second, from the first point to the second; falling is negative. */
export function acceleration(frame: Frame, points: readonly Point[], angleDeg: number | null = null): Measured | Refused {
  const rise: Shape = ([from, to]) => ((to![1] - from![1]) / (to![0] - from![0])) * MS_PER_S;
  return pointsRefused(frame, points, 2, 2) ?? sameColumn(points[0]!, points[1]!) ?? measureSpectral(frame, points, rise, "cm/s2", angleDeg);
}

/** Millimetres of mercury by the short Bernoulli equation, 4 v^2 (Hatle 1978). */
export function gradient(frame: Frame, points: readonly Point[], angleDeg: number | null = null): Measured | Refused {
  const peak = velocity(frame, points, angleDeg);
  if ("refused" in peak) return peak;
  return madeOf((v) => gradientMmHg(v!), "mm[Hg]", [{ ...peak, value: Math.abs(peak.value) }]);
}

/** 4 v^2, v in m/s. */
export const gradientMmHg = (cmPerS: number) => 4 * (cmPerS / CM_PER_M) ** 2;

/**
 * A value of points as (milliseconds, cm/s); frequencies become velocities first.
 *
 * With an angle by hand a person is relied on, and it may be off by `OFF_ANGLE_DEG` to the wider side.
 */
export function measureSpectral(frame: Frame, points: readonly Point[], shape: Shape, unit: Unit, angleDeg: number | null): Measured | Refused {
  const region = spectrumOf(frame, points);
  if ("refused" in region) return region;
  const perUnit = cmPerSPerUnit(region, angleDeg);
  if (typeof perUnit !== "number") return perUnit;
  const measured = ofRows(frame, points, shape, unit, perUnit);
  if ("refused" in measured || angleDeg === null) return measured;
  const theta = radians(Math.abs(angleDeg));
  const wider = ofRows(frame, points, shape, unit, (perUnit * Math.cos(theta)) / Math.cos(theta + radians(OFF_ANGLE_DEG)));
  if ("refused" in wider) return wider;
  const off = Math.abs(wider.value - measured.value);
  return { ...measured, uncertainty: measured.uncertainty + off, calibration: "user" };
}

/** A value in which velocities stand only against each other: any angle gives the same, none is needed. */
export function measureRatio(frame: Frame, points: readonly Point[], shape: Shape, unit: Unit): Measured | Refused {
  const region = spectrumOf(frame, points);
  if ("refused" in region) return region;
  return rowsRefused(region) ?? ofRows(frame, points, shape, unit, 1);
}

function spectrumOf(frame: Frame, points: readonly Point[]): Region | Refused {
  const choice = choose(frame, points, isSpectrum);
  if ("refused" in choice) return choice;
  return "uncalibrated" in choice ? refuse("uncalibrated") : choice.region;
}

function ofRows(frame: Frame, points: readonly Point[], shape: Shape, unit: Unit, perUnit: number): Measured | Refused {
  const ofVelocities: Shape = (placed) => shape(placed.map(([ms, rows]): Point => [ms, rows * perUnit]));
  return measure({ shape: ofVelocities, unit, fits: isSpectrum, bare: null }, frame, points);
}

/**
 * 1 for rows in cm/s, which the scanner has corrected; by hand cos(scanner's angle) / cos(angle). For hertz
 * c / (2 f0 cos(theta)), the Doppler equation.
 */
function cmPerSPerUnit(region: Region, angleDeg: number | null): number | Refused {
  const refused = rowsRefused(region);
  if (refused) return refused;
  if (region.unit_y === UNIT_CM_PER_SECOND) return angleDeg === null ? 1 : recorrected(region, angleDeg);
  if (region.transducer_khz === null || region.transducer_khz <= 0) return refuse("no_transducer_frequency");
  const theta = angleDeg ?? region.doppler_angle_deg;
  if (theta === null || !Number.isFinite(theta)) return refuse("no_doppler_angle");
  if (!(Math.abs(theta) <= MOST_ANGLE_DEG)) return refuse("doppler_angle_too_wide");
  return SOUND_CM_PER_S / (2 * region.transducer_khz * HZ_PER_KHZ * Math.cos(radians(theta)));
}

function recorrected({ doppler_angle_deg }: Region, angleDeg: number): number | Refused {
  if (!(Math.abs(angleDeg) <= MOST_ANGLE_DEG)) return refuse("doppler_angle_too_wide");
  if (doppler_angle_deg === null || !(Math.abs(doppler_angle_deg) < 90)) return refuse("scanner_angle_unknown");
  return Math.cos(radians(doppler_angle_deg)) / Math.cos(radians(angleDeg));
}

/** Rows that say two things, or whose zero nobody told. */
function rowsRefused({ unit_y, flags, has_baseline }: Region): Refused | null {
  if (unit_y === UNIT_CM_PER_SECOND && (flags & DOPPLER_FREQUENCY) !== 0) return refuse("doppler_contradicts");
  return has_baseline ? null : refuse("no_baseline");
}

const radians = (deg: number) => (deg * Math.PI) / 180;
