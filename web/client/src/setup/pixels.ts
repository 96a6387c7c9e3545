/** Parts of a captured picture. */

import type { Pixels, Rectangle } from "../ultrasound/mask";

/** The pixels of a place, black where it reaches past the picture. */
export function cutOut(picture: Pixels, place: Rectangle): Pixels {
  const { left_px, top_px, width_px: width, height_px: height } = place;
  const data = new Uint8ClampedArray(4 * width * height);
  for (let row = 0; row < height; row++) {
    const y = top_px + row;
    if (y < 0 || y >= picture.height) continue;
    const from = 4 * (y * picture.width + Math.max(0, left_px));
    const until = 4 * (y * picture.width + Math.min(picture.width, left_px + width));
    data.set(picture.data.subarray(from, until), 4 * (row * width + Math.max(0, -left_px)));
  }
  return { width, height, data };
}
