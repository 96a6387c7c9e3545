/** What a device said of its own signal in a kept ECG: which samples must not be read, and which are clipped. Pure. */

import type { DeviceSpan } from "../api/types";

/** Samples [first, end) of one lead. */
export interface Stretch {
  first: number;
  end: number;
  /** Those the lead needs that were off; none where the device names none. */
  electrodes: readonly string[];
}

/** One thing that was said, of electrodes or leads, for samples [first, end). */
export interface Said {
  kind: "off" | "unusable" | "clipped" | "calibration";
  names: string[];
  first: number;
  end: number;
}

/** Where a lead must not be read, in order; those that follow each other and name the same electrodes as one. */
export function unusableOf(spans: readonly DeviceSpan[], lead: string): Stretch[] {
  return joined(spans.filter((one) => one.unusable.includes(lead)).map((one) => stretch(one, one.electrodes_off.filter((name) => needs(lead, name)))));
}

/** Where a lead is beyond its amplifier's range, in order. */
export function clippedOf(spans: readonly DeviceSpan[], lead: string): Stretch[] {
  return joined(spans.filter((one) => one.clipped.includes(lead)).map((one) => stretch(one, [])));
}

/** All that was said, electrodes first; what is said of the same samples together. */
export function everythingSaid(spans: readonly DeviceSpan[]): Said[] {
  const unexplained = ({ unusable, electrodes_off }: DeviceSpan) => unusable.filter((lead) => !electrodes_off.some((name) => needs(lead, name)));
  return [
    ...told(spans, "off", (one) => one.electrodes_off),
    ...told(spans, "unusable", unexplained),
    ...told(spans, "clipped", (one) => one.clipped),
    ...told(spans, "calibration", (one) => (one.calibration ? [""] : [])),
  ];
}

/** Limb electrodes and the reference are in every lead (Wilson's terminal); a chest electrode is in its own alone. */
function needs(lead: string, electrode: string): boolean {
  return !electrode.startsWith("V") || electrode === lead;
}

function told(spans: readonly DeviceSpan[], kind: Said["kind"], namesOf: (span: DeviceSpan) => readonly string[]): Said[] {
  const found: Said[] = [];
  for (const name of new Set(spans.flatMap(namesOf))) {
    for (const { first, end } of joined(spans.filter((one) => namesOf(one).includes(name)).map((one) => stretch(one, [])))) {
      const alike = found.find((one) => one.first === first && one.end === end);
      if (alike !== undefined) alike.names.push(name);
      else found.push({ kind, names: [name], first, end });
    }
  }
  return found.sort((a, b) => a.first - b.first);
}

function stretch({ first, count }: DeviceSpan, electrodes: readonly string[]): Stretch {
  return { first, end: first + count, electrodes };
}

function joined(stretches: Stretch[]): Stretch[] {
  const found: Stretch[] = [];
  for (const one of [...stretches].sort((a, b) => a.first - b.first)) {
    const last = found.at(-1);
    if (last !== undefined && one.first <= last.end && last.electrodes.join() === one.electrodes.join()) last.end = Math.max(last.end, one.end);
    else found.push(one);
  }
  return found;
}
