import { describe, expect, it } from "vitest";
import { Reel, type Tile } from "../../src/ecg/reel";
import type { TraceContext } from "../../src/ecg/trace";

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
    reel.draw([[10, 20], [12, 14]], (_, within) => drawn.push(within as [number, number]));
    expect(drawn).toEqual([[0, 128]]);
    drawn.length = 0;
    reel.draw([[256, 260]], (_, within) => drawn.push(within as [number, number])); // a line's edge reaches a pixel beside it
    expect(drawn).toEqual([[128, 256], [256, 384]]);
  });

  it("is laid elsewhere without a hole and without an overlap, in the right order", () => {
    for (const [left, right, to] of [[0, 300, 7], [100, 290, 0], [128, 256, 40], [5, 6, 250]] as const) {
      const { reel } = made();
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

  it("of nothing lays nothing", () => {
    const { reel } = made();
    reel.lay({ drawImage: () => expect.fail("something was laid") } as never, [20, 20], 0);
  });
});
