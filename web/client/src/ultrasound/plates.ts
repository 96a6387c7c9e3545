/** Where the small plates with values stand: beside their points, none on another. Pure. */

export interface Plate {
  /** The edge that is at its point, and its middle from above. */
  x: number;
  y: number;
  /** It reaches to the left of its point, not to the right. */
  before: boolean;
  /** As wide as it may become. */
  most: number;
}

const HEIGHT_PX = 24;

/** The middles from above, in the order given: what would cover one before it moves down, or up where the frame ends. */
export function apart(plates: readonly Plate[], height: number): number[] {
  const taken: { left: number; right: number; y: number }[] = [];
  return plates.map(({ x, y, before, most }) => {
    const left = before ? x - most : x;
    const free = (at: number) => taken.every((one) => one.right <= left || one.left >= left + most || Math.abs(one.y - at) >= HEIGHT_PX);
    const ways = [y, ...Array.from({ length: 12 }, (_, i) => [y + (i + 1) * HEIGHT_PX, y - (i + 1) * HEIGHT_PX]).flat()];
    const inside = (at: number) => at === y || (at >= HEIGHT_PX / 2 && at <= height - HEIGHT_PX / 2);
    const at = ways.find((one) => inside(one) && free(one)) ?? y;
    taken.push({ left, right: left + most, y: at });
    return at;
  });
}
