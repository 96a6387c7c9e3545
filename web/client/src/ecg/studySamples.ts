/**
 * The samples of a kept ECG as the server sends them: a head in JSON, then channel after channel, 16 or 32 bits.
 *
 * Each channel has a step and a zero of its own; the lowest number of its type means that there is no value.
 */

import type { EcgSamplesHead } from "../api/types";

/** Samples of every channel over one stretch of the study: indices [first, first + count). */
export interface StudySamples {
  head: EcgSamplesHead;
  rows: (Int16Array | Int32Array)[];
}

/** Bytes of something that is no samples of a study, or not whole: nothing of it may be drawn. */
export class NotSamples extends Error {
  override name = "NotSamples";
}

/** Read an answer; throws `NotSamples`. */
export function readStudySamples(buffer: ArrayBuffer): StudySamples {
  const view = new DataView(buffer);
  if (buffer.byteLength < 4) throw new NotSamples(`${buffer.byteLength} bytes`);
  const head_end = 4 + view.getUint32(0, true);
  if (head_end > buffer.byteLength) throw new NotSamples(`a head of ${head_end} in ${buffer.byteLength} bytes`);
  const head = headOf(new TextDecoder().decode(buffer.slice(4, head_end)));
  const rows: StudySamples["rows"] = [];
  let at = padded(head_end);
  for (const { bits } of head.channels) {
    const bytes = (head.count * bits) / 8;
    if (at + bytes > buffer.byteLength) throw new NotSamples(`channel ${rows.length} ends at ${at + bytes} of ${buffer.byteLength} bytes`);
    rows.push(bits === 16 ? sixteen(view, at, head.count) : thirtyTwo(view, at, head.count));
    at += padded(bytes);
  }
  if (at !== buffer.byteLength) throw new NotSamples(`${buffer.byteLength - at} bytes too many`);
  return { head, rows };
}

/** Microvolts of one sample of a channel; not-a-number where there is none. `index` counts from the study's start. */
export function uvOf({ head, rows }: StudySamples, channel: number, index: number): number {
  const row = rows[channel]!;
  const at = index - head.first;
  if (at < 0 || at >= head.count) return Number.NaN;
  const { bits, zero, nv_per_step } = head.channels[channel]!;
  const value = row[at]!;
  return value === -(2 ** (bits - 1)) ? Number.NaN : ((value - zero) * nv_per_step) / 1000;
}

function headOf(text: string): EcgSamplesHead {
  let head: EcgSamplesHead;
  try {
    head = JSON.parse(text) as EcgSamplesHead;
  } catch {
    throw new NotSamples("a head that is no JSON");
  }
  const sound =
    head.rate_hz > 0 && head.first >= 0 && head.count >= 0 && Array.isArray(head.channels) && head.channels.every((one) => one.bits === 16 || one.bits === 32);
  if (!sound) throw new NotSamples("a head without rate, range or channels");
  return head;
}

/** Little-endian, whatever this computer is. */
function sixteen(view: DataView, at: number, count: number): Int16Array {
  return Int16Array.from({ length: count }, (_, i) => view.getInt16(at + 2 * i, true));
}

function thirtyTwo(view: DataView, at: number, count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => view.getInt32(at + 4 * i, true));
}

function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}
