import { describe, expect, it } from "vitest";
import { Reel, type Tile } from "../../src/ecg/reel";
import { NOTHING_DRAWN, type Reach, type TraceContext } from "../../src/ecg/trace";

const WIDTH = 300;
const TILE = 128;

/** A tile that notes where on the reel it was emptied. */
class Noted {
  readonly cleared: [number, number][] = [];
  constructor(readonly left: number) {}
  clearRect(x: number, _y: number, width: number) { this.cleared.push([x, x + width]); }
}

function made(): { reel: Reel; tiles: Noted[] } {
  const tiles: Noted[] = [];
  const reel = new Reel(WIDTH, 50, (left): Tile => {
    const tile = new Noted(left);
    tiles.push(tile);
    return { context: tile as unknown as TraceContext, image: tile as unknown as CanvasImageSource };
  });
  return { reel, tiles };
}

describe("a reel", () => {
  it("is made of tiles side by side, over all of its width", () => {
    const { reel, tiles } = made();
    expect(tiles.map((tile) => tile.left)).toEqual([0, TILE, 2 * TILE]);
    reel.clear();
    expect(tiles.map((tile) => tile.cleared[0])).toEqual([[0, 128], [128, 256], [256, 384]]);
  });

  it("touches only the tiles under what is emptied or drawn", () => {
    const { reel, tiles } = made();
    reel.erase([[100, 140]]);
    expect(tiles.map((tile) => tile.cleared.length)).toEqual([1, 1, 0]);
    const drawn: [number, number][] = [];
    const noted = (_: TraceContext, within: readonly [number, number]): Reach => {
      drawn.push([...within]);
      return NOTHING_DRAWN;
    };
    reel.draw([[10, 20], [12, 14]], noted);
    expect(drawn).toEqual([[0, 128]]);
    drawn.length = 0;
    reel.draw([[256, 260]], noted); // a line's edge reaches a pixel beside it
    expect(drawn).toEqual([[128, 256], [256, 384]]);
  });

  it("is laid elsewhere without a hole and without an overlap, in the right order", () => {
    for (const [left, right, to] of [[0, 300, 7], [100, 290, 0], [128, 256, 40], [5, 6, 250]] as const) {
      const { reel } = made();
      reel.draw([[0, WIDTH]], () => [0, 50]);
      const places = new Map<number, number>();
      reel.lay({ drawImage: (image: unknown, from: number, _y: number, width: number, _h: number, at: number) => {
        for (let i = 0; i < width; i++) {
          expect(places.has(at + i)).toBe(false);
          places.set(at + i, (image as Noted).left + from + i);
        }
      } } as never, [left, right], to);
      expect([...places].sort(([a], [b]) => a - b)).toEqual(Array.from({ length: right - left }, (_, i) => [to + i, left + i]));
    }
  });

  it("lays each tile from its highest line to its lowest, and nothing of what was emptied", () => {
    const { reel } = made();
    const laid = (left: number, right: number) => {
      const found: number[][] = [];
      reel.lay({ drawImage: (_: unknown, __: number, top: number, width: number, height: number, ___: number, to: number) => found.push([top, width, height, to]) } as never, [left, right], 0);
      return found;
    };
    reel.draw([[10, 20]], () => [20.5, 30.2]);
    reel.draw([[60, 70]], () => [-7, 12]);
    reel.draw([[200, 210]], () => [40, 99]);
    expect(laid(0, 300)).toEqual([[0, 128, 31, 0], [40, 128, 10, 40]]); // a wave beyond the paper is cut at its edge
    expect(laid(0, 50)).toEqual([[20, 50, 11, 20]]);
    reel.erase([[58, 72]]);
    expect(laid(0, 128)).toEqual([[20, 128, 11, 20]]);
    reel.clear();
    expect(laid(0, 300)).toEqual([]);
  });

  it("reaches a line's width beside what is drawn", () => {
    const { reel } = made();
    reel.draw([[10, 11]], () => [3, 4]);
    const found: number[] = [];
    reel.lay({ drawImage: (_: unknown, from: number, __: number, width: number) => found.push(from, width) } as never, [8, 9], 0);
    expect(found).toEqual([8, 1]);
  });

  it("of nothing lays nothing", () => {
    const { reel } = made();
    reel.lay({ drawImage: () => expect.fail("something was laid") } as never, [20, 20], 0);
  });
});
