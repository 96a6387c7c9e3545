/// <reference types="node" />
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Cover, Masker, visibleBy } from "../../src/ultrasound/mask";
import type { Masked, Pixels, Rectangle, SignedProfile, WhenUnsure } from "../../src/ultrasound/mask";

/** Profiles, pictures and what stays of them, as `ultrasound/privacy/masking.py` decides. */
const FOLDER = new URL("../../../../tests/golden/ultrasound_masks/", import.meta.url);
const NAMES = readdirSync(FOLDER).map((name) => name.replace(".json", ""));

type Golden = Masked & {
  profiles: SignedProfile[];
  width: number;
  height: number;
  mirrored: boolean;
  when_unsure: WhenUnsure;
  stays: [number, number, number][];
};
const read = (name: string) => JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8")) as Golden;

/** The picture of blocks the golden files were made of; nowhere black. */
function blocks(width: number, height: number, mirrored: boolean): Pixels {
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const column = mirrored ? width - 1 - x : x;
      const grey = ((Math.floor(column / 5) * 37 + Math.floor(y / 7) * 91) % 251) + 1;
      data.fill(grey, 4 * (y * width + x), 4 * (y * width + x) + 3);
    }
  }
  return { width, height, data };
}

function part(of: Pixels, place: Rectangle): Pixels {
  const rows = Array.from({ length: place.height_px }, (_, y) => {
    const first = 4 * ((place.top_px + y) * of.width + place.left_px);
    return [...of.data.slice(first, first + 4 * place.width_px)];
  });
  return { width: place.width_px, height: place.height_px, data: new Uint8ClampedArray(rows.flat()) };
}

function runs(picture: Pixels): [number, number, number][] {
  const found: [number, number, number][] = [];
  for (let y = 0; y < picture.height; y++) {
    let first: number | null = null;
    for (let x = 0; x <= picture.width; x++) {
      const seen = x < picture.width && picture.data[4 * (y * picture.width + x)] !== 0;
      if (seen && first === null) first = x;
      if (!seen && first !== null) {
        found.push([y, first, x]);
        first = null;
      }
    }
  }
  return found;
}

describe("the mask of the page", () => {
  it("has its golden files", () => {
    expect(NAMES.length).toBeGreaterThanOrEqual(14);
    expect(new Set(NAMES.map((name) => read(name).seen))).toEqual(new Set(["by_profile", "largest_shape", "nothing"]));
  });

  it.each(NAMES)("%s: the same pixels stay as at the station", (name) => {
    const golden = read(name);
    const picture = blocks(golden.width, golden.height, golden.mirrored);
    const masker = new Masker(golden.profiles, golden.when_unsure);
    const { masked, cover } = masker.decide(picture.width, picture.height, (place) => part(picture, place));
    expect(masked).toEqual({ seen: golden.seen, layout: golden.layout, unsure: golden.unsure });
    cover.putOn(picture);
    expect(runs(picture)).toEqual(golden.stays);
  });

  it.each(NAMES)("%s: the cover is opaque black where nothing stays, and clear elsewhere", (name) => {
    const golden = read(name);
    const masker = new Masker(golden.profiles, golden.when_unsure);
    const picture = blocks(golden.width, golden.height, golden.mirrored);
    const { cover } = masker.decide(picture.width, picture.height, (place) => part(picture, place));
    const image = cover.image();
    const clear = { ...image, data: image.data.map((_, at) => (image.data[4 * Math.floor(at / 4) + 3] === 0 ? 255 : 0)) };
    expect(runs(clear)).toEqual(golden.stays);
    expect(image.data.every((value, at) => at % 4 === 3 || value === 0)).toBe(true);
  });

  it("does not mirror: what a profile shows on the left stays on the left", () => {
    const [profile] = read("rectangle").profiles;
    const visible = visibleBy(profile!);
    expect(visible.slice(10 * 64, 11 * 64).indexOf(1)).toBe(7);
    expect(visible.slice(10 * 64, 11 * 64).lastIndexOf(1)).toBe(37);
  });

  it("follows a source that changes its layout and its size, and comes back", () => {
    const { profiles, width, height } = read("known_layout");
    const masker = new Masker(profiles);
    const seen = (mirrored: boolean, w = width, h = height) => {
      const picture = blocks(w, h, mirrored);
      return masker.decide(w, h, (place) => part(picture, place)).masked.seen;
    };
    expect([seen(false), seen(true), seen(false, 70, 50), seen(true), seen(false)]).toEqual([
      "by_profile",
      "largest_shape",
      "nothing",
      "largest_shape",
      "by_profile",
    ]);
  });

  it("asks for no pixels but those of anchors", () => {
    const asked: Rectangle[] = [];
    const { profiles, width, height } = read("known_layout");
    const picture = blocks(width, height, false);
    new Masker(profiles).decide(width, height, (place) => (asked.push(place), part(picture, place)));
    expect(asked).toEqual(profiles.flatMap((profile) => profile.anchors.map((anchor) => anchor.place)));
  });

  it("takes a part that could not be read, or a plain one, for another layout", () => {
    const { profiles, width, height } = read("known_layout");
    const masker = new Masker(profiles);
    const none = { width: 0, height: 0, data: new Uint8ClampedArray(0) };
    expect(masker.decide(width, height, () => none).masked.unsure).toBe("unknown_layout");
    const plain = { width, height, data: new Uint8ClampedArray(width * height * 4).fill(128) };
    expect(masker.decide(width, height, (place) => part(plain, place)).masked.unsure).toBe("unknown_layout");
  });

  it("refuses to cover a picture of another size", () => {
    const cover = new Cover(4, 2, new Uint8Array(8));
    expect(() => cover.putOn(blocks(4, 3, false))).toThrow("4x3 pixels under a mask of 4x2");
  });
});
