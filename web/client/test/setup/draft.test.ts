import { describe, expect, it } from "vitest";
import { emptyDraft, faultsOf, handlesOf, morePoints, movedBy, movedPoint, newBox, newShape, rectangle, withMore, without, withShape } from "../../src/setup/draft";
import { cutOut } from "../../src/setup/pixels";
import { anchorAt, type Fan, Masker, type Pixels, type Polygon, visibleBy } from "../../src/ultrasound/mask";

const SIGNED = { by: "Li", at: "2026-11-28T05:00:00Z", digest: "" };
const plain = (place: ReturnType<typeof rectangle>) => ({ place, bits: "" });

/** Blocks of grey, nowhere plain. */
function blocks(width: number, height: number): Pixels {
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let at = 0; at < width * height; at++) data.fill(((Math.floor((at % width) / 5) * 37 + Math.floor(at / width / 7) * 91) % 251) + 1, 4 * at, 4 * at + 3);
  return { width, height, data };
}

describe("a draft of a profile", () => {
  it("is not signed while anything is missing", () => {
    const empty = emptyDraft("v4l2:/dev/video0", 64, 48);
    expect(faultsOf(empty)).toEqual(["nothing_kept", "no_layout"]);
    const seen = { ...withMore(empty, "keep", newShape("fan", 64, 48), plain), layout: "B mode" };
    expect(faultsOf(seen)).toEqual([]);
    const allowed = withMore(seen, "allowed", newBox(64, 48), plain);
    expect(faultsOf(allowed)).toEqual(["no_anchor"]);
    expect(faultsOf(withMore(allowed, "anchors", newBox(64, 48), plain))).toEqual(["plain_anchor"]);
    expect(faultsOf(without(allowed, { part: "allowed", at: 0 }))).toEqual([]);
  });

  it("has shapes that show something of every size of picture", () => {
    for (const [width, height] of [[640, 480], [1920, 1080], [480, 640]] as const) {
      for (const kind of ["fan", "rectangle", "polygon"] as const) {
        const draft = withMore(emptyDraft("x", width, height), "keep", newShape(kind, width, height), plain);
        const share = visibleBy(draft).reduce((sum, one) => sum + one, 0) / (width * height);
        expect(share).toBeGreaterThan(0.1);
        expect(share).toBeLessThan(0.9);
      }
    }
  });

  it("moves the corners of a box within the picture and never turns it over", () => {
    const box = rectangle(10, 10, 20, 10);
    const [first, last] = handlesOf(box);
    expect(movedPoint(box, first!, [-5, 12.4], 64, 48)).toEqual(rectangle(0, 12, 30, 8));
    expect(movedPoint(box, last!, [99, 0], 64, 48)).toEqual(rectangle(10, 10, 54, 1));
    expect(movedBy(box, 99, -99, 64, 48)).toEqual(rectangle(44, 0, 20, 10));
  });

  it("moves the points of a fan where they are put, and keeps it open", () => {
    const fan = newShape("fan", 640, 480) as Fan;
    const [apex, left, right, inner, outer] = handlesOf(fan);
    expect(left!.name).toBe("left");
    const wider = movedPoint(fan, outer!, [fan.apex[0], fan.apex[1] + 400], 640, 480) as Fan;
    expect(wider.outer_radius_px).toBe(400);
    const thin = movedPoint(fan, inner!, [fan.apex[0], fan.apex[1] + 999], 640, 480) as Fan;
    expect(thin.inner_radius_px).toBe(fan.outer_radius_px - 1);
    expect(movedPoint(fan, left!, [fan.apex[0] + 300, fan.apex[1] + 100], 640, 480)).toEqual(fan); // past the right side
    expect((movedPoint(fan, right!, [600, 300], 640, 480) as Fan).right).toEqual([600, 300]);
    expect((movedPoint(fan, apex!, [330, 10], 640, 480) as Fan).apex).toEqual([330, 10]);
  });

  it("gives a polygon another corner on its longest side", () => {
    const polygon: Polygon = { shape: "polygon", points: [[0, 0], [40, 0], [40, 10], [0, 10]] };
    expect(morePoints(polygon).points).toEqual([[0, 0], [20, 0], [40, 0], [40, 10], [0, 10]]);
  });

  it("looks anew at an anchor that is moved, so that the mask finds it", () => {
    const picture = blocks(64, 48);
    const look = (place: ReturnType<typeof rectangle>) => anchorAt(place, cutOut(picture, place));
    let draft = withMore(emptyDraft("x", 64, 48, newShape("rectangle", 64, 48)), "anchors", rectangle(0, 0, 20, 20), look);
    draft = withShape(draft, { part: "anchors", at: 0 }, rectangle(30, 20, 20, 20), look);
    expect(draft.anchors[0]!.bits).toHaveLength(64);
    const read = (place: ReturnType<typeof rectangle>) => cutOut(picture, place);
    expect(new Masker([{ ...draft, signed_off: SIGNED }]).decide(64, 48, read).masked.unsure).toBeNull();
    const flat: Pixels = { ...picture, data: new Uint8ClampedArray(picture.data.length).fill(90) };
    expect(anchorAt(rectangle(0, 0, 20, 20), cutOut(flat, rectangle(0, 0, 20, 20))).bits).toBe("");
    expect(anchorAt(rectangle(0, 0, 9, 20), cutOut(picture, rectangle(0, 0, 9, 20))).bits).toBe("");
  });

  it("cuts a place out, black past the picture's edge", () => {
    const picture = blocks(4, 3);
    const cut = cutOut(picture, rectangle(2, 1, 4, 4));
    expect([cut.width, cut.height]).toEqual([4, 4]);
    expect(cut.data[0]).toBe(picture.data[4 * (1 * 4 + 2)]);
    expect([...cut.data.slice(8, 16)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect([...cut.data.slice(4 * 4 * 2)].every((one) => one === 0)).toBe(true);
  });
});
