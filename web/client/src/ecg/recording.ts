/** A stored recording as the server sends it: E1 WAVE packets in order, each behind its length. */

import { readPacket, type WavePacket } from "./wire";

export interface RecordingSamples {
  lead_count: number;
  /** Samples for each lead. */
  count: number;
  /** Lead after lead, `count` samples each; -32768 is missing. */
  samples: Int16Array;
}

/** Read the packets into one block of samples; null when any of it is not what it should be. */
export function readRecording(buffer: ArrayBuffer): RecordingSamples | null {
  const waves = readWaves(buffer);
  const head = waves?.[0];
  if (!waves || !head) return null;
  const lead_count = head.lead_count;
  const count = waves.reduce((sum, wave) => sum + wave.count, 0);
  const samples = new Int16Array(lead_count * count);
  let at = 0;
  for (const wave of waves) {
    if (wave.lead_count !== lead_count || wave.first !== head.first + at) return null;
    for (let lead = 0; lead < lead_count; lead++) {
      const row = wave.samples.subarray(lead * wave.count, (lead + 1) * wave.count);
      samples.set(row, lead * count + at);
    }
    at += wave.count;
  }
  return { lead_count, count, samples };
}

function readWaves(buffer: ArrayBuffer): WavePacket[] | null {
  const view = new DataView(buffer);
  const waves: WavePacket[] = [];
  let at = 0;
  while (at < buffer.byteLength) {
    if (at + 4 > buffer.byteLength) return null;
    const end = at + 4 + view.getUint32(at, true);
    if (end > buffer.byteLength) return null;
    const packet = readPacket(buffer.slice(at + 4, end));
    if (packet?.kind !== "wave") return null;
    waves.push(packet);
    at = end;
  }
  return waves;
}
