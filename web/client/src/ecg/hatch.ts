/** The hatches for what is no trace, the same wherever an ECG is drawn. */

import type { Hatches } from "./trace";

type Context = Pick<CanvasRenderingContext2D, "createPattern">;

/** Hatches for samples that have not come, for a lead the device calls unusable, and for what the source never took. */
export function hatchesFor(context: Context): Hatches {
  return {
    gap: hatch(context, "#e3e8eb", "#7d909b") ?? "#c9d3d8",
    unusable: hatch(context, "#fff3c4", "#c79a00") ?? "#ffe27a",
    not_taken: hatch(context, "#fffaf0", "#cdb894", true) ?? "#f3e9d6",
  };
}

function hatch(context: Context, paper: string, ink: string, leans_left = false): CanvasPattern | null {
  const tile = new OffscreenCanvas(8, 8);
  const draw = tile.getContext("2d");
  if (draw === null) return null;
  draw.fillStyle = paper;
  draw.fillRect(0, 0, 8, 8);
  draw.fillStyle = ink;
  for (let i = 0; i < 8; i++) draw.fillRect(i, leans_left ? i : 7 - i, 1, 1);
  return context.createPattern(tile, "repeat");
}
