import { expect, test } from "vitest";

import { readRecording } from "../src/ecg/recording";

const LEADS = 2;

function wave(first: number, values: number[][]): Uint8Array {
  const count = values[0]!.length;
  const bytes = new Uint8Array(4 + 40 + 2 * LEADS * count);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length - 4, true);
  bytes.set([0x45, 0x31, 2, 0], 4);
  view.setUint16(4 + 12, count, true);
  view.setUint8(4 + 14, LEADS);
  view.setBigUint64(4 + 16, BigInt(first), true);
  values.flat().forEach((value, at) => view.setInt16(44 + 2 * at, value, true));
  return bytes;
}

function joined(...parts: Uint8Array[]): ArrayBuffer {
  return Uint8Array.from(parts.flatMap((part) => [...part])).buffer;
}

test("packets in order become one block, lead after lead", () => {
  const read = readRecording(joined(wave(10, [[1, 2], [5, 6]]), wave(12, [[3], [7]])));
  expect(read).toEqual({ lead_count: 2, count: 3, samples: Int16Array.of(1, 2, 3, 5, 6, 7) });
});

test("a hole between packets is refused, never closed", () => {
  expect(readRecording(joined(wave(0, [[1], [2]]), wave(2, [[3], [4]])))).toBeNull();
});

test("cut or empty answers are refused", () => {
  const whole = joined(wave(0, [[1], [2]]));
  for (let size = 0; size < whole.byteLength; size++) expect(readRecording(whole.slice(0, size))).toBeNull();
});
