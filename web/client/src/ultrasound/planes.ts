/**
 * Blackens the bytes of a video frame plane by plane, as `ultrasound/privacy/masking.py` does: no colour is
 * converted and nothing that may be seen is touched. In 4:2:0 a colour sample goes when any of its four pixels does.
 */

import type { Pixels, Rectangle, Visible } from "./mask";

/** Formats of WebCodecs' VideoFrame whose bytes can be masked as they are. */
export type Format = "I420" | "NV12" | "RGBA" | "RGBX" | "BGRA" | "BGRX";
const FORMATS: ReadonlySet<string> = new Set<Format>(["I420", "NV12", "RGBA", "RGBX", "BGRA", "BGRX"]);

export interface FrameBytes {
  format: Format;
  width: number;
  height: number;
  /** Whether black luma is 0, and not 16 (ITU-R BT.709-6 section 4). */
  full_range: boolean;
  /** The planes one after another, without gaps. */
  data: Uint8Array;
}

/** First and past the last of neighbouring samples, two and two. */
type Runs = Uint32Array;

export function isMaskable(format: string | null): format is Format {
  return format !== null && FORMATS.has(format);
}

export function isPlanar(format: Format): boolean {
  return format === "I420" || format === "NV12";
}

/** How many bytes a frame has without gaps. */
export function bytesOf(format: Format, width: number, height: number): number {
  if (!isPlanar(format)) return 4 * width * height;
  return width * height + 2 * half(width) * half(height);
}

/** Where each plane begins, and how long its rows are: to be asked of `copyTo`. */
export function layoutOf(format: Format, width: number, height: number): PlaneLayout[] {
  if (!isPlanar(format)) return [{ offset: 0, stride: 4 * width }];
  const luma = { offset: 0, stride: width };
  const colour = half(width) * half(height);
  if (format === "NV12") return [luma, { offset: width * height, stride: 2 * half(width) }];
  return [luma, { offset: width * height, stride: half(width) }, { offset: width * height + colour, stride: half(width) }];
}

/** What lies outside of the visible pixels, as runs of bytes. */
export class PlaneCover {
  private readonly hidden: Runs;
  private readonly hiddenColour: Runs;

  constructor(
    readonly width: number,
    readonly height: number,
    visible: Visible,
  ) {
    this.hidden = runsOf(visible);
    this.hiddenColour = runsOf(visibleColour(visible, width, height));
  }

  /** Blacken in place. */
  putOn(frame: FrameBytes): void {
    const { width, height, data, format } = frame;
    if (width !== this.width || height !== this.height || data.length !== bytesOf(format, width, height)) {
      throw new RangeError(`${data.length} bytes of ${width}x${height} ${format} under a mask of ${this.width}x${this.height}`);
    }
    if (!isPlanar(format)) return this.blackenColours(data);
    fill(data, this.hidden, 0, 1, frame.full_range ? 0 : 16);
    const colour = width * height;
    if (format === "NV12") return fill(data, this.hiddenColour, colour, 2, 128);
    fill(data, this.hiddenColour, colour, 1, 128);
    fill(data, this.hiddenColour, colour + half(width) * half(height), 1, 128);
  }

  private blackenColours(data: Uint8Array): void {
    fill(data, this.hidden, 0, 4, 0);
    for (let at = 3; at < data.length; at += 4) data[at] = 255;
  }
}

/** A part of a frame as grey pixels for anchors: luma as it is, or the colours. */
export function partOf(frame: FrameBytes, place: Rectangle): Pixels {
  const { left_px, top_px, width_px: width, height_px: height } = place;
  if (left_px < 0 || top_px < 0 || left_px + width > frame.width || top_px + height > frame.height) {
    return { width: 0, height: 0, data: new Uint8ClampedArray(0) };
  }
  const data = new Uint8ClampedArray(4 * width * height);
  const [bytes, red, green, blue] = isPlanar(frame.format) ? [1, 0, 0, 0] : frame.format.startsWith("B") ? [4, 2, 1, 0] : [4, 0, 1, 2];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = (top_px + row) * frame.width + left_px + column;
      const to = 4 * (row * width + column);
      data[to] = frame.data[bytes * from + red]!;
      data[to + 1] = frame.data[bytes * from + green]!;
      data[to + 2] = frame.data[bytes * from + blue]!;
      data[to + 3] = 255;
    }
  }
  return { width, height, data };
}

/** One level a pixel, where edges are looked for: luma as it is, or the strongest of the colours. */
export function levelsOf(frame: FrameBytes): Uint8Array {
  const { data, width, height } = frame;
  if (isPlanar(frame.format)) return data.subarray(0, width * height);
  const levels = new Uint8Array(width * height);
  for (let at = 0; at < levels.length; at++) levels[at] = Math.max(data[4 * at]!, data[4 * at + 1]!, data[4 * at + 2]!);
  return levels;
}

function half(side: number): number {
  return (side + 1) >> 1;
}

function visibleColour(visible: Visible, width: number, height: number): Visible {
  const across = half(width);
  const colour = new Uint8Array(across * half(height)).fill(1);
  visible.forEach((seen, at) => {
    if (seen) return;
    const y = Math.floor(at / width);
    colour[(y >> 1) * across + ((at - y * width) >> 1)] = 0;
  });
  return colour;
}

function runsOf(visible: Visible): Runs {
  const found: number[] = [];
  for (let at = 0; at < visible.length; at++) {
    if (visible[at]) continue;
    const next = visible.indexOf(1, at);
    const past = next === -1 ? visible.length : next;
    found.push(at, past);
    at = past;
  }
  return Uint32Array.from(found);
}

function fill(data: Uint8Array, runs: Runs, offset: number, bytes: number, value: number): void {
  for (let k = 0; k < runs.length; k += 2) data.fill(value, offset + bytes * runs[k]!, offset + bytes * runs[k + 1]!);
}
