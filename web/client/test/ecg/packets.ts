/** E1 packets made by hand, byte by byte, for the tests of this folder. */

import type { Shown } from "../../src/ecg/columns";
import type { Ring } from "../../src/ecg/ring";
import { FIRST_CHOICE, type View } from "../../src/ecg/sheet";
import { MISSING, type WavePacket } from "../../src/ecg/wire";

export interface WaveFields {
  stream_id?: number;
  flags?: number;
  first?: number;
  taken_us?: number;
  electrodes_off?: number;
  unusable?: number;
  clipped?: number;
  /** Lead after lead. */
  leads?: number[][];
  marks?: [offset: number, kind: number][];
}

export function waveBytes(fields: WaveFields = {}): ArrayBuffer {
  const leads = fields.leads ?? [[1, 2, 3]];
  const marks = fields.marks ?? [];
  const n = leads[0]!.length;
  const buffer = new ArrayBuffer(40 + leads.length * n * 2 + marks.length * 4);
  const view = new DataView(buffer);
  view.setUint8(0, 0x45);
  view.setUint8(1, 0x31);
  view.setUint8(2, 2);
  view.setUint8(3, fields.flags ?? 0);
  view.setUint32(4, fields.stream_id ?? 7, true);
  view.setUint16(12, n, true);
  view.setUint8(14, leads.length);
  view.setBigUint64(16, BigInt(fields.first ?? 0), true);
  view.setBigUint64(24, BigInt(fields.taken_us ?? 1_000_000), true);
  view.setUint16(32, fields.electrodes_off ?? 0, true);
  view.setUint16(34, fields.unusable ?? 0, true);
  view.setUint16(36, fields.clipped ?? 0, true);
  view.setUint16(38, marks.length, true);
  leads.flat().forEach((value, i) => view.setInt16(40 + i * 2, value, true));
  marks.forEach(([offset, kind], i) => {
    view.setUint16(40 + leads.length * n * 2 + i * 4, offset, true);
    view.setUint8(40 + leads.length * n * 2 + i * 4 + 2, kind);
  });
  return buffer;
}

export function metaBytes(json: unknown, stream_id = 7): ArrayBuffer {
  const body = new TextEncoder().encode(JSON.stringify(json));
  const bytes = new Uint8Array(40 + body.length);
  bytes.set([0x45, 0x31, 1]);
  new DataView(bytes.buffer).setUint32(4, stream_id, true);
  bytes.set(body, 40);
  return bytes.buffer;
}

export function wave(fields: Partial<WavePacket> & { leads?: number[][] } = {}): WavePacket {
  const { leads = [[1, 2, 3]], ...rest } = fields;
  return {
    kind: "wave",
    stream_id: 7,
    sequence: 0,
    flags: 0,
    lead_count: leads.length,
    count: leads[0]!.length,
    first: 0,
    taken_us: 1_000_000,
    electrodes_off: 0,
    leads_unusable: 0,
    leads_clipped: 0,
    breaks: [],
    samples: Int16Array.from(leads.flat()),
    ...rest,
  };
}

/** `count` samples of each of `lead_count` leads, counting up from `first`. */
export function ramp(first: number, count: number, lead_count = 1, rate_hz = 500): WavePacket {
  const row = Array.from({ length: count }, (_, i) => (first + i) % 1000);
  const taken_us = 1_000_000 + (first * 1e6) / rate_hz;
  return wave({ first, taken_us, leads: Array.from({ length: lead_count }, () => row) });
}

/** A ring's raw samples as they would be drawn without any filter: one microvolt a step. */
export function shownOf(ring: Ring): Shown {
  return {
    get empty() { return ring.empty; },
    get start() { return ring.start; },
    presenceOf: (index) => ring.presenceOf(index),
    isUnusable: (lead, index) => ring.isUnusable(lead, index),
    uv: (lead, index) => (ring.value(lead, index) === MISSING ? Number.NaN : ring.value(lead, index)),
  };
}

/** A view of 1100 x 280 pixels, 4 of them a millimetre. */
export const VIEW: View = { ...FIRST_CHOICE, px_per_mm: 4, width_px: 1100, height_px: 280 };
