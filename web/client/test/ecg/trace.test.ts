import { describe, expect, it } from "vitest";
import { type Draw, drawPaper } from "../../src/ecg/paper";
import { Ring } from "../../src/ecg/ring";
import { pxPerSample } from "../../src/ecg/geometry";
import { INKS } from "../../src/ecg/inks";
import { type Arrangement, ARRANGEMENTS, type LeadOrder } from "../../src/ecg/layouts";
import { FIRST_CHOICE, groups, panes, type View } from "../../src/ecg/sheet";
import { drawPen, drawTrace, type TraceContext } from "../../src/ecg/trace";
import { shownOf, wave } from "./packets";

type Rect = [left: number, top: number, right: number, bottom: number];

/** A surface that notes where something was filled and written. */
class Surface {
  fillStyle = "";
  strokeStyle = "";
  font = "";
  lineWidth = 0;
  lineJoin: CanvasLineJoin = "round";
  textBaseline: CanvasTextBaseline = "alphabetic";
  readonly fills: [string, Rect][] = [];
  /** What each written name covers with its halo; letters are taken as wide as the widest, a W. */
  readonly names: [string, Rect][] = [];
  beginPath() { /* nothing */ }
  moveTo() { /* nothing */ }
  lineTo() { /* nothing */ }
  stroke() { /* nothing */ }
  clearRect() { /* nothing */ }
  strokeText() { /* nothing */ }
  fillRect(x: number, y: number, width: number, height: number) {
    this.fills.push([this.fillStyle, [x, y, x + width, y + height]]);
  }
  fillText(text: string, x: number, y: number) {
    const size = Number(/(\d+)px/.exec(this.font)![1]);
    this.names.push([text, [x, y - 0.8 * size, x + 0.7 * size * text.length, y + 1]]);
  }
}

function meet(a: Rect, b: Rect): boolean {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}

function hatchedEverywhere(arrangement: Arrangement, scale: number, unusable: number, order: LeadOrder = "standard"): { paper: Surface; layer: Surface; view: View } {
  const view: View = { ...FIRST_CHOICE, arrangement, order, half_chest: order === "cabrera", px_per_mm: 4 * scale, width_px: 1100 * scale, height_px: 400 * scale };
  const paper = new Surface();
  drawPaper(paper as unknown as Draw, view, scale);
  const ring = new Ring(1, 500);
  ring.store(wave({ first: 0, leads: [[1]] }));
  const count = unusable === 0 ? 1 : 6000;
  ring.store(wave({ first: 6000 - count, leads: [Array.from({ length: count }, () => 1)], leads_unusable: unusable }));
  const layer = new Surface();
  const frame = { shown: shownOf(ring), px_per_sample: pxPerSample(view, 500), px_per_mm: view.px_per_mm, end: 6000, inks: INKS.usual, line_px: 1, scale, spares_names: true, hatches: { gap: "gap", unusable: "off", not_taken: "paused" } };
  for (const pane of panes(view)) drawTrace(layer as unknown as TraceContext, pane, 0, [1, pane.width + 1], frame);
  return { paper, layer, view };
}

describe("the pen's bar", () => {
  for (const arrangement of ARRANGEMENTS) {
    it(`passes every lead's name without touching it, and is whole beside them: ${arrangement}`, () => {
      const { paper, view } = hatchedEverywhere(arrangement, 1.5, 0);
      for (const group of groups(view)) {
        for (let column = 0; column < group.width; column++) {
          const layer = new Surface();
          drawPen(layer as unknown as TraceContext, group, column, 3, 1.5);
          const bars = layer.fills.map(([, rect]) => rect);
          for (const [name, rect] of paper.names) expect([name, bars.some((bar) => meet(bar, rect))]).toEqual([name, false]);
          if (column > 80) expect(bars).toEqual([[group.x + column, group.top + 1, group.x + column + 3, group.bottom - 1]]);
        }
      }
    });
  }
});

describe("hatching", () => {
  for (const arrangement of ARRANGEMENTS) {
    for (const scale of [1, 1.5]) {
      for (const [hatch, unusable] of [["gap", 0], ["off", 1]] as const) {
        it.each(["standard", "cabrera"] as const)(`leaves every lead's name free: ${arrangement}, ${hatch}, scale ${scale}, %s`, (order) => {
          const { paper, layer, view } = hatchedEverywhere(arrangement, scale, unusable, order);
          const fills = layer.fills.filter(([style]) => style === hatch).map(([, rect]) => rect);
          const all = panes(view);
          expect(paper.names.map(([name]) => name)).toEqual(all.map((pane) => pane.label));
          expect(fills).toHaveLength(all.reduce((sum, pane) => sum + pane.width, 0));
          for (const [name, rect] of paper.names) expect([name, fills.some((fill) => meet(fill, rect))]).toEqual([name, false]);
        });
      }
    }
  }
});
