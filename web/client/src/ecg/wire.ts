/**
 * E1, the ECG's wire format: one packet, little-endian, 40 bytes of header, then the payload.
 *
 * Read here and nowhere else in the browser; `ecg/wire.py` is its twin, and both are held to the
 * same golden bytes. Everything that is not a sound packet is `null`, never a guess.
 */

export const HEADER_BYTES = 40;
/** A sample value that says: no sample. */
export const MISSING = -32768;
/** Which electrodes, in the order of the electrode-off bits. */
export const ELECTRODES = ["RA", "LA", "LL", "RL", "V1", "V2", "V3", "V4", "V5", "V6"] as const;
export type Electrode = (typeof ELECTRODES)[number];

export const enum PacketType {
  Meta = 1,
  Wave = 2,
  Event = 3,
  Need = 4,
  Have = 5,
  End = 6,
}

export const enum Flag {
  Backfill = 1,
  GapBefore = 2,
  NotRaw = 4,
  Simulated = 8,
  Calibration = 16,
}

/** Kind of a mark: this sample does not continue the one before it. */
const RESUME = 3;
const MARK_BYTES = 4;

const enum Codec {
  Raw = 0,
  Deflated = 2,
}

/** What a stream's samples mean: rate, scale, leads, and the filters of the device. */
export interface Meta {
  rate_hz: number;
  nv_per_lsb: number;
  /** The name of each row, also of one that is none of the twelve (a chest strap's). */
  leads: string[];
  /** `null`: not known here. */
  filters: Filters | null;
}

/** What the device itself did to the signal; `null`: it did not say. A notch of 0: none. */
export interface Filters {
  low_hz: number | null;
  high_hz: number | null;
  notch_hz: number | null;
}

export interface WavePacket {
  kind: "wave";
  stream_id: number;
  sequence: number;
  flags: number;
  lead_count: number;
  /** Samples for each lead. */
  count: number;
  /** Index of the first sample since the stream's start. */
  first: number;
  /** When the first sample was taken, microseconds since 1970, station clock. */
  taken_us: number;
  electrodes_off: number;
  leads_unusable: number;
  leads_clipped: number;
  /** Offsets of samples that do not continue the one before them. */
  breaks: number[];
  /** Lead after lead, `count` samples each. */
  samples: Int16Array;
}

export interface MetaPacket {
  kind: "meta";
  stream_id: number;
  flags: number;
  meta: Meta;
}

export interface EndPacket {
  kind: "end";
  stream_id: number;
  total: number;
}

export type Packet = WavePacket | MetaPacket | EndPacket;

/** Whether the bytes begin as an E1 packet does. */
export function isE1(buffer: ArrayBuffer): boolean {
  if (buffer.byteLength < HEADER_BYTES) return false;
  const head = new Uint8Array(buffer, 0, 2);
  return head[0] === 0x45 && head[1] === 0x31;
}

/** Read one packet; `null` when it is not a sound META, WAVE or END packet of a codec read at once. */
export function readPacket(buffer: ArrayBuffer): Packet | null {
  if (!isE1(buffer)) return null;
  const view = new DataView(buffer);
  switch (view.getUint8(2)) {
    case PacketType.Meta:
      return readMeta(view);
    case PacketType.Wave:
      return readWave(view);
    case PacketType.End:
      return readEnd(view);
    default:
      return null;
  }
}

/** As `readPacket`, and also WAVE packets with a deflated payload. */
export async function readAnyPacket(buffer: ArrayBuffer): Promise<Packet | null> {
  const view = isE1(buffer) ? new DataView(buffer) : null;
  const deflated = view?.getUint8(2) === PacketType.Wave && view.getUint8(15) === Codec.Deflated;
  if (view === null || !deflated) return readPacket(buffer);
  const head = readWaveHead(view);
  if (head === null) return null;
  try {
    const payload = buffer.byteLength - HEADER_BYTES - markCount(view) * MARK_BYTES;
    const bytes = await unfold(new Uint8Array(buffer, HEADER_BYTES, payload));
    const samples = undoDeltas(bytes, head.lead_count, head.count);
    return samples === null ? null : { ...head, samples };
  } catch {
    return null; // a broken payload is no samples at all
  }
}

function readWave(view: DataView): WavePacket | null {
  if (view.getUint8(15) !== Codec.Raw) return null;
  const head = readWaveHead(view);
  if (head === null) return null;
  const values = head.count * head.lead_count;
  if (view.byteLength !== HEADER_BYTES + values * 2 + markCount(view) * MARK_BYTES) return null;
  return { ...head, samples: littleEndian(view, values) };
}

