import { describe, expect, it } from "vitest";
import { apart, type Plate } from "../../src/ultrasound/plates";

const at = (x: number, y: number, before = false, most = 180): Plate => ({ x, y, before, most });

describe("plates beside their points", () => {
  it("stay where they are when none covers another", () => {
    expect(apart([at(0, 100), at(0, 124), at(200, 100), at(600, 100, true)], 400)).toEqual([100, 124, 100, 100]);
  });

  it("leave every value to be read where points lie close together", () => {
    const plates = [at(100, 100), at(110, 105), at(120, 110), at(290, 108, true)];
    const ys = apart(plates, 400);
    expect(ys[0]).toBe(100);
    for (const [i, one] of ys.entries()) for (const other of ys.slice(i + 1)) expect(Math.abs(one - other)).toBeGreaterThanOrEqual(24);
  });

  it("go up where the frame ends below", () => {
    const [, second] = apart([at(0, 390), at(0, 392)], 400);
    expect(second).toBe(344); // 368 would cover a part of the first
  });

  it("stand where they belong when nothing is free", () => {
    const ys = apart(Array.from({ length: 5 }, () => at(0, 20)), 40);
    expect(ys.every((y) => y >= 0 && y <= 40)).toBe(true);
  });
});
