/**
 * A surface that traces are swept on unseen, to be laid on the paper in pieces.
 *
 * Made of tiles: a surface that was laid somewhere is copied as a whole when it is drawn on next, so only the tiles
 * under the pens should be drawn on. A tile is laid only from its highest line to its lowest: without a graphics card
 * the time of a frame is the pixels that are laid, and of a sheet of several columns each of the two reels holds half.
 */

import type { Run } from "./sweep";
import type { Reach, TraceContext } from "./trace";

/** One tile: what is drawn on, moved so that the reel's places hold, and the image of it. */
export interface Tile {
  context: TraceContext;
  image: CanvasImageSource;
}
/** Makes a tile whose left edge is at a place of the reel. */
export type MakeTile = (left_px: number, width_px: number, height_px: number) => Tile;

type Target = Pick<OffscreenCanvasRenderingContext2D, "drawImage">;

const TILE_PX = 128;
/** A line is wider than its column. */
const BESIDE_PX = 2;

export class Reel {
  private readonly tiles: Tile[];
  /** From which row to which lines reach in each column of pixels. Plain numbers: all are looked through at every frame. */
  private readonly tops: Float32Array;
  private readonly bottoms: Float32Array;

  constructor(
    width_px: number,
    private readonly height_px: number,
    makeTile: MakeTile,
  ) {
    this.tiles = Array.from({ length: Math.ceil(width_px / TILE_PX) }, (_, i) => makeTile(i * TILE_PX, TILE_PX, height_px));
    this.tops = new Float32Array(this.tiles.length * TILE_PX).fill(Infinity);
    this.bottoms = new Float32Array(this.tiles.length * TILE_PX).fill(-Infinity);
  }

  /** Empty all of it. */
  clear(): void {
    this.tiles.forEach((tile, i) => tile.context.clearRect(i * TILE_PX, 0, TILE_PX, this.height_px));
    this.forget([0, this.tops.length]);
  }

  /** Empty what stands between some places. */
  erase(between: readonly Run[]): void {
    for (const [left, right] of between) {
      for (const tile of this.under([left, right])) tile.context.clearRect(left, 0, right - left, this.height_px);
      this.forget([left, right]);
    }
  }

  /** Draw on each tile under some places, and a pixel beside them: `draw` is told from where to where a tile is, and tells its reach. */
  draw(between: readonly Run[], draw: (surface: TraceContext, within: Run) => Reach): void {
    const under = new Set(between.flatMap(([left, right]) => this.under([left - 1, right + 1])));
    this.tiles.forEach((tile, i) => {
      if (!under.has(tile)) return;
      const within: Run = [i * TILE_PX, (i + 1) * TILE_PX];
      const reach = draw(tile.context, within);
      for (const run of between) this.reachOut(run, within, reach);
    });
  }

  /** Lay what stands between two places somewhere else. */
  lay(target: Target, [left, right]: Run, to: number): void {
    for (let i = Math.floor(left / TILE_PX); i * TILE_PX < right; i++) {
      const [from, until] = [Math.max(left, i * TILE_PX), Math.min(right, (i + 1) * TILE_PX)];
      const [top, height] = this.rowsOf(from, until);
      if (height <= 0) continue;
      target.drawImage(this.tiles[i]!.image, from - i * TILE_PX, top, until - from, height, to + from - left, top, until - from, height);
    }
  }

  private forget([left, right]: Run): void {
    this.tops.fill(Infinity, left, right);
    this.bottoms.fill(-Infinity, left, right);
  }

  private reachOut([left, right]: Run, [from, until]: Run, [top, bottom]: Reach): void {
    for (let at = Math.max(left - BESIDE_PX, from); at < Math.min(right + BESIDE_PX, until); at++) {
      this.tops[at] = Math.min(this.tops[at]!, top);
      this.bottoms[at] = Math.max(this.bottoms[at]!, bottom);
    }
  }

  /** Between which rows columns are written on, `[top, height]` in whole pixels. */
  private rowsOf(from: number, until: number): [number, number] {
    let [highest, lowest] = [Infinity, -Infinity];
    for (let at = from; at < until; at++) {
      highest = Math.min(highest, this.tops[at]!);
      lowest = Math.max(lowest, this.bottoms[at]!);
    }
    const top = Math.max(0, Math.floor(highest));
    return [top, Math.min(this.height_px, Math.floor(lowest) + 1) - top];
  }

  private under([left, right]: Run): Tile[] {
    return this.tiles.slice(Math.max(0, Math.floor(left / TILE_PX)), Math.ceil(right / TILE_PX));
  }
}
