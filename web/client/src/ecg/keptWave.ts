/**
 * One lead's samples around pictures that stand still, copied: the ring forgets after a minute, a still picture stays.
 *
 * Pure. A sample is found by the time it was taken, so that a gap and a pause of the source stay where they were.
 */

import type { Piece } from "./moment";
import type { LeadCopy } from "./protocol";
import { MISSING } from "./wire";

/** Spans that single frames are kept for, beside the one of the picture that stands still. */
const MOST_SPANS = 12;
/** Samples lie this near to their place in a steady row, as a share of the step between two. */
const BESIDE = 0.75;

interface Sample {
  taken_us: number;
  value: number;
  unusable: boolean;
}

/** A stretch of time on the station's clock, and what is kept of it. */
class Span {
  private readonly samples = new Map<number, Sample>();
  private sorted: Sample[] | null = null;
  private newest_us = -Infinity;
  private rate_hz = 0;
  private nv_per_lsb = 0;

  constructor(
    readonly from_us: number,
    readonly to_us: number,
  ) {}

  take(copy: LeadCopy): void {
    this.rate_hz = copy.rate_hz;
    this.nv_per_lsb = copy.nv_per_lsb;
    this.newest_us = Math.max(this.newest_us, copy.newest_us ?? -Infinity);
    copy.taken_us.forEach((taken_us, i) => {
      if (Number.isNaN(taken_us)) return; // absent now; what was copied before stays
      this.samples.set(copy.first + i, { taken_us, value: copy.values[i]!, unusable: copy.unusable[i] === 1 });
    });
    this.sorted = null;
  }

  pieceAt(instant_us: number, around_us: number): Piece | null {
    if (this.samples.size === 0) return null;
    const step_us = 1e6 / this.rate_hz;
    const half = Math.round(around_us / step_us);
    const places = Array.from({ length: 2 * half + 1 }, (_, i) => instant_us + (i - half) * step_us);
    const found = places.map((at_us) => this.sampleAt(at_us, step_us * BESIDE));
    const coming = places.filter((at_us) => at_us > this.newest_us + step_us).length;
    if (found.every((sample) => sample === null)) return null;
    return {
      values: found.map((sample) => sample?.value ?? null),
      unusable: found.map((sample) => sample?.unusable ?? false),
      rate_hz: this.rate_hz,
      nv_per_lsb: this.nv_per_lsb,
      at: half,
      coming,
    };
  }

  private sampleAt(at_us: number, within_us: number): Sample | null {
    this.sorted ??= [...this.samples.values()].sort((a, b) => a.taken_us - b.taken_us);
    const { sorted } = this;
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]!.taken_us < at_us) low = middle + 1;
      else high = middle;
    }
    const beside = [sorted[low - 1], sorted[low]].filter((sample) => sample !== undefined);
    const nearest = beside.sort((a, b) => Math.abs(a.taken_us - at_us) - Math.abs(b.taken_us - at_us))[0];
    return nearest !== undefined && Math.abs(nearest.taken_us - at_us) <= within_us ? nearest : null;
  }
}

/** What is to be copied of the ECG, and what was. */
export class KeptWave {
  private still: Span | null = null;
  private frames: Span[] = [];

  /** Around what is kept: as much on each side of an instant. */
  constructor(private readonly around_us: number) {}

  /** The picture stands still, and every frame of this stretch can be shown; `null`: it moves again. */
  standStill(from_us: number | null, to_us: number | null): void {
    if (from_us === null || to_us === null) this.still = null;
    else if (this.still === null || !covers(this.still, from_us, to_us)) this.still = new Span(from_us, to_us);
  }

  /** Somebody looks at or drew on the frame of this instant: it may be asked for later. */
  keep(instant_us: number): void {
    if (this.frames.some((span) => covers(span, instant_us, instant_us))) return;
    this.frames.push(new Span(instant_us, instant_us));
    if (this.frames.length > MOST_SPANS) this.frames.shift();
  }

  /** Stretches to copy from the ring, as long as it may still have them. */
  wanted(): { from_us: number; to_us: number; take: (copy: LeadCopy) => void }[] {
    return this.spans.map((span) => ({
      from_us: span.from_us - this.around_us,
      to_us: span.to_us + this.around_us,
      take: (copy) => span.take(copy),
    }));
  }

  /** The samples around an instant; `null` when none of them is known. */
  pieceAt(instant_us: number): Piece | null {
    const pieces = this.spans
      .filter((span) => covers(span, instant_us, instant_us))
      .map((span) => span.pieceAt(instant_us, this.around_us))
      .filter((piece) => piece !== null);
    return pieces.sort((a, b) => absentOf(a) - absentOf(b))[0] ?? null;
  }

  clear(): void {
    this.still = null;
    this.frames = [];
  }

  private get spans(): Span[] {
    return this.still === null ? this.frames : [this.still, ...this.frames];
  }
}

function covers(span: Span, from_us: number, to_us: number): boolean {
  return span.from_us <= from_us && to_us <= span.to_us;
}

/** Samples of a piece that the source never took. */
export function notTakenOf(piece: Piece): number {
  return piece.values.filter((value) => value === MISSING).length;
}

/** Samples of a piece that are absent, not counting those that may still come. */
export function absentOf(piece: Piece): number {
  return piece.values.slice(0, piece.values.length - piece.coming).filter((value) => value === null).length;
}
