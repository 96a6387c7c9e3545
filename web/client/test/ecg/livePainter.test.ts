import { describe, expect, it } from "vitest";
import { FilteredRing } from "../../src/ecg/filtered";
import { INKS } from "../../src/ecg/inks";
import { ARRANGEMENTS } from "../../src/ecg/layouts";
import { type LayerContext, LivePainter } from "../../src/ecg/livePainter";
import type { MakeTile } from "../../src/ecg/reel";
import { Ring } from "../../src/ecg/ring";
import { panes, type View } from "../../src/ecg/sheet";
import { ERASED_MM } from "../../src/ecg/sweep";
import { VIEW, wave } from "./packets";

const RATE_HZ = 500;
const RAW = { high_pass_hz: null, low_pass_hz: null, mains_hz: null };

/** A surface that knows which rows' lines stand in each column; the signal is flat, so a line stands on its row's baseline. */
class Flat {
  readonly rows = new Map<number, Set<number>>();
  private clip_from = -Infinity;
  private clip_to = Infinity;
  private path: [number, number] = [0, 0];
  lineWidth = 0;
  save() { /* nothing */ }
  beginPath() { /* nothing */ }
  rect(x: number, _y: number, width: number) { this.path = [x, x + width]; }
  clip() { [this.clip_from, this.clip_to] = this.path; }
  restore() { [this.clip_from, this.clip_to] = [-Infinity, Infinity]; }
  moveTo() { /* nothing */ }
  stroke() { /* nothing */ }
  fillRect() { /* nothing */ }
  strokeText() { /* nothing */ }
  fillText() { /* nothing */ }
  lineTo(x: number, y: number) {
    const at = Math.floor(x);
    if (at < this.clip_from || at >= this.clip_to) return;
    this.rows.set(at, (this.rows.get(at) ?? new Set()).add(Math.round(y)));
  }
  clearRect(x: number, _y: number, width: number) {
    for (let at = x; at < x + width; at++) this.rows.delete(at);
  }
  drawImage(image: { flat: Flat; left: number }, from: number, _y: number, width: number, _h: number, to: number) {
    for (let i = 0; i < width; i++) {
      const found = image.flat.rows.get(image.left + from + i);
      if (found !== undefined) this.rows.set(to + i, new Set([...(this.rows.get(to + i) ?? []), ...found]));
    }
  }
}

function painted(view: View, motion: "sweep" | "scroll", seconds: number): Flat {
  const ring = new Ring(12, RATE_HZ);
  const shown = new FilteredRing(ring, 1000, RAW);
  const layer = new Flat();
  const makeTile: MakeTile = (left) => {
    const flat = new Flat();
    return { context: flat as unknown as LayerContext, image: { flat, left } as unknown as CanvasImageSource };
  };
  const painter = new LivePainter(makeTile);
  painter.useLayer(layer as unknown as LayerContext, { gap: "gap", unusable: "off", not_taken: "paused" });
  painter.layOut({ view, scale: 1, motion, inks: { ...INKS.usual, trace_css_px: 0 } });
  for (let frame = 0; frame < seconds * 60; frame++) {
    const first = Math.round((frame * RATE_HZ) / 60);
    const count = Math.round(((frame + 1) * RATE_HZ) / 60) - first;
    ring.store(wave({ first, leads: Array.from({ length: 12 }, () => Array.from({ length: count }, () => 0)) }));
    painter.paint(first + count - 1, { shown, leads: view.leads, rate_hz: RATE_HZ }, frame * 16.7);
  }
  return layer;
}

describe("live traces", () => {
  for (const motion of ["sweep", "scroll"] as const) {
    it.each(ARRANGEMENTS)(`stand complete in every pane, but for the erased bar: ${motion}, %s`, (arrangement) => {
      const view = { ...VIEW, arrangement };
      const layer = painted(view, motion, 14); // longer than a whole width, so that each pen has gone round
      const missing_px = motion === "sweep" ? ERASED_MM * view.px_per_mm + 1 : 3;
      for (const pane of panes(view)) {
        const missing = Array.from({ length: pane.width }, (_, i) => pane.x + i).filter((x) => layer.rows.get(x)?.has(pane.baseline) !== true);
        expect([pane.lead, missing.length <= missing_px, missing]).toEqual([pane.lead, true, missing]);
      }
    });
  }

  it("leave the erased bar of each pen empty of its own rows", () => {
    const layer = painted(VIEW, "sweep", 14);
    for (const pane of panes(VIEW)) {
      const empty = Array.from({ length: pane.width }, (_, i) => pane.x + i).filter((x) => layer.rows.get(x)?.has(pane.baseline) !== true);
      expect(empty.length).toBeGreaterThanOrEqual(ERASED_MM * VIEW.px_per_mm - 1);
    }
  });
});
