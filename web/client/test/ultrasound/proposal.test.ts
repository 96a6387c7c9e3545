import { describe, expect, it } from "vitest";
import { type Fan, lit, type Rectangle, type Shape } from "../../src/ultrasound/mask";
import { Motion } from "../../src/ultrasound/proposal";

/** Noise that moves inside of a shape, and a still text beside it; always the same. */
function frames(shape: Shape, width: number, height: number, count = 24) {
  let state = 1;
  const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
  const inside = lit(shape, width, height);
  return Array.from({ length: count }, () => {
    const data = inside.map((seen) => (seen ? 40 + Math.floor(random() * 160) : 16));
    for (let x = 8; x < 100; x += 4) data.fill(235, 10 * width + x, 10 * width + x + 2);
    return { width, height, data };
  });
}

function proposed(shape: Shape, width: number, height: number) {
  const motion = new Motion(width, height);
  frames(shape, width, height).forEach((frame) => motion.add(frame));
  return motion.propose();
}

function agreement(a: Shape, b: Shape, width: number, height: number): number {
  const [in_a, in_b] = [lit(a, width, height), lit(b, width, height)];
  const both = in_a.reduce((sum, one, at) => sum + (one & in_b[at]!), 0);
  return both / in_a.reduce((sum, one, at) => sum + (one | in_b[at]!), 0);
}

describe("a proposed shape", () => {
  it("is the rectangle that moves", () => {
    const box: Rectangle = { shape: "rectangle", left_px: 160, top_px: 120, width_px: 320, height_px: 240 };
    const found = proposed(box, 640, 480)!;
    expect(found.keep.shape).toBe("rectangle");
    expect(agreement(found.keep, box, 640, 480)).toBeGreaterThan(0.97);
  });

  it("is the fan that moves", () => {
    const fan: Fan = { shape: "fan", apex: [320, 20], left: [60, 360], right: [580, 360], inner_radius_px: 40, outer_radius_px: 428 };
    const found = proposed(fan, 640, 480)!;
    expect(found.keep.shape).toBe("fan");
    expect(agreement(found.keep, fan, 640, 480)).toBeGreaterThan(0.95);
  });

  it("is a polygon around what is neither", () => {
    const polygon: Shape = { shape: "polygon", points: [[100, 100], [560, 60], [400, 420]] };
    const found = proposed(polygon, 640, 480)!;
    expect(found.keep.shape).toBe("polygon");
    expect(agreement(found.keep, polygon, 640, 480)).toBeGreaterThan(0.95);
  });

  it("is none where too little moves: a cursor, or nothing", () => {
    expect(proposed({ shape: "rectangle", left_px: 600, top_px: 440, width_px: 30, height_px: 20 }, 640, 480)).toBeNull();
  });

  it("is of one size of frames", () => {
    expect(() => new Motion(64, 48).add({ width: 32, height: 48, data: new Uint8Array(32 * 48) })).toThrow("32x48 among 64x48");
  });
});
