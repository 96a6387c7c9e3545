/** Frames of a tape as the server sends them: each behind a head of 28 bytes, little-endian. Pure. */

const HEAD_BYTES = 28;

export type TapeCodec = "opus" | "vp8" | "h264";
const CODECS: readonly TapeCodec[] = ["opus", "vp8", "h264"];

export interface TapeFrame {
  codec: TapeCodec;
  key: boolean;
  /** Frames before it are missing, or could not be decoded. */
  gap_before: boolean;
  /** Its place on the tape's timeline, microseconds since 1970 on the server's clock. */
  at_us: number;
  /** When it was captured, on its sender's clock; `null`: not stamped. */
  capture_us: number | null;
  data: Uint8Array;
}

/** Read all frames of an answer; `null` when any of it is not what it should be. */
export function readFrames(buffer: ArrayBuffer): TapeFrame[] | null {
  const view = new DataView(buffer);
  const frames: TapeFrame[] = [];
  let at = 0;
  while (at < buffer.byteLength) {
    if (at + HEAD_BYTES > buffer.byteLength) return null;
    const size = view.getUint32(at, true);
    const codec = CODECS[view.getUint8(at + 5)];
    if (codec === undefined || at + HEAD_BYTES + size > buffer.byteLength) return null;
    const flags = view.getUint8(at + 4);
    const capture_us = Number(view.getBigUint64(at + 20, true));
    frames.push({
      codec,
      key: (flags & 1) !== 0,
      gap_before: (flags & 2) !== 0,
      at_us: Number(view.getBigUint64(at + 12, true)),
      capture_us: capture_us === 0 ? null : capture_us,
      data: new Uint8Array(buffer, at + HEAD_BYTES, size),
    });
    at += HEAD_BYTES + size;
  }
  return frames;
}

/** The place of the last value at or below a limit in a rising row; -1 when there is none. */
export function lastAtOrBelow(rising: readonly number[], limit: number): number {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
