import { describe, expect, it } from "vitest";
import { FADES_MS, linesOf, marksOn, Pen, STAYS_MS, strengthAt } from "../../src/ultrasound/marks";

const same = (at: { x: number; y: number }) => at;

describe("a pen", () => {
  it("leaves out moves too small to be seen, and a line of nothing is none", () => {
    const pen = new Pen("freehand");
    pen.move({ x: 100, y: 100 });
    pen.move({ x: 101, y: 100.5 });
    expect(pen.drawn).toBeNull();
    pen.move({ x: 110.123456, y: 100 });
    expect(pen.drawn).toEqual([[100, 100], [110.12, 100]]);
  });

  it("lets a long line go on to where the hand is, within the places that are taken", () => {
    const pen = new Pen("freehand");
    for (let x = 0; x <= 3000; x += 2) pen.move({ x, y: 5 });
    const drawn = pen.drawn!;
    expect(drawn.length).toBeLessThanOrEqual(200);
    expect(drawn[0]).toEqual([0, 5]);
    expect(drawn.at(-1)).toEqual([3000, 5]);
  });

  it("makes of an arrow and a circle two places, however the hand went", () => {
    for (const shape of ["arrow", "circle"] as const) {
      const pen = new Pen(shape);
      for (const x of [10, 20, 30]) pen.move({ x, y: 50 });
      expect(pen.drawn).toEqual([[10, 50], [30, 50]]);
    }
  });

  it("takes a press that trembled for no arrow", () => {
    const pen = new Pen("arrow");
    pen.move({ x: 10, y: 10 });
    pen.move({ x: 12, y: 11 });
    expect(pen.drawn).toBeNull();
  });

  it("makes of a target and a text the one place where it ended", () => {
    for (const shape of ["target", "text"] as const) {
      const pen = new Pen(shape);
      pen.move({ x: 10, y: 10 });
      pen.move({ x: 12.5, y: 11.004 });
      expect(pen.drawn).toEqual([[12.5, 11]]);
    }
  });
});

it("marks belong to their frame and to no other", () => {
  const marks = [{ capture_us: 1_000_000 }, { capture_us: 1_033_333 }];
  expect(marksOn(marks, 1_000_400)).toEqual([marks[0]]);
  expect(marksOn(marks, 1_066_667)).toEqual([]);
  expect(marksOn(marks, null)).toEqual([]);
});

it("on a moving picture they stand, fade, and are gone", () => {
  expect(strengthAt(0)).toBe(1);
  expect(strengthAt(STAYS_MS - FADES_MS)).toBe(1);
  expect(strengthAt(STAYS_MS - FADES_MS / 2)).toBeCloseTo(0.5);
  expect(strengthAt(STAYS_MS)).toBe(0);
  expect(strengthAt(1e9)).toBe(0);
});

describe("the lines of a mark", () => {
  it("stand where its pixels are seen", () => {
    const twice = ({ x, y }: { x: number; y: number }) => ({ x: 2 * x + 1, y: 2 * y + 1 });
    expect(linesOf({ shape: "freehand", points: [[0, 0], [10, 5]] }, twice)?.path).toBe("M1.00 1.00L21.00 11.00");
  });

  it("are an arrow's shaft and head at its tip, the name at its foot", () => {
    const { path, label } = linesOf({ shape: "arrow", points: [[0, 50], [100, 50]] }, same)!;
    expect(path.match(/M/g)).toHaveLength(3);
    expect(path.match(/M100.00 50.00/g)).toHaveLength(2);
    expect(label).toEqual({ x: -10, y: 50 });
  });

  it("of a circle go round its middle through its rim", () => {
    expect(linesOf({ shape: "circle", points: [[50, 50], [80, 90]] }, same)?.path).toBe("M0.00 50.00a50.00 50.00 0 1 0 100.00 0a50.00 50.00 0 1 0 -100.00 0");
  });

  it("of a target leave its middle free, of a text there are none", () => {
    expect(linesOf({ shape: "target", points: [[10, 10]] }, same)?.path).not.toContain("M10.00 10.00");
    expect(linesOf({ shape: "text", points: [[10, 10]] }, same)).toEqual({ path: "", label: { x: 10, y: 10 } });
    expect(linesOf({ shape: "arrow", points: [] }, same)).toBeNull();
  });
});