function littleEndian(view: DataView, values: number): Int16Array {
  const samples = new Int16Array(values);
  for (let i = 0; i < values; i++) samples[i] = view.getInt16(HEADER_BYTES + i * 2, true);
  return samples;
}

function readWaveHead(view: DataView): Omit<WavePacket, "samples"> | null {
  const first = safe(view.getBigUint64(16, true));
  const taken_us = safe(view.getBigUint64(24, true));
  const lead_count = view.getUint8(14);
  const count = view.getUint16(12, true);
  if (first === null || taken_us === null || lead_count === 0 || lead_count > 16 || count === 0) return null;
  return {
    kind: "wave",
    stream_id: view.getUint32(4, true),
    sequence: view.getUint32(8, true),
    flags: view.getUint8(3),
    lead_count,
    count,
    first,
    taken_us,
    electrodes_off: view.getUint16(32, true),
    leads_unusable: view.getUint16(34, true),
    leads_clipped: view.getUint16(36, true),
    breaks: readBreaks(view),
  };
}

function markCount(view: DataView): number {
  return view.getUint16(38, true);
}

function readBreaks(view: DataView): number[] {
  const breaks = (view.getUint8(3) & Flag.GapBefore) === 0 ? [] : [0];
  const from = view.byteLength - markCount(view) * MARK_BYTES;
  if (from < HEADER_BYTES) return breaks;
  for (let at = from; at < view.byteLength; at += MARK_BYTES) {
    if (view.getUint8(at + 2) === RESUME) breaks.push(view.getUint16(at, true));
  }
  return breaks;
}

function readMeta(view: DataView): MetaPacket | null {
  const meta = parseMeta(new TextDecoder().decode(new Uint8Array(view.buffer, HEADER_BYTES)));
  if (meta === null) return null;
  return { kind: "meta", stream_id: view.getUint32(4, true), flags: view.getUint8(3), meta };
}

function parseMeta(text: string): Meta | null {
  try {
    const { rate_hz, nv_per_lsb, leads, other, filters } = JSON.parse(text) as Record<string, unknown>;
    if (!positive(rate_hz) || !positive(nv_per_lsb) || !isNames(leads) || !isNames(other ?? [])) return null;
    const rows = [...leads, ...((other ?? []) as string[])];
    return rows.length === 0 ? null : { rate_hz, nv_per_lsb, leads: rows, filters: readFilters(filters) };
  } catch {
    return null;
  }
}

function readFilters(value: unknown): Filters | null {
  if (typeof value !== "object" || value === null) return null;
  const { low_hz, high_hz, notch_hz } = value as Record<string, unknown>;
  return { low_hz: numberOrNull(low_hz), high_hz: numberOrNull(high_hz), notch_hz: numberOrNull(notch_hz) };
}

function numberOrNull(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function positive(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value > 0;
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}

function readEnd(view: DataView): EndPacket | null {
  if (view.byteLength < HEADER_BYTES + 8) return null;
  const total = safe(view.getBigUint64(HEADER_BYTES, true));
  return total === null ? null : { kind: "end", stream_id: view.getUint32(4, true), total };
}

/** A count as a number; `null` beyond what a number holds exactly. */
function safe(value: bigint): number | null {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : null;
}

/** Inflate; the payload may end in one byte of padding, which a strict inflater refuses. */
async function unfold(bytes: Uint8Array): Promise<Uint8Array> {
  const padded = bytes[bytes.length - 1] === 0;
  try {
    return await inflate(bytes);
  } catch (fault) {
    if (!padded) throw fault;
    return inflate(bytes.subarray(0, -1));
  }
}

async function inflate(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes as BlobPart]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Codec 2: differences along each lead, zigzag, all low bytes, all high bytes, then the 17th bits. */
export function undoDeltas(bytes: Uint8Array, lead_count: number, count: number): Int16Array | null {
  const values = lead_count * count;
  if (bytes.length !== values * 2 + Math.ceil(values / 8)) return null;
  const samples = new Int16Array(values);
  for (let lead = 0; lead < lead_count; lead++) {
    let value = 0;
    for (let i = lead * count; i < (lead + 1) * count; i++) {
      const top = (bytes[values * 2 + (i >> 3)]! >> (i & 7)) & 1;
      const zigzag = bytes[i]! | (bytes[values + i]! << 8) | (top << 16);
      value += (zigzag >>> 1) ^ -(zigzag & 1);
      samples[i] = value;
    }
  }
  return samples;
}
