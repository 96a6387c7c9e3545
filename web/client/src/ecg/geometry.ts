/**
 * From samples and microvolts to millimetres of paper, and to pixels of a pane, and back.
 *
 * What is measured on the paper is measured here, in samples and microvolts; a pixel is only where it is drawn.
 * All places are fractions: rounding to whole columns belongs to the drawing. A pane is laid in one of three ways:
 * still, its first sample at its left edge; swept, the pen running through it and round; scrolled, the newest
 * sample at its right edge.
 */

import type { Pane, View } from "./sheet";

/** What of a view and a stream decides the scale. */
export type Scale = Pick<View, "speed_mm_s" | "px_per_mm"> & { rate_hz: number };

/** How the samples lie in a pane. Indices count from the stream's start and may be fractions. */
export type Lie =
  | { kind: "still"; first: number; end: number }
  | { kind: "swept"; pen: number; erased_px: number }
  | { kind: "scrolled"; pen: number };

/** Millimetres of paper between two samples that lie so far apart. */
export function mmOfSamples(count: number, scale: Scale): number {
  return (count * scale.speed_mm_s) / scale.rate_hz;
}

/** Samples, with fractions, under a length of paper. */
export function samplesOfMm(mm: number, scale: Scale): number {
  return (mm * scale.rate_hz) / scale.speed_mm_s;
}

/** Milliseconds under a length of paper. */
export function msOfMm(mm: number, scale: Pick<View, "speed_mm_s">): number {
  return (mm * 1000) / scale.speed_mm_s;
}

/** Millimetres of paper for a height in microvolts. */
export function mmOfUv(uv: number, gain_mm_mv: number): number {
  return (uv * gain_mm_mv) / 1000;
}

/** Microvolts for a height on paper. */
export function uvOfMm(mm: number, gain_mm_mv: number): number {
  return (mm * 1000) / gain_mm_mv;
}

/** Pixels that one sample is wide. */
export function pxPerSample({ speed_mm_s, px_per_mm }: Pick<View, "speed_mm_s" | "px_per_mm">, rate_hz: number): number {
  return (px_per_mm * speed_mm_s) / rate_hz;
}

/** Pixels that one microvolt is high. */
export function pxPerUv(pane: Pick<Pane, "gain_mm_mv">, px_per_mm: number): number {
  return (pane.gain_mm_mv * px_per_mm) / 1000;
}

/** One pane's places, as it is laid now. */
export class PaneGeometry {
  private readonly px_per_sample: number;
  private readonly px_per_uv: number;

  constructor(
    readonly pane: Pane,
    readonly scale: Scale,
    readonly lie: Lie,
  ) {
    this.px_per_sample = pxPerSample(scale, scale.rate_hz);
    this.px_per_uv = pxPerUv(pane, scale.px_per_mm);
  }

  /** Where a sample stands across the paper; `null` when it is not in this pane now. */
  xOf(index: number): number | null {
    const x = this.pane.x + this.offset(index);
    return this.shows(index) && x >= this.pane.x && x <= this.pane.x + this.pane.width ? x : null;
  }

  /** The sample, with its fraction, that stands at a place; `null` where none does. */
  indexAt(x: number): number | null {
    const { pane, lie } = this;
    if (x < pane.x || x > pane.x + pane.width) return null;
    const within_px = x - pane.x;
    const pen_px = lie.kind === "still" ? 0 : lie.pen * this.px_per_sample;
    const px = lie.kind === "swept" ? pen_px - modulo(pen_px - within_px, pane.width) : this.left_px + within_px;
    const index = px / this.px_per_sample;
    return this.shows(index) ? index : null;
  }

  /** Where a height stands; microvolts of the lead as it is named, so of the upturned one in −aVR. */
  yOf(uv: number): number {
    return this.pane.baseline - uv * this.px_per_uv;
  }

  /** Microvolts, of the lead as it is named, at a place. */
  uvAt(y: number): number {
    return (this.pane.baseline - y) / this.px_per_uv;
  }

  /** Milliseconds between two places of this pane, when both show something. */
  msBetween(x: number, other_x: number): number | null {
    const [one, other] = [this.indexAt(x), this.indexAt(other_x)];
    return one === null || other === null ? null : (Math.abs(other - one) * 1000) / this.scale.rate_hz;
  }

  private offset(index: number): number {
    const px = index * this.px_per_sample;
    return this.lie.kind === "swept" ? modulo(px, this.pane.width) : px - this.left_px;
  }

  /** What stands at the left edge, in pixels since the stream's start. Scrolled, the newest column is the last. */
  private get left_px(): number {
    const { lie, pane } = this;
    if (lie.kind === "still") return lie.first * this.px_per_sample;
    return lie.kind === "swept" ? 0 : Math.floor(lie.pen * this.px_per_sample) + 1 - pane.width;
  }

  private shows(index: number): boolean {
    const { lie, pane } = this;
    if (index < 0) return false;
    if (lie.kind === "still") return index >= lie.first && index <= lie.end;
    const behind_px = (lie.pen - index) * this.px_per_sample;
    return behind_px >= 0 && behind_px < pane.width - (lie.kind === "swept" ? lie.erased_px : 0);
  }
}

/** What of a still page a pane begins with: the columns of a sheet follow each other in time, as on paper. */
export function firstOf(pane: Pick<Pane, "column" | "width">, page_first: number, scale: Scale): number {
  return page_first + (pane.column * pane.width) / pxPerSample(scale, scale.rate_hz);
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
