/** Where a small picture stands over a large one: first where it covers least, then where a hand put it. Pure. */

import type { Box } from "./pointer";
import type { Pixel, Size } from "./view";

/** What is better not covered, and how much worse that is than covering the bare stage. */
export interface Kept {
  box: Box;
  weight: number;
}

/** A place as a share of the room there is: it stays in its corner when the window changes. */
export interface Share {
  across: number;
  down: number;
}

export const CORNERS: readonly Share[] = [
  { across: 0, down: 1 },
  { across: 1, down: 1 },
  { across: 1, down: 0 },
  { across: 0, down: 0 },
];

export const SIZES = ["small", "middle", "large"] as const;
export type InsetSize = (typeof SIZES)[number];

const WIDE: Record<InsetSize, number> = { small: 0.22, middle: 0.32, large: 0.45 };
const MOST_HIGH = 0.6;
const LEAST_PX = 160;
const STEPS = 10;

/** How large it stands on a stage, bar included; a picture of 4 to 3 fills it. */
export function insetSize(stage: Size, size: InsetSize, bar_px: number): Size {
  const width = Math.min(stage.width, Math.max(LEAST_PX, stage.width * WIDE[size]));
  const height = Math.min(width * 0.75 + bar_px, Math.max(stage.height * MOST_HIGH, 0));
  return { width: Math.round(width), height: Math.round(height) };
}

/** Its upper left corner at a share of the room there is. */
export function insetAt(stage: Size, size: Size, { across, down }: Share): Pixel {
  return { x: Math.max(0, stage.width - size.width) * across, y: Math.max(0, stage.height - size.height) * down };
}

/** The share that puts it there, kept on the stage. */
export function shareOf(stage: Size, size: Size, at: Pixel): Share {
  const part = (length: number, room: number) => (room <= 0 ? 0 : Math.min(1, Math.max(0, length / room)));
  return { across: part(at.x, stage.width - size.width), down: part(at.y, stage.height - size.height) };
}

/** Where it covers least of what is better not covered; of places that are as good, the first corner. */
export function leastCovering(stage: Size, size: Size, kept: readonly Kept[]): Share {
  const grid = Array.from({ length: (STEPS + 1) ** 2 }, (_, i) => ({ across: (i % (STEPS + 1)) / STEPS, down: Math.floor(i / (STEPS + 1)) / STEPS }));
  let best: Share = CORNERS[0]!;
  let least = Infinity;
  for (const share of [...CORNERS, ...grid]) {
    const at = insetAt(stage, size, share);
    const cost = kept.reduce((sum, { box, weight }) => sum + weight * covered({ left: at.x, top: at.y, ...size }, box), 0);
    if (cost < least - 1) [best, least] = [share, cost];
  }
  return best;
}

/** The area of one box that lies over another. */
function covered(one: Box, other: Box): number {
  const across = Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left);
  const down = Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top);
  return across > 0 && down > 0 ? across * down : 0;
}
