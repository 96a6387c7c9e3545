/**
 * Which part of the captured picture a shown frame is: where it stands, so that nothing drawn on it moves.
 *
 * The station tells the part before it sends the first picture of it; a frame is matched by its capture time
 * and its size. A frame that matches nothing that was told has no known place, and nothing may be pointed at.
 */

import type { PicturePart } from "../api/types";
import type { Box } from "./pointer";

interface Told {
  since_us: number;
  part: PicturePart;
}

const KEPT = 16;
/** Capture times come back from the stream rounded to its clocks; pictures are three times as far apart. */
const ROUNDED_US = 5000;

/** A part, `null` when the frame is the whole picture as it came, or that it cannot be known. */
export type Placed = PicturePart | null | "unknown";

/** Remembers what was told of one binding's pictures. */
export class PartHistory {
  private told: Told[] = [];

  tell(since_us: number, part: PicturePart): void {
    this.told = [...this.told.filter((one) => one.since_us !== since_us), { since_us, part }]
      .sort((a, b) => a.since_us - b.since_us)
      .slice(-KEPT);
  }

  forget(): void {
    this.told = [];
  }

  /** Where a frame of this size and capture time lies. Without anything told it is whole: no station cut it. */
  of(capture_us: number | null, width: number, height: number): Placed {
    if (this.told.length === 0) return null;
    const before = capture_us === null ? this.told : this.told.filter((one) => one.since_us - ROUNDED_US <= capture_us);
    const part = (before.at(-1) ?? this.told[0]!).part;
    return part.sent_width === width && part.sent_height === height ? part : "unknown";
  }
}

/** Whether something around the part is not sent. */
export function isCut(part: PicturePart): boolean {
  return part.width < part.captured_width || part.height < part.captured_height;
}

/** Whether a frame shows every captured pixel as one of its own: nothing is to be placed. */
export function isAsCaptured(part: PicturePart): boolean {
  return !isCut(part) && part.sent_width === part.width && part.sent_height === part.height;
}

/** Where a part stands in the box that shows the whole captured picture. */
export function partBox(picture: Box, part: PicturePart): Box {
  const across = picture.width / part.captured_width;
  const down = picture.height / part.captured_height;
  return {
    left: picture.left + part.left * across,
    top: picture.top + part.top * down,
    width: part.width * across,
    height: part.height * down,
  };
}
