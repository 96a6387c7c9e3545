/** What was measured on a kept still, as it is drawn: what was read off the same points stands together. Pure. */

import type { StillMeasurement } from "../api/types";
import type { Calipers } from "./calipers";

export interface KeptCalipers extends Calipers {
  /** On the picture and in the list beside it. */
  number: number;
  /** What was read; the first is drawn. */
  values: StillMeasurement[];
}

/** The calipers of a kept still, numbered as they were laid. */
export function keptCalipers(measurements: readonly StillMeasurement[]): KeptCalipers[] {
  const found: KeptCalipers[] = [];
  for (const one of measurements) {
    const last = found.at(-1);
    if (last !== undefined && JSON.stringify(last.values[0]!.points) === JSON.stringify(one.points)) last.values.push(one);
    else found.push({ number: found.length + 1, tool: one.tool, points: one.points.map(([x, y]) => ({ x, y })), done: true, values: [one] });
  }
  return found;
}
