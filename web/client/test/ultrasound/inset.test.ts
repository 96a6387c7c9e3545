import { describe, expect, it } from "vitest";
import { CORNERS, insetAt, insetSize, leastCovering, shareOf } from "../../src/ultrasound/inset";

const STAGE = { width: 1000, height: 600 };
const SIZE = { width: 250, height: 200 };
const cornerOf = (covered: Parameters<typeof leastCovering>[2]) => insetAt(STAGE, SIZE, leastCovering(STAGE, SIZE, covered));

describe("a small picture over a large one", () => {
  it("stands beside the large one where there is room", () => {
    const picture = { left: 260, top: 0, width: 740, height: 600 };
    const { x } = cornerOf([{ box: picture, weight: 2 }]);
    expect(x + SIZE.width).toBeLessThanOrEqual(picture.left);
  });

  it("leaves what weighs most free: beside the words where both have no room", () => {
    const words = { left: 0, top: 0, width: 200, height: 390 };
    const at = cornerOf([{ box: { left: 200, top: 0, width: 800, height: 600 }, weight: 2 }, { box: words, weight: 3 }]);
    expect(at).toEqual({ x: 0, y: 400 });
  });

  it("takes the lower left corner where every place is as good", () => {
    expect(cornerOf([])).toEqual({ x: 0, y: 400 });
    expect(cornerOf([{ box: { left: 0, top: 0, ...STAGE }, weight: 1 }])).toEqual({ x: 0, y: 400 });
  });

  it("stays where a hand put it, in its corner at any size of the window, and never leaves the stage", () => {
    const share = shareOf(STAGE, SIZE, { x: 750, y: 400 });
    expect(share).toEqual({ across: 1, down: 1 });
    expect(insetAt({ width: 600, height: 300 }, SIZE, share)).toEqual({ x: 350, y: 100 });
    expect(shareOf(STAGE, SIZE, { x: -80, y: 9999 })).toEqual({ across: 0, down: 1 });
    for (const corner of CORNERS) expect(shareOf(STAGE, SIZE, insetAt(STAGE, SIZE, corner))).toEqual(corner);
  });

  it("fits on a stage that is smaller than itself", () => {
    const small = { width: 120, height: 90 };
    const size = insetSize(small, "large", 30);
    expect(size.width).toBeLessThanOrEqual(small.width);
    expect(size.height).toBeLessThanOrEqual(small.height);
    expect(insetAt(small, SIZE, { across: 1, down: 1 })).toEqual({ x: 0, y: 0 });
  });

  it("is larger from size to size", () => {
    const widths = (["small", "middle", "large"] as const).map((one) => insetSize(STAGE, one, 30).width);
    expect(widths).toEqual([...widths].sort((a, b) => a - b));
    expect(new Set(widths).size).toBe(3);
  });
});
