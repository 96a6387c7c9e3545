/**
 * How many CSS pixels a millimetre of a screen has, as it was measured with a bank card. Pure.
 *
 * It holds for one screen at one scale of its pixels: on another monitor, or at another zoom of the browser, nothing is
 * to scale until that one was measured too.
 */

/** What tells one screen from another, as far as a browser says it. */
export interface ScreenFacts {
  width: number;
  height: number;
  /** Where it stands among several. */
  left: number;
  top: number;
  device_pixel_ratio: number;
}

export interface Calibration {
  screen: string;
  px_per_mm: number;
}

const MOST_KEPT = 8;
/** Of a coarse projector, and of the finest phone: anything else was not measured. */
const [LEAST_PX_PER_MM, MOST_PX_PER_MM] = [0.5, 20];

/** A name for a screen at its scale. */
export function screenName({ width, height, left, top, device_pixel_ratio }: ScreenFacts): string {
  return `${width}x${height}+${left}+${top}@${device_pixel_ratio.toFixed(3)}`;
}

/** What was measured on this screen at this scale; `null`: nothing was. */
export function pxPerMmOn(screen: string, kept: readonly Calibration[]): number | null {
  return kept.find((one) => one.screen === screen)?.px_per_mm ?? null;
}

/** The same with a new measurement, or with none, of one screen. */
export function recalibrated(kept: readonly Calibration[], screen: string, px_per_mm: number | null): Calibration[] {
  const others = kept.filter((one) => one.screen !== screen);
  return px_per_mm === null ? others : [...others, { screen, px_per_mm }].slice(-MOST_KEPT);
}

/** What of something stored is sound. */
export function readCalibrations(value: unknown): Calibration[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: unknown) => {
    const { screen, px_per_mm } = (one ?? {}) as Record<string, unknown>;
    const sound = typeof screen === "string" && typeof px_per_mm === "number" && px_per_mm >= LEAST_PX_PER_MM && px_per_mm <= MOST_PX_PER_MM;
    return sound ? [{ screen, px_per_mm }] : [];
  });
}
