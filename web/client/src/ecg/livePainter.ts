/**
 * Paints the live traces: swept, or scrolled under the paper's names.
 *
 * Each frame draws only the new strip: drawing all of it at every refresh costs more than ten times as much. A strip is
 * emptied over the whole height, as a tall wave may reach into the next row; so whatever else stands in it is drawn
 * again: where a row over the whole width runs below the sheet's columns, each sweeps through the other.
 */

import { columnOf } from "./columns";
import type { FilteredRing } from "./filtered";
import { type Lie, PaneGeometry, pxPerSample } from "./geometry";
import type { Laid } from "./laid";
import { drawName, type Pencil } from "./paper";
import { type MakeTile, Reel } from "./reel";
import { type Group, groups } from "./sheet";
import { columnsWithin, ERASED_MM, type Run, shownColumns, stretches } from "./sweep";
import { besideNames, bothReaches, drawPen, drawTrace, type Frame, type Hatches, NOTHING_DRAWN, type Reach, type TraceContext } from "./trace";

const REDRAW_EVERY_MS = 200;
/** Scrolled, the oldest column is where the newest goes; its line is a little wider than a column. */
const SCROLL_ERASED_PX = 2;

/** What is seen. */
export type LayerContext = TraceContext & Pencil & Pick<OffscreenCanvasRenderingContext2D, "drawImage" | "globalCompositeOperation">;

/** What is painted: a stream's samples and the names of their rows. */
export interface Scene {
  shown: FilteredRing;
  leads: readonly string[];
  rate_hz: number;
}

/** An upright line over a group of panes, in device pixels. */
export interface UprightLine {
  x: number;
  top: number;
  height: number;
}

export class LivePainter {
  private laid: Laid | null = null;
  private groups: Group[] = [];
  private layer: LayerContext | null = null;
  /** Where traces scroll: what stands side by side shares a reel. */
  private reels: { reel: Reel; groups: Group[] }[] = [];
  private hatches: Hatches = { gap: "#c9d3d8", unusable: "#ffe27a", not_taken: "#f3e9d6" };
  private drawn: number | null = null;
  private stale = true;
  private redrawn_ms = -Infinity;

  constructor(private readonly makeTile: MakeTile) {}

  /** Seconds that the widest row shows. */
  get width_s(): number {
    if (this.laid === null) return 0;
    const { speed_mm_s, px_per_mm } = this.laid.view;
    return (Math.max(...this.groups.map((group) => group.width)) - this.erased_px) / (speed_mm_s * px_per_mm);
  }

  /** Paint on this from now on. */
  useLayer(layer: LayerContext, hatches: Hatches): void {
    this.layer = layer;
    this.hatches = hatches;
    this.stale = true;
  }

  layOut(laid: Laid): void {
    this.laid = laid;
    this.groups = groups(laid.view);
    this.reels = laid.motion === "scroll" ? this.makeReels(laid.view.width_px, laid.view.height_px) : [];
    this.repaint();
  }

  /** What stands there is not to be trusted: draw all of it at the next frame. */
  repaint(): void {
    this.stale = true;
    this.redrawn_ms = -Infinity;
  }

  /** Samples from `first` on came late: they are drawn soon, all at once. */
  changed(first: number): void {
    if (this.drawn !== null && first < this.drawn) this.stale = true;
  }

  /** Another stream, or none: nothing of the one before may stand there. */
  forget(): void {
    this.drawn = null;
    this.stale = true;
  }

  /** Paint up to the pen; `null`: nothing is to be seen. */
  paint(pen: number | null, scene: Scene | null, now_ms: number): void {
    if (pen === null || scene === null || this.laid === null || this.layer === null) return this.wipeIfStale();
    const jumped = this.drawn === null || Math.abs(pen - this.drawn) > scene.rate_hz / 2;
    const overdue = this.stale && now_ms - this.redrawn_ms >= REDRAW_EVERY_MS;
    const frame = this.frame(scene, pen);
    if (jumped || overdue) this.redraw(pen, scene, frame, now_ms);
    else this.advance(this.drawn!, pen, scene, frame);
    if (this.laid.motion === "scroll") this.unroll(columnOf(pen, frame.px_per_sample));
    this.drawn = pen;
  }

  /** Upright lines where a sample stands; none once its column has been painted over. */
  lines(index: number, rate_hz: number): UprightLine[] {
    if (this.laid === null || this.drawn === null) return [];
    const scale = { ...this.laid.view, rate_hz };
    const lie: Lie =
      this.laid.motion === "scroll"
        ? { kind: "scrolled", pen: this.drawn }
        : { kind: "swept", pen: Math.max(this.drawn, index), erased_px: this.erased_px }; // a picture may be quicker than the pen
    return this.groups.flatMap((group) => {
      const x = new PaneGeometry(group.panes[0]!, scale, lie).xOf(index);
      return x === null ? [] : besideNames(group, x, this.laid!.scale).map(([top, height]) => ({ x: Math.floor(x), top, height }));
    });
  }

  private get erased_px(): number {
    return this.laid?.motion === "scroll" ? SCROLL_ERASED_PX : Math.round(ERASED_MM * (this.laid?.view.px_per_mm ?? 0));
  }

