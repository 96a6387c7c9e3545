import { describe, expect, it } from "vitest";
import { begun, caliperPath, type Calipers, ended, endsAt, pinned, pointAt, stretched, TOOLS, withPoint } from "../../src/ultrasound/calipers";

const size = { width: 640, height: 480 };
const at = (x: number, y: number) => ({ x, y });
const same = (one: { x: number; y: number }) => one;

describe("calipers are laid", () => {
  it("by one drag: a distance, a time, a slope", () => {
    for (const tool of ["distance", "interval", "slope"] as const) {
      const laid = pinned(stretched(begun(tool, at(10, 20)), at(30, 40)));
      expect(laid).toEqual({ tool, points: [at(10, 20), at(30, 40)], done: true });
    }
  });

  it("by one press: a velocity", () => {
    expect(begun("velocity", at(1, 2))).toEqual({ tool: "velocity", points: [at(1, 2)], done: true });
  });

  it("by three presses: an angle", () => {
    let angle = pinned(stretched(begun("angle", at(0, 0)), at(10, 0)));
    expect(angle.done).toBe(false);
    angle = pinned(stretched(angle, at(10, 10)));
    expect(angle).toEqual({ tool: "angle", points: [at(0, 0), at(10, 0), at(10, 10)], done: true });
  });

  it("an ellipse's other axis at right angles through the middle of the first", () => {
    const { points, done } = pinned(stretched(begun("ellipse_area", at(100, 100)), at(200, 100)));
    expect(done).toBe(true);
    expect(points.slice(2)).toEqual([at(150, 130), at(150, 70)]);
  });

  it("an outline is closed without the point on the hand, and is none with too few", () => {
    let outline = begun("area", at(0, 0));
    for (const [x, y] of [[10, 0], [10, 10]] as const) outline = pinned(stretched(outline, at(x, y)));
    outline = stretched(outline, at(99, 99));
    expect(endsAt(outline)).toEqual(at(0, 0));
    expect(ended(outline)).toEqual({ tool: "area", points: [at(0, 0), at(10, 0), at(10, 10)], done: true });
    expect(ended(begun("area", at(0, 0)))).toBeNull();
    expect(endsAt(begun("area", at(0, 0)))).toBeNull();
    expect(ended(begun("distance", at(0, 0)))).toBeNull();
  });

  it("a path ends on its last point", () => {
    let path = begun("path", at(0, 0));
    for (const [x, y] of [[3, 4], [6, 8]] as const) path = pinned(stretched(path, at(x, y)));
    expect(path.done).toBe(false);
    expect(endsAt(path)).toEqual(at(6, 8));
    expect(ended(path)).toEqual({ tool: "path", points: [at(0, 0), at(3, 4), at(6, 8)], done: true });
  });
});

it("a point within reach is taken, and stays on the picture", () => {
  const laid: Calipers = { tool: "distance", points: [at(10, 10), at(20, 10)], done: true };
  expect(pointAt(laid, at(16, 10), 14)).toBe(1);
  expect(pointAt(laid, at(60, 10), 14)).toBeNull();
  expect(withPoint(laid, 1, at(9999, -5), size).points).toEqual([at(10, 10), at(639, 0)]);
});

it("every tool is drawn where its pixels are seen", () => {
  const points = [at(0, 0), at(10, 0), at(5, 5), at(5, -5)];
  for (const tool of TOOLS) {
    const path = caliperPath({ tool, points: tool === "ellipse_area" ? points : points.slice(0, 3), done: true }, (one) => at(one.x + 1000, one.y + 1000));
    expect(path.startsWith("M1000.00 1000.00") || tool === "interval" || tool === "velocity").toBe(true);
    expect(path).toContain("10");
  }
  expect(caliperPath({ tool: "area", points: points.slice(0, 3), done: true }, same)).toBe("M0.00 0.00L10.00 0.00L5.00 5.00Z");
  expect(caliperPath({ tool: "ellipse_area", points, done: true }, same)).toContain("M10.00 0.00L"); // through the end of its axis
});
