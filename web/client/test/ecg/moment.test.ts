import { expect, it } from "vitest";
import { drawMoment, type Piece } from "../../src/ecg/moment";
import { MISSING } from "../../src/ecg/wire";

class Paper {
  fillStyle = "";
  strokeStyle = "";
  lineWidth = 0;
  lineJoin: CanvasLineJoin = "round";
  readonly rects: [string, number, number, number, number][] = [];
  readonly moves: [number, number][] = [];
  readonly lines: [number, number][] = [];
  fillRect(x: number, y: number, width: number, height: number) {
    this.rects.push([this.fillStyle, x, y, width, height]);
  }
  beginPath() {}
  stroke() {}
  moveTo(x: number, y: number) {
    this.moves.push([x, y]);
  }
  lineTo(x: number, y: number) {
    this.lines.push([x, y]);
  }
}

const HATCHES = { gap: "gap", unusable: "off", not_taken: "paused" };

function piece(values: (number | null)[], more: Partial<Piece> = {}): Piece {
  return { values, unusable: values.map(() => false), rate_hz: 500, nv_per_lsb: 1000, at: 0, coming: 0, ...more };
}

it("draws each sample at its height, a pause of the source as one, and the line at the picture's sample", () => {
  const paper = new Paper();
  const values = [0, 500, MISSING, 0, -500];
  drawMoment(paper as never, piece(values, { at: 3 }), 100, 60, 3, HATCHES);
  expect(paper.moves).toEqual([[10, 30], [70, 30]]); // 500 steps of 1000 nV are 0.5 mV: 15 pixels
  expect(paper.lines).toEqual([[30, 15], [90, 45]]);
  expect(paper.rects.filter(([style]) => style === "paused")).toEqual([["paused", 40, 2, 20, 56]]);
  expect(paper.rects.at(-1)).toEqual(["#7a2a8c", 70, 0, 2, 60]);
});

it("cuts no R wave: the baseline makes room for it, and beyond that wave and grid become smaller together", () => {
  const high = new Paper();
  drawMoment(high as never, piece([0, 1500, -200]), 90, 60, 3, HATCHES);
  expect([high.moves, high.lines].flat()).toEqual([[15, 48], [45, 3], [75, 54]]); // 1.5 mV are 45 pixels, as they are drawn else
  const huge = new Paper();
  drawMoment(huge as never, piece([0, 3000, -600]), 90, 60, 3, HATCHES);
  const heights = [...huge.moves, ...huge.lines].map(([, y]) => y);
  expect(heights).toEqual([48, 3, 57]); // half as high
  const lines = huge.rects.filter(([style, , , width, height]) => style === "#f3c9c3" && height === 1 && width === 90).map(([, , y]) => y);
  expect(lines[1]! - lines[0]!).toBeCloseTo(7.5, -1); // and so are the squares of 0.5 mV
  expect(lines).toContain(48);
});

it("hatches an unusable lead in its own way, and nothing of what is still on its way", () => {
  const paper = new Paper();
  drawMoment(paper as never, piece([0, 0, null, null, null], { unusable: [false, true, false, false, false], coming: 2 }), 100, 60, 3, HATCHES);
  expect(paper.rects.filter(([style]) => style === "gap" || style === "off")).toEqual([["off", 20, 2, 20, 56], ["gap", 40, 2, 20, 56]]);
});
