/**
 * A surface that traces are swept on unseen, to be laid on the paper in pieces.
 *
 * Made of tiles: a surface that was laid somewhere is copied as a whole when it is drawn on next, so only the tiles
 * under the pens should be drawn on.
 */

import type { Run } from "./sweep";
import type { TraceContext } from "./trace";

/** One tile: what is drawn on, moved so that the reel's places hold, and the image of it. */
export interface Tile {
  context: TraceContext;
  image: CanvasImageSource;
}
/** Makes a tile whose left edge is at a place of the reel. */
export type MakeTile = (left_px: number, width_px: number, height_px: number) => Tile;

type Target = Pick<OffscreenCanvasRenderingContext2D, "drawImage">;

const TILE_PX = 128;

export class Reel {
  private readonly tiles: Tile[];

  constructor(
    width_px: number,
    private readonly height_px: number,
    makeTile: MakeTile,
  ) {
    this.tiles = Array.from({ length: Math.ceil(width_px / TILE_PX) }, (_, i) => makeTile(i * TILE_PX, TILE_PX, height_px));
  }

  /** Empty all of it. */
  clear(): void {
    this.tiles.forEach((tile, i) => tile.context.clearRect(i * TILE_PX, 0, TILE_PX, this.height_px));
  }

  /** Empty what stands between some places. */
  erase(between: readonly Run[]): void {
    for (const [left, right] of between) {
      for (const tile of this.under([left, right])) tile.context.clearRect(left, 0, right - left, this.height_px);
    }
  }

  /** Draw on each tile under some places, and a pixel beside them: `draw` is told from where to where a tile is. */
  draw(between: readonly Run[], draw: (surface: TraceContext, within: Run) => void): void {
    const under = new Set(between.flatMap(([left, right]) => this.under([left - 1, right + 1])));
    this.tiles.forEach((tile, i) => under.has(tile) && draw(tile.context, [i * TILE_PX, (i + 1) * TILE_PX]));
  }

  /** Lay what stands between two places somewhere else. */
  lay(target: Target, [left, right]: Run, to: number): void {
    for (let i = Math.floor(left / TILE_PX); i * TILE_PX < right; i++) {
      const [from, until] = [Math.max(left, i * TILE_PX), Math.min(right, (i + 1) * TILE_PX)];
      if (from < until) target.drawImage(this.tiles[i]!.image, from - i * TILE_PX, 0, until - from, this.height_px, to + from - left, 0, until - from, this.height_px);
    }
  }

  private under([left, right]: Run): Tile[] {
    return this.tiles.slice(Math.max(0, Math.floor(left / TILE_PX)), Math.ceil(right / TILE_PX));
  }
}
