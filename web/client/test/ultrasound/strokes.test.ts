import { describe, expect, it } from "vitest";
import type { Stroke } from "../../src/api/types";
import { pathOf, Pen, strokesOn } from "../../src/ultrasound/strokes";

describe("a stroke", () => {
  it("leaves out what cannot be seen, and is nothing before its second place", () => {
    const pen = new Pen("freehand");
    pen.move({ x: 0.5, y: 0.5 });
    pen.move({ x: 0.5001, y: 0.5 });
    expect(pen.drawn).toBeNull();
    pen.move({ x: 0.6, y: 0.55555 });
    expect(pen.drawn).toEqual([[0.5, 0.5], [0.6, 0.5556]]);
  });

  it("never grows beyond what is taken", () => {
    const pen = new Pen("freehand");
    for (let i = 0; i < 500; i++) pen.move({ x: (i % 2) * 0.5, y: i / 500 });
    expect(pen.drawn).toHaveLength(200);
  });

  it("that is an arrow has a foot and a tip", () => {
    const pen = new Pen("arrow");
    for (const x of [0.1, 0.2, 0.3]) pen.move({ x, y: 0.5 });
    expect(pen.drawn).toEqual([[0.1, 0.5], [0.3, 0.5]]);
  });

  it("belongs to its frame and no other", () => {
    const of = (capture_us: number): Stroke => ({ id: String(capture_us), participant_id: "p", shape: "freehand", points: [[0, 0], [1, 1]], capture_us });
    const strokes = [of(1_000_000), of(1_033_333)];
    expect(strokesOn(strokes, 1_000_400).map((one) => one.id)).toEqual(["1000000"]);
    expect(strokesOn(strokes, 1_066_667)).toEqual([]);
    expect(strokesOn(strokes, null)).toEqual([]);
  });

  it("is drawn in the picture's own measure", () => {
    expect(pathOf("freehand", [[0, 0], [0.5, 0.25]], 640, 480)).toBe("M0.0 0.0L320.0 120.0");
    expect(pathOf("arrow", [[0, 0.5], [0.5, 0.5]], 560, 480).match(/M/g)).toHaveLength(3);
    expect(pathOf("freehand", [], 640, 480)).toBe("");
  });
});
