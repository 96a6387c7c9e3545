import { expect, it } from "vitest";
import { drawMoment } from "../../src/ecg/moment";
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

it("draws each sample at its height, a gap as a gap, and the line at the picture's sample", () => {
  const paper = new Paper();
  const values = [0, 1000, MISSING, 0, -1000];
  drawMoment(paper as never, { values, rate_hz: 500, nv_per_lsb: 1000, at: 3 }, 100, 60, 3);
  expect(paper.moves).toEqual([[10, 30], [70, 30]]); // 1000 steps of 1000 nV are 1 mV: 30 pixels
  expect(paper.lines).toEqual([[30, 0], [90, 60]]);
  expect(paper.rects.filter(([style]) => style === "#c9d3d8")).toEqual([["#c9d3d8", 40, 2, 20, 56]]);
  expect(paper.rects.at(-1)).toEqual(["#7a2a8c", 70, 0, 2, 60]);
});
