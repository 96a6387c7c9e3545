/** Answers of the server with samples of a study, as its documentation says them. */

import type { DeviceSpan } from "../../src/api/types";
import type { FilterSetting } from "../../src/ecg/filters";

export const RAW: FilterSetting = { high_pass_hz: null, low_pass_hz: null, mains_hz: null };

/** What a device said of some samples; nothing but what is given. */
export function span(first: number, count: number, said: Partial<DeviceSpan>): DeviceSpan {
  return { first, count, electrodes_off: [], unusable: [], clipped: [], calibration: false, ...said };
}

export interface Channel {
  name: string;
  lead: string;
  bits: number;
  nv_per_step?: number;
  zero?: number;
  values: number[];
}

export function answer(channels: Channel[], fields: Record<string, unknown> = {}): ArrayBuffer {
  const count = channels[0]!.values.length;
  const heads = channels.map(({ name, lead, bits, nv_per_step = 1000, zero = 0 }) => ({ name, lead, bits, nv_per_step, zero, derived: false, low_hz: null, high_hz: null, notch_hz: null }));
  const head = new TextEncoder().encode(JSON.stringify({ study_id: "s", rate_hz: 500, first: 0, count, sample_count: count, simulated: false, channels: heads, gaps: [], ...fields }));
  const parts = [padded(Uint8Array.of(...new Uint8Array(Uint32Array.of(head.length).buffer), ...head)), ...channels.map(({ bits, values }) => padded(new Uint8Array((bits === 32 ? Int32Array.from(values) : Int16Array.from(values)).buffer)))];
  const whole = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole.buffer;
}

function padded(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  whole.set(bytes);
  return whole;
}
