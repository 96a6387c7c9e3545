/**
 * Looking back while live goes on: one still page of a stream, of any time since its start.
 *
 * The page is drawn once, and again when samples of it have come or it is shown otherwise. What is missing stays
 * hatched, and is asked for.
 */

import { Archive } from "./archive";
import type { Piece } from "./calipers";
import type { FilterSetting } from "./filters";
import { AskedAtOnce, GapSeeker, STORED } from "./gaps";
import { firstOf, type Lie, PaneGeometry, pxPerSample, type Scale } from "./geometry";
import type { Laid } from "./laid";
import type { UprightLine } from "./livePainter";
import { leadIn, pageColumns, pageEndingAt, type PageSpan, StillPage } from "./page";
import type { StillStatus } from "./protocol";
import { reachOf } from "./reach";
import type { Gap, Ring } from "./ring";
import { groups, type Pane, panes } from "./sheet";
import { besideNames, drawTrace, type Hatches, type TraceContext } from "./trace";
import type { WavePacket } from "./wire";

const REDRAW_EVERY_MS = 200;

/** Of which stream, and how it is to be read. */
export interface Recorded {
  leads: readonly string[];
  rate_hz: number;
  nv_per_lsb: number;
}

export class LookBack {
  /** The samples that there are. */
  readonly archive: Archive;
  private readonly seeker: GapSeeker;
  private page: StillPage | null = null;
  /** What was found of the page when it was drawn. */
  private found: Pick<StillStatus, "page_samples" | "reaches" | "missing" | "not_taken" | "seams"> = { page_samples: 0, reaches: [], missing: 0, not_taken: 0, seams: [] };
  private stale = true;
  private drawn_ms = -Infinity;

  /** The page ends with the sample before `end`. */
  constructor(
    private readonly of: Recorded,
    ring: Ring,
    private end: number,
  ) {
    this.archive = new Archive(of.leads.length, of.rate_hz);
    this.archive.adopt(ring);
    this.seeker = new GapSeeker(AskedAtOnce.at(of.rate_hz), STORED);
  }

  /** Show the page that ends there; within what there is. */
  moveTo(end: number): void {
    this.end = Math.max(1, Math.min(Math.round(end), this.archive.end));
    this.repaint();
  }

  /** Draw anew at the next frame: the sheet or the filters are others now. */
  repaint(): void {
    this.stale = true;
    this.drawn_ms = -Infinity;
  }

  /** Samples of this stream, with its derived leads. */
  store(packet: WavePacket, is_live: boolean): void {
    const is_new = this.archive.store(packet, is_live);
    if (is_new && this.page !== null && packet.first < this.page.span.end) this.stale = true;
  }

  /** What to ask the server for: of the page and of what its filter needs, older than the ring. */
  seek(ring_start: number, now_ms: number): Gap | null {
    if (this.page === null) return null;
    const { span } = this.page;
    const from = leadIn(span, this.of.rate_hz);
    this.archive.want(from, span.end);
    return this.seeker.next(this.archive.gaps(from, Math.min(span.end, ring_start)), now_ms);
  }

  /** The line is another one: what was asked for on the one before may be asked for again at once. */
  askAnew(): void {
    this.seeker.askAnew();
  }

  /** Draw the page when it has changed; true when it was drawn. */
  paint(layer: TraceContext, laid: Laid, filters: FilterSetting, hatches: Hatches, now_ms: number): boolean {
    if (!this.stale || now_ms - this.drawn_ms < REDRAW_EVERY_MS) return false;
    const span = pageEndingAt(this.end, laid.view, this.of.rate_hz);
    this.archive.want(leadIn(span, this.of.rate_hz), span.end);
    this.page = new StillPage(this.archive, this.of.nv_per_lsb, filters, span);
    this.found = this.find(this.page, laid);
    layer.clearRect(0, 0, laid.view.width_px, laid.view.height_px);
    for (const pane of panes(laid.view)) this.drawPane(layer, pane, this.page, laid, hatches);
    this.stale = false;
    this.drawn_ms = now_ms;
    return true;
  }

  /** One lead of the page as it is drawn; `null` before it was, or without that lead. */
  piece(lead: string): Piece | null {
    const row = this.of.leads.indexOf(lead);
    return this.page === null || row < 0 ? null : this.page.piece(row);
  }

  /** How the page stands; `null` before it was drawn. */
  status(now_ms: number): StillStatus | null {
    if (this.page === null) return null;
    const { span } = this.page;
    return {
      ...span,
      ...this.found,
      newest: this.archive.end,
      from_us: this.timeOf(Math.floor(span.first)),
      to_us: this.timeOf(span.end - 1),
      newest_us: this.timeOf(this.archive.end - 1),
      fetching: this.seeker.isWaiting(now_ms),
    };
  }

  /** Upright lines where a sample stands on the page. */
  lines(index: number, laid: Laid): UprightLine[] {
    if (this.page === null) return [];
    const { span } = this.page;
    const scale = this.scaleOf(laid);
    return groups(laid.view).flatMap((group) => {
      const x = new PaneGeometry(group.panes[0]!, scale, lieOf(group.panes[0]!, span, scale)).xOf(index);
      return x === null ? [] : besideNames(group, x, laid.scale).map(([top, height]) => ({ x: Math.floor(x), top, height }));
    });
  }

  private find(page: StillPage, { view }: Laid): typeof this.found {
    const { leads, rate_hz } = this.of;
    const page_samples = Math.round(pageColumns(view) / pxPerSample(view, rate_hz));
    return { page_samples, reaches: reachOf(page, leads, page.start, page.span.end), missing: page.missing, not_taken: page.not_taken, seams: page.seams };
  }

  private drawPane(layer: TraceContext, pane: Pane, page: StillPage, laid: Laid, hatches: Hatches): void {
    const lead = this.of.leads.indexOf(pane.lead);
    if (lead < 0) return;
    const { view, scale, inks } = laid;
    const px_per_sample = pxPerSample(view, this.of.rate_hz);
    const base = page.span.left_column + pane.column * pane.width;
    const line_px = inks.trace_css_px * scale;
    const frame = { shown: page, px_per_sample, px_per_mm: view.px_per_mm, end: page.span.end, inks, line_px, scale, hatches, spares_names: true };
    drawTrace(layer, pane, lead, [base, base + pane.width], frame, (column) => pane.x + column - base);
  }

  private scaleOf(laid: Laid): Scale {
    return { speed_mm_s: laid.view.speed_mm_s, px_per_mm: laid.view.px_per_mm, rate_hz: this.of.rate_hz };
  }

  /** When a sample was taken; of one that is missing, reckoned from the newest. */
  private timeOf(index: number): number | null {
    const known = this.archive.takenAt(index);
    if (known !== null) return known;
    const newest = this.archive.end - 1;
    const newest_us = this.archive.takenAt(newest);
    return newest_us === null ? null : newest_us - ((newest - index) * 1e6) / this.of.rate_hz;
  }
}

/** How a pane of a still page lies. */
export function lieOf(pane: Pick<Pane, "column" | "width">, span: Pick<PageSpan, "first" | "end">, scale: Scale): Lie {
  return { kind: "still", first: firstOf(pane, span.first, scale), end: span.end };
}
