/**
 * Which part of the captured picture a shown frame is: where it stands, so that nothing drawn on it moves.
 *
 * The station tells the part before it sends the first picture of it; a frame is matched by its capture time
 * and its size. A frame that matches nothing that was told has no known place, and nothing may be pointed at.
 *
 * The station may send two encodings of one picture, and which of them a frame is of is written nowhere. It
 * gives no two parts one size, so a frame's size tells; where it did all the same, the place is not known.
 */

import type { Encoding, PicturePart } from "../api/types";
import type { Box } from "./pointer";

interface Told {
  since_us: number;
  part: PicturePart;
}

/** As many as the pictures of a live room can need: older ones are on no screen any more. */
const KEPT = 16;
/** Capture times come back from the stream rounded to its clocks; pictures are three times as far apart. */
export const ROUNDED_US = 5000;

/** A part, `null` when the frame is the whole picture as it came, or that it cannot be known. */
export type Placed = PicturePart | null | "unknown";

/** Remembers what was told of one binding's pictures. */
export class PartHistory {
  private told: Record<Encoding, Told[]> = { main: [], reduced: [] };

  /** `kept`: how many it remembers of each encoding. */
  constructor(private readonly kept = KEPT) {}

  tell(since_us: number, part: PicturePart, encoding: Encoding = "main"): void {
    this.told[encoding] = [...this.told[encoding].filter((one) => one.since_us !== since_us), { since_us, part }]
      .sort((a, b) => a.since_us - b.since_us)
      .slice(-this.kept);
  }

  forget(): void {
    this.told = { main: [], reduced: [] };
  }

  /** Where a frame of this size and capture time lies. Without anything told it is whole: no station cut it. */
  of(capture_us: number | null, width: number, height: number): Placed {
    const told = Object.values(this.told).filter((one) => one.length > 0);
    if (told.length === 0) return null;
    const [one, other] = told
      .map((encoding) => lastAt(encoding, capture_us))
      .filter((part) => part.sent_width === width && part.sent_height === height);
    if (one === undefined || (other !== undefined && !isSame(one, other))) return "unknown";
    return one;
  }
}

function lastAt(told: readonly Told[], capture_us: number | null): PicturePart {
  const before = capture_us === null ? told : told.filter((one) => one.since_us - ROUNDED_US <= capture_us);
  return (before.at(-1) ?? told[0]!).part;
}

function isSame(a: PicturePart, b: PicturePart): boolean {
  return a.left === b.left && a.top === b.top && a.width === b.width && a.height === b.height;
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
