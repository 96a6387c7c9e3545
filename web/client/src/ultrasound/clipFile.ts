/** A kept clip as a file, taken apart; the format is `records/clip_file.py`'s, and a golden file holds the two together. Pure. */

import type { Calibration } from "../api/types";

export type ClipCodec = "mjpeg" | "h264" | "hevc" | "png";

/** One frame as the clip's head tells of it. */
export interface ClipFrame {
  number: number;
  /** On the station's clock. */
  capture_us: number;
  codec: ClipCodec;
  size_bytes: number;
  is_key: boolean;
  /** From before the clip: only needed to decode what follows. */
  before: boolean;
  /** What a decoder is told first; base64. */
  header: string;
}

export interface ClipHead {
  masked: boolean;
  simulated: boolean;
  calibration: Calibration | null;
  frames: ClipFrame[];
}

export interface Clip {
  head: ClipHead;
  /** Each frame's bytes, in the head's order. */
  bytes: Uint8Array<ArrayBuffer>[];
}

const MAGIC = [0x55, 0x53, 0x43, 0x31]; // USC1
const BEGIN = MAGIC.length + 4;

/** Take a clip apart; `null`: it is no whole one. */
export function readClip(content: Uint8Array<ArrayBuffer>): Clip | null {
  if (content.length < BEGIN || MAGIC.some((byte, i) => content[i] !== byte)) return null;
  const head_bytes = new DataView(content.buffer, content.byteOffset).getUint32(MAGIC.length, true);
  const head = headOf(content.subarray(BEGIN, BEGIN + head_bytes));
  if (head === null) return null;
  let at = BEGIN + head_bytes;
  const bytes = head.frames.map(({ size_bytes }) => content.subarray(at, (at += size_bytes)));
  return at === content.length ? { head, bytes } : null;
}

function headOf(bytes: Uint8Array<ArrayBuffer>): ClipHead | null {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as ClipHead;
  } catch {
    return null;
  }
}

/** The parts of a clip, one after the other. */
export function joined(parts: readonly ArrayBuffer[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, one) => sum + one.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(new Uint8Array(part), at);
    at += part.byteLength;
  }
  return whole;
}
