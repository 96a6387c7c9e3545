import { describe, expect, it } from "vitest";
import { begun, caliperPath, type Calipers, ended, endsAt, pinned, pinnedCount, pointAt, stretched, TOOLS, withPoint } from "../../src/ultrasound/calipers";

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

  it("a ventricle from ring to ring, closed by the ring, of six points at least", () => {
    const places = [[0, 9], [0, 5], [2, 1], [5, 0], [8, 2], [9, 9]] as const;
    let contour = begun("chamber_area", at(0, 9));
    for (const [x, y] of places.slice(1, 5)) contour = pinned(stretched(contour, at(x, y)));
    expect([pinnedCount(contour), ended(contour), endsAt(contour)]).toEqual([5, null, null]);
    contour = pinned(stretched(contour, at(9, 9)));
    expect(endsAt(contour)).toEqual(at(9, 9));
    const whole = ended(contour)!;
    expect([whole.points.length, pinnedCount(whole)]).toEqual([6, 6]);
    expect(caliperPath(whole, same).endsWith("L9.00 9.00Z")).toBe(true);
  });

  it("a flow's trace of three points at least, and open", () => {
    let trace = begun("velocity_time_integral", at(0, 0));
    trace = pinned(stretched(trace, at(5, 5)));
    expect(ended(trace)).toBeNull();
    trace = pinned(stretched(trace, at(9, 0)));
    expect(caliperPath(ended(trace)!, same)).toBe("M0.00 0.00L5.00 5.00L9.00 0.00");
  });

  it("an angle by hand goes along from point to point", () => {
    const begins = { ...begun("velocity_time_integral", at(0, 0)), angle_deg: 45 };
    const on = pinned(stretched(pinned(stretched(begins, at(5, 5))), at(9, 0)));
    expect(on.angle_deg).toBe(45);
    expect(ended(on)?.angle_deg).toBe(45);
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
    expect(path.startsWith("M1000.00 1000.00") || ["interval", "heart_rate", "velocity"].includes(tool), tool).toBe(true);
    expect(path).toContain("10");
  }
  expect(caliperPath({ tool: "area", points: points.slice(0, 3), done: true }, same)).toBe("M0.00 0.00L10.00 0.00L5.00 5.00Z");
  expect(caliperPath({ tool: "ellipse_area", points, done: true }, same)).toContain("M10.00 0.00L"); // through the end of its axis
});
