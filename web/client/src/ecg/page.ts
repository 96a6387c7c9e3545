/**
 * One still page of the ECG: which samples stand on it, filtered as they are drawn, and what of them is missing.
 *
 * Its filter begins 20 s before the page, so that the page's baseline is the one that live showed, to a few
 * microvolts, wherever in the recording the page is.
 */

import type { Archive } from "./archive";
import type { Piece } from "./calipers";
import { Presence } from "./cells";
import type { Shown } from "./columns";
import { type FilterSetting, LEAD_IN_S } from "./filters";
import { filterAt, LeadFilters } from "./filtered";
import { pxPerSample } from "./geometry";
import { groups, type View } from "./sheet";
import { MISSING } from "./wire";

/** The part of a recording that a page shows: samples [first, end), counted from the stream's start. */
export interface PageSpan {
  /** Where the sheet's left edge is, in columns of pixels since the stream's start. */
  left_column: number;
  /** The sample at the left edge; between two samples, a fraction. */
  first: number;
  /** Index after the last sample on the page. */
  end: number;
}

/** How many columns of pixels a page runs on: all columns of the sheet, one after the other. */
export function pageColumns(view: View): number {
  const all = groups(view);
  return Math.max(...all.map((group) => group.x + group.width)) - Math.min(...all.map((group) => group.x));
}

/** Seconds that a page shows. */
export function pageSeconds(view: View): number {
  return pageColumns(view) / (view.speed_mm_s * view.px_per_mm);
}

/** The page that ends with (not with) sample `end`, or begins with the stream's first one. */
export function pageEndingAt(end: number, view: View, rate_hz: number): PageSpan {
  const px = pxPerSample(view, rate_hz);
  const left_column = Math.max(0, Math.ceil(end * px) - pageColumns(view));
  const last = Math.ceil((left_column + pageColumns(view)) / px);
  return { left_column, first: left_column / px, end: Math.max(0, Math.min(last, end)) };
}

/** A page's samples as they are drawn. */
export class StillPage implements Shown {
  readonly empty = false;
  readonly start: number;
  private readonly from: number;
  private readonly values: Float32Array;

  constructor(
    private readonly archive: Archive,
    nv_per_lsb: number,
    setting: FilterSetting,
    readonly span: PageSpan,
  ) {
    const { rate_hz, lead_count } = archive;
    this.from = leadIn(span, rate_hz);
    this.start = Math.floor(span.first);
    this.values = new Float32Array((span.end - this.from) * lead_count);
    const filters = new LeadFilters(setting, rate_hz, lead_count, nv_per_lsb);
    for (let index = this.from; index < span.end; index++) {
      const place = (index - this.from) * lead_count;
      filterAt(filters, archive, index, (lead, uv) => (this.values[place + lead] = uv));
    }
  }

  presenceOf(index: number): Presence {
    return this.archive.presenceOf(index);
  }

  isUnusable(lead: number, index: number): boolean {
    return this.archive.isUnusable(lead, index);
  }

  uv(lead: number, index: number): number {
    if (index < this.from || index >= this.span.end) return Number.NaN;
    return this.values[(index - this.from) * this.archive.lead_count + lead]!;
  }

  /** One lead of the page: microvolts, not-a-number where there is no sample. */
  piece(lead: number): Piece {
    const count = this.span.end - this.start;
    const uv = Float32Array.from({ length: count }, (_, i) => this.uv(lead, this.start + i));
    const unusable = Uint8Array.from({ length: count }, (_, i) => Number(this.isUnusable(lead, this.start + i)));
    const after_break = Uint8Array.from({ length: count }, (_, i) => Number(this.presenceOf(this.start + i) === Presence.AfterBreak));
    return { first: this.start, uv, unusable, after_break };
  }

  /** Samples of the page that have not come. */
  get missing(): number {
    return this.archive.gaps(this.start, this.span.end).reduce((sum, gap) => sum + gap.count, 0);
  }

  /** Samples of the page that the source took of no lead. */
  get not_taken(): number {
    let count = 0;
    for (let index = this.start; index < this.span.end; index++) {
      if (this.archive.presenceOf(index) !== Presence.Absent && this.isEmpty(index)) count++;
    }
    return count;
  }

  /** The samples of the page that do not continue the one before: after a break, and either side of what has not come. */
  get seams(): number[] {
    const here = (index: number) => this.archive.presenceOf(index) !== Presence.Absent;
    const found: number[] = [];
    for (let index = this.start + 1; index < this.span.end; index++) {
      if (here(index) !== here(index - 1) || this.archive.presenceOf(index) === Presence.AfterBreak) found.push(index);
    }
    return found;
  }

  private isEmpty(index: number): boolean {
    for (let lead = 0; lead < this.archive.lead_count; lead++) if (this.archive.value(lead, index) !== MISSING) return false;
    return true;
  }
}

/** The first sample that a page's filter needs. */
export function leadIn(span: PageSpan, rate_hz: number): number {
  return Math.max(0, Math.floor(span.first - LEAD_IN_S * rate_hz));
}
