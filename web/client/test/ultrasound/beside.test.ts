import { describe, expect, it } from "vitest";
import { besidePicture } from "../../src/ultrasound/beside";
import { pictureBox } from "../../src/ultrasound/pointer";

const PICTURE = { width: 640, height: 480 };
/** The stage's picture as it is at 1366, 1600 and 1920 pixels, with and without the row below a still one. */
const STAGES = [[717, 433], [717, 263], [733, 370], [870, 515], [870, 452], [1106, 629], [486, 149], [601, 166]] as const;

describe("what stands beside the picture", () => {
  it.each(STAGES)("leaves a small live picture inside the column, clear of words and figures, in %i by %i", (width, height) => {
    const { column_px, below_px, inset } = besidePicture(width, height, PICTURE, true);
    if (inset === null) throw new Error("there is no small live picture");
    expect(inset.left).toBeGreaterThanOrEqual(0);
    if (inset.left > 10 + column_px) {
      // At the right of the words, and left of the picture.
      const picture = pictureBox({ left: 0, top: 0, width, height }, PICTURE.width, PICTURE.height, 1);
      expect(inset.left + inset.width).toBeLessThanOrEqual(picture.left);
      expect(inset.top + inset.height).toBeLessThanOrEqual(height);
    } else {
      expect(inset.left + inset.width).toBeLessThanOrEqual(10 + column_px);
      expect(inset.top + inset.height).toBeLessThanOrEqual(height - 40); // two lines of figures below it
      expect(height - below_px).toBeLessThanOrEqual(inset.top); // the words end above it
    }
    expect(inset.width / inset.height).toBeCloseTo(640 / 480, 1);
    expect(inset.height).toBeGreaterThan(50);
  });

  it.each(STAGES)("keeps the words off a picture that leaves them room, in %i by %i", (width, height) => {
    const picture = pictureBox({ left: 0, top: 0, width, height }, PICTURE.width, PICTURE.height, 1);
    const { column_px } = besidePicture(width, height, PICTURE, true);
    expect(10 + column_px).toBeLessThanOrEqual(Math.max(picture.left, 10 + 132));
  });

  // So wide and so high as the box is at 1920 pixels, or on a full screen, where what is measured takes nothing of it.
  it.each([[870, 455], [870, 418], [1106, 531], [1106, 560], [1500, 700]])("gives what is measured a place of its own beside a picture as large as without it, in %i by %i", (width, height) => {
    const before = besidePicture(width, height, PICTURE, true);
    const { work, inset, column_px, below_px } = besidePicture(width, height, PICTURE, true, height);
    if (work === null || inset === null || before.inset === null) throw new Error("there is no place");
    const picture = pictureBox({ left: 0, top: 0, width, height }, PICTURE.width, PICTURE.height, 1);
    expect(work.left + work.width).toBeLessThanOrEqual(picture.left);
    expect(work.top).toBeGreaterThanOrEqual(height - below_px); // the words end above it
    expect(work.top + work.height).toBeLessThanOrEqual(inset.top);
    expect(inset.top + inset.height).toBeLessThanOrEqual(height - 40); // two lines of figures below it
    expect(work.height).toBeGreaterThanOrEqual(150);
    expect(work.width).toBe(column_px);
  });

  it.each([[746, 454], [609, 346], [600, 317], [486, 400], [870, 260]])("leaves it below where there is not the room, in %i by %i", (width, height) => {
    expect(besidePicture(width, height, PICTURE, true, height)).toEqual(besidePicture(width, height, PICTURE, true));
  });

  it("gives no place where nothing is measured, or the picture moves", () => {
    expect(besidePicture(1106, 560, PICTURE, true).work).toBeNull();
    expect(besidePicture(1106, 560, PICTURE, false, 560).work).toBeNull();
  });

  it("does not change its mind with the height that it gives back", () => {
    for (const below of [0, 66, 122]) expect(besidePicture(1106, 560 - below, PICTURE, true, 560)).toEqual(besidePicture(1106, 560, PICTURE, true, 560));
  });

  it("has no small picture beside one that moves", () => {
    expect(besidePicture(870, 515, PICTURE, false).inset).toBeNull();
  });
});
