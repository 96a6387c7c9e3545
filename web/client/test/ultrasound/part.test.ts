import { describe, expect, it } from "vitest";
import type { PicturePart } from "../../src/api/types";
import { isAsCaptured, isCut, partBox, PartHistory } from "../../src/ultrasound/part";
import { pictureBox, placeAt } from "../../src/ultrasound/pointer";

const WHOLE: PicturePart = { captured_width: 640, captured_height: 480, left: 0, top: 0, width: 640, height: 480, sent_width: 640, sent_height: 480 };
const SECTOR: PicturePart = { ...WHOLE, left: 160, top: 96, width: 320, height: 288, sent_width: 240, sent_height: 216 };

describe("the part of a shown frame", () => {
  it("is the one told for its capture time, however late the frame is shown", () => {
    const history = new PartHistory();
    history.tell(1_000_000, WHOLE);
    history.tell(2_000_000, SECTOR);
    expect(history.of(1_990_000, 640, 480)).toBe(WHOLE);
    expect(history.of(2_000_000, 240, 216)).toBe(SECTOR);
    history.tell(3_000_000, WHOLE);
    expect(history.of(2_500_000, 240, 216)).toBe(SECTOR);
    expect(history.of(3_000_000, 640, 480)).toBe(WHOLE);
  });

  it("is found although the stream rounds capture times", () => {
    const history = new PartHistory();
    history.tell(1_000_000, WHOLE);
    history.tell(2_000_000, SECTOR);
    expect(history.of(1_999_988, 240, 216)).toBe(SECTOR);
  });

  it("is unknown when its size is not the one that was told: nothing is guessed", () => {
    const history = new PartHistory();
    history.tell(1_000_000, WHOLE);
    expect(history.of(2_000_000, 240, 216)).toBe("unknown");
    expect(history.of(null, 240, 216)).toBe("unknown");
    expect(history.of(null, 640, 480)).toBe(WHOLE);
  });

  it("is that of the encoding the frame is of, never the other's at the same capture time", () => {
    const history = new PartHistory();
    history.tell(1_000_000, WHOLE);
    history.tell(2_000_000, SECTOR, "reduced");
    expect(history.of(2_500_000, 640, 480)).toBe(WHOLE);
    expect(history.of(2_500_000, 240, 216)).toBe(SECTOR);
    const main_cut: PicturePart = { ...SECTOR, left: 170, width: 322, sent_width: 322, sent_height: 288 };
    history.tell(3_000_000, main_cut);
    expect(history.of(3_500_000, 322, 288)).toBe(main_cut);
    expect(history.of(3_500_000, 240, 216)).toBe(SECTOR);
    expect(history.of(3_500_000, 640, 480)).toBe("unknown");
  });

  it("is unknown when both encodings have parts of one size that lie elsewhere, and known when they are one", () => {
    const history = new PartHistory();
    history.tell(1_000_000, WHOLE);
    history.tell(1_000_000, { ...WHOLE }, "reduced");
    expect(history.of(1_500_000, 640, 480)).toEqual(WHOLE);
    history.tell(2_000_000, SECTOR);
    history.tell(2_000_000, { ...SECTOR, left: 100 }, "reduced");
    expect(history.of(2_500_000, 240, 216)).toBe("unknown");
  });

  it("is the whole picture when nothing was told, and after a binding is forgotten", () => {
    const history = new PartHistory();
    expect(history.of(5, 1920, 1080)).toBeNull();
    history.tell(1_000_000, SECTOR);
    history.forget();
    expect(history.of(5, 1920, 1080)).toBeNull();
  });

  it("told again for the same picture counts once", () => {
    const history = new PartHistory();
    for (let i = 0; i < 40; i++) history.tell(1_000_000, WHOLE);
    history.tell(2_000_000, SECTOR);
    expect(history.of(1_500_000, 640, 480)).toBe(WHOLE);
  });
});

describe("a part in the box of the whole", () => {
  it("stands where it was captured and as large: a pointer means the same captured pixel", () => {
    const box = pictureBox({ left: 0, top: 0, width: 1280, height: 960 }, 640, 480);
    const part = partBox(box, SECTOR);
    expect(part).toEqual({ left: 320, top: 192, width: 640, height: 576 });
    // Captured pixel (320, 240), which the part shows at its own middle column.
    expect(placeAt(640, 480, box)).toEqual({ x: 320 / 640, y: 240 / 480 });
    expect(part.left + ((320 - SECTOR.left) / SECTOR.width) * part.width).toBe(640);
  });

  it("is whole when nothing is cut off, however small it is sent", () => {
    const small = { ...WHOLE, sent_width: 480, sent_height: 360 };
    const odd = { ...WHOLE, captured_width: 639, width: 640 };
    expect([WHOLE, small, odd, SECTOR].map(isCut)).toEqual([false, false, false, true]);
    expect([WHOLE, small, odd, SECTOR].map(isAsCaptured)).toEqual([true, false, true, false]);
  });
});