  private frame(scene: Scene, pen: number): Frame {
    const { view, scale, inks, motion } = this.laid!;
    return {
      shown: scene.shown,
      px_per_sample: pxPerSample(view, scene.rate_hz),
      px_per_mm: view.px_per_mm,
      end: Math.floor(pen) + 1,
      inks,
      line_px: inks.trace_css_px * scale,
      scale,
      hatches: this.hatches,
      spares_names: motion !== "scroll",
    };
  }

  private redraw(pen: number, scene: Scene, frame: Frame, now_ms: number): void {
    scene.shown.redo(frame.end);
    const all = (group: Group) => shownColumns(pen, frame.px_per_sample, group.width, this.erased_px);
    if (this.laid!.motion === "sweep") {
      this.wipe();
      for (const group of this.groups) this.drawRun(this.layer!, group, all(group), scene, frame);
      this.drawPens(columnOf(pen, frame.px_per_sample) + 1);
    }
    for (const { reel, groups: on_it } of this.reels) {
      reel.clear();
      for (const group of on_it) this.drawOnReel(reel, group, all(group), scene, frame);
    }
    this.stale = false;
    this.redrawn_ms = now_ms;
  }

  /** Only the new strip: the last column again, the new ones, and the erased bar ahead. */
  private advance(was: number, pen: number, scene: Scene, frame: Frame): void {
    scene.shown.follow(frame.end);
    const fresh: Run = [Math.max(0, columnOf(was, frame.px_per_sample) - 1), columnOf(pen, frame.px_per_sample) + 1];
    const strip: Run = [fresh[0], fresh[1] + this.erased_px];
    if (this.laid!.motion === "sweep") {
      for (const group of this.groups) for (const stretch of stretches(strip, group)) this.drawStretch(stretch, pen, scene, frame);
      this.drawPens(fresh[1]);
    }
    for (const { reel, groups: on_it } of this.reels) {
      for (const group of on_it) {
        reel.erase(stretches(strip, group));
        this.drawOnReel(reel, group, fresh, scene, frame);
      }
    }
  }

  /** Empty what stands between two places, and draw all of it again, of whichever group. */
  private drawStretch([left, right]: Run, pen: number, scene: Scene, frame: Frame): void {
    const [layer, { height_px }] = [this.layer!, this.laid!.view];
    layer.clearRect(left, 0, right - left, height_px);
    layer.save();
    layer.beginPath();
    layer.rect(left, 0, right - left, height_px);
    layer.clip();
    for (const group of this.groups) {
      const shown = shownColumns(pen, frame.px_per_sample, group.width, this.erased_px);
      for (const run of columnsWithin(shown, group, left - 1, right + 1)) this.drawRun(layer, group, run, scene, frame);
    }
    layer.restore();
  }

  private drawOnReel(reel: Reel, group: Group, run: Run, scene: Scene, frame: Frame): void {
    reel.draw(stretches(run, group), (surface, [left, right]) => {
      const parts = columnsWithin(run, group, left - 1, right + 1);
      return parts.map((part) => this.drawRun(surface, group, part, scene, frame)).reduce(bothReaches, NOTHING_DRAWN);
    });
  }

  private drawRun(surface: TraceContext, group: Group, run: Run, scene: Scene, frame: Frame): Reach {
    let reach = NOTHING_DRAWN;
    for (const pane of group.panes) {
      const lead = scene.leads.indexOf(pane.lead);
      if (lead >= 0) reach = bothReaches(reach, drawTrace(surface, pane, lead, run, frame));
    }
    return reach;
  }

  private drawPens(column: number): void {
    const { scale } = this.laid!;
    for (const group of this.groups) drawPen(this.layer!, group, column, Math.max(1, Math.round(2 * scale)), scale);
  }

  private makeReels(width_px: number, height_px: number): typeof this.reels {
    const columns = this.groups.filter((group) => group.width < Math.max(...this.groups.map((one) => one.width)));
    const whole_rows = this.groups.filter((group) => !columns.includes(group));
    return [columns, whole_rows].filter((side_by_side) => side_by_side.length > 0).map((side_by_side) => ({ reel: new Reel(width_px, height_px, this.makeTile), groups: side_by_side }));
  }

  /** Lay the reels on the paper, the newest column of each group at its right edge, and the names above them. */
  private unroll(newest: number): void {
    const { scale, inks } = this.laid!;
    const layer = this.layer!;
    this.wipe();
    for (const { reel, groups: on_it } of this.reels) {
      for (const { x, width } of on_it) {
        const fresh_px = (newest % width) + 1;
        const old_px = width - fresh_px;
        reel.lay(layer, [x + fresh_px, x + width], x);
        reel.lay(layer, [x, x + fresh_px], x + old_px);
      }
    }
    for (const group of this.groups) for (const pane of group.panes) drawName(layer, pane, scale, inks);
  }

  private wipe(): void {
    this.layer!.clearRect(0, 0, this.laid!.view.width_px, this.laid!.view.height_px);
  }

  private wipeIfStale(): void {
    if (!this.stale || this.laid === null || this.layer === null) return;
    this.wipe();
    this.stale = false;
  }
}
