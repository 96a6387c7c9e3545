/**
 * Rings when text stands under the mask where none was when a person signed the profile off: twin of
 * `ultrasound/privacy/text_watch.py`. The mask covers it all the same; but the screen is another one than was signed.
 */

import { awayFrom, type Plane, TextFinder } from "./foundText";
import { lightRectangle, type Rectangle, type SignedProfile, visibleBy } from "./mask";

export const LOOK_EVERY_US = 1_000_000;
/** So many looks in a row until it rings, and until it is silent again: what flickers does neither. */
export const LOOKS = 3;
/** Known text may grow by a fortieth of the height on each side: clocks, counters. */
const GROWN_SHARE = 40;

interface Tracked {
  box: Rectangle;
  seen: number;
  missed: number;
  rings: boolean;
}

export class TextWatch {
  private readonly finder: TextFinder;
  private tracked: Tracked[] = [];
  private looked_us: number | null = null;

  constructor(profile: SignedProfile) {
    const { width_px: width, height_px: height } = profile;
    const where = awayFrom(visibleBy(profile), width, height);
    const grown = Math.floor(height / GROWN_SHARE);
    const expected = [...profile.known_text.map((box) => widened(box, grown)), ...profile.black, ...profile.allowed, ...profile.anchors.map((anchor) => anchor.place)];
    for (const box of expected) lightRectangle(where, box, width, height, 0);
    this.finder = new TextFinder(width, height, where);
  }

  /** The new text that rings, from top to bottom; `picture` is the unmasked one, of the profile's size. */
  see(picture: () => Plane, capture_us: number): Rectangle[] {
    const since_us = this.looked_us === null ? null : capture_us - this.looked_us;
    if (since_us === null || since_us < 0 || since_us >= LOOK_EVERY_US) {
      this.looked_us = capture_us;
      this.look(this.finder.find(picture()));
    }
    return this.tracked.filter((one) => one.rings).map((one) => one.box);
  }

  private look(found: Rectangle[]): void {
    const fresh = [...found];
    for (const one of this.tracked) {
      const again = fresh.findIndex((box) => touch(one.box, box));
      if (again === -1) {
        one.seen = 0;
        one.missed += 1;
        continue;
      }
      one.box = fresh.splice(again, 1)[0]!;
      one.seen += 1;
      one.missed = 0;
      one.rings ||= one.seen >= LOOKS;
    }
    const kept = this.tracked.filter((one) => one.missed < (one.rings ? LOOKS : 1));
    const begun = fresh.map((box): Tracked => ({ box, seen: 1, missed: 0, rings: false }));
    this.tracked = [...kept, ...begun].sort((a, b) => a.box.top_px - b.box.top_px || a.box.left_px - b.box.left_px);
  }
}

function widened({ shape, left_px, top_px, width_px, height_px }: Rectangle, by_px: number): Rectangle {
  return { shape, left_px: left_px - by_px, top_px: top_px - by_px, width_px: width_px + 2 * by_px, height_px: height_px + 2 * by_px };
}

function touch(a: Rectangle, b: Rectangle): boolean {
  const across = a.left_px < b.left_px + b.width_px && b.left_px < a.left_px + a.width_px;
  return across && a.top_px < b.top_px + b.height_px && b.top_px < a.top_px + a.height_px;
}
