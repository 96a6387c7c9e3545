/// <reference types="node" />
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { awayFrom, findText, type Plane } from "../../src/ultrasound/foundText";
import { FrameMasker } from "../../src/ultrasound/frameMasker";
import { Cover, type SignedProfile, type Rectangle, visibleBy } from "../../src/ultrasound/mask";
import { bytesOf, type Format, type FrameBytes, isMaskable, layoutOf, partOf, PlaneCover } from "../../src/ultrasound/planes";
import { LOOK_EVERY_US, TextWatch } from "../../src/ultrasound/textWatch";

/** As `ultrasound/privacy/` does it; written by `tests/ultrasound/privacy/card_golden.py`. */
const GOLDEN = new URL("../../../../tests/golden/", import.meta.url);
type Drawn = [number, number, number, number, number][];
const told = JSON.parse(readFileSync(new URL("ultrasound_card.json", GOLDEN), "utf8")) as {
  planes: Record<string, string>;
  text: { width: number; height: number; screen: Drawn; found: Rectangle[] }[];
  watch: { profile: Omit<SignedProfile, "signed_off">; named: Drawn; looks: boolean[]; rings: Rectangle[][] };
};

const WATCHED: SignedProfile = { ...told.watch.profile, signed_off: { by: "Li", at: "2026-11-28T05:00:00Z", digest: "" } };

interface Case {
  profiles: SignedProfile[];
  width: number;
  height: number;
}
const maskCase = (name: string) => JSON.parse(readFileSync(new URL(`ultrasound_masks/${name}.json`, GOLDEN), "utf8")) as Case;

/** Bytes of the formula the golden values were made of; nowhere black. */
function made(format: Format, width: number, height: number, full_range = false): FrameBytes {
  const data = Uint8Array.from({ length: bytesOf(format, width, height) }, (_, at) => ((at * 7 + Math.floor(at / width) * 13) % 200) + 20);
  return { format, width, height, full_range, data };
}

function drawn(rectangles: Drawn, width: number, height: number): Plane {
  const data = new Uint8Array(width * height);
  for (const [left, top, wide, tall, grey] of rectangles) {
    for (let y = top; y < Math.min(height, top + tall); y++) data.fill(grey, y * width + left, y * width + Math.min(width, left + wide));
  }
  return { width, height, data };
}

function keptMiddle(width: number, height: number): SignedProfile {
  const box = (left_px: number, top_px: number, width_px: number, height_px: number): Rectangle => ({ shape: "rectangle", left_px, top_px, width_px, height_px });
  const half = (side: number, share: number) => Math.floor(side / share);
  return { ...WATCHED, width_px: width, height_px: height, keep: [box(half(width, 4), half(height, 4), half(width, 2), half(height, 2))], black: [box(0, 0, 80, 60)], known_text: [] };
}

describe("the planes of a frame", () => {
  it.each(Object.keys(told.planes))("%s: 4:2:0 is blackened byte for byte as at the station", (name) => {
    const { profiles, width, height } = maskCase(name);
    const frame = made("I420", width, height);
    new FrameMasker(profiles).mask(frame, 0);
    expect(createHash("sha256").update(frame.data).digest("hex")).toBe(told.planes[name]);
  });

  it("hides a colour sample when any of its four pixels is hidden, in NV12 as in I420", () => {
    const [width, height] = [6, 4];
    const visible = new Uint8Array(24).fill(1);
    visible[0] = 0;
    visible[3 * 6 + 5] = 0;
    for (const format of ["I420", "NV12"] as const) {
      const frame = made(format, width, height);
      const before = frame.data.slice();
      new PlaneCover(width, height, visible).putOn(frame);
      const changed = [...frame.data].flatMap((value, at) => (value === before[at] ? [] : [[at, value]]));
      const colour = format === "I420" ? [[24, 128], [29, 128], [30, 128], [35, 128]] : [[24, 128], [25, 128], [34, 128], [35, 128]];
      expect(changed).toEqual([[0, 16], [23, 16], ...colour]);
    }
  });

  it("takes 0 for black where luma is of full range, and keeps odd sides", () => {
    const frame = made("I420", 5, 3, true);
    expect(frame.data.length).toBe(15 + 2 * 6);
    new PlaneCover(5, 3, new Uint8Array(15)).putOn(frame);
    expect([...frame.data]).toEqual([...new Array<number>(15).fill(0), ...new Array<number>(12).fill(128)]);
  });

  it("leaves colours opaque, black where hidden", () => {
    const frame = made("BGRA", 2, 1);
    const [b, g, r] = frame.data;
    new PlaneCover(2, 1, Uint8Array.of(1, 0)).putOn(frame);
    expect([...frame.data]).toEqual([b, g, r, 255, 0, 0, 0, 255]);
  });

  it("refuses bytes that are not the frame's", () => {
    const frame = made("I420", 8, 8);
    expect(() => new PlaneCover(8, 6, new Uint8Array(48)).putOn(frame)).toThrow("under a mask of 8x6");
    expect(() => new PlaneCover(8, 8, new Uint8Array(64)).putOn({ ...frame, data: frame.data.subarray(1) })).toThrow("95 bytes");
  });

  it("lays planes without gaps and knows which formats it can mask", () => {
    expect(layoutOf("I420", 5, 3)).toEqual([{ offset: 0, stride: 5 }, { offset: 15, stride: 3 }, { offset: 21, stride: 3 }]);
    expect(layoutOf("NV12", 4, 2)).toEqual([{ offset: 0, stride: 4 }, { offset: 8, stride: 4 }]);
    expect(layoutOf("RGBA", 4, 2)).toEqual([{ offset: 0, stride: 16 }]);
    expect(["I420", "NV12", "RGBA", null, "I422", "I420P10"].map(isMaskable)).toEqual([true, true, true, false, false, false]);
  });

  it("reads anchors from luma or colours, and nothing past the picture", () => {
    const place: Rectangle = { shape: "rectangle", left_px: 1, top_px: 1, width_px: 1, height_px: 1 };
    const luma = made("I420", 4, 2);
    expect([...partOf(luma, place).data]).toEqual([luma.data[5], luma.data[5], luma.data[5], 255]);
    const colours = made("BGRX", 4, 2);
    expect([...partOf(colours, place).data]).toEqual([colours.data[22], colours.data[21], colours.data[20], 255]);
    expect(partOf(luma, { ...place, width_px: 4 }).width).toBe(0);
  });
});

describe("the mask of a card's frames", () => {
  const shown = (frame: FrameBytes) => frame.data.subarray(0, frame.width * frame.height).some((value) => value !== 16);

  it("shows nothing without a profile, without a signature, and at another size", () => {
    const { profiles, width, height } = maskCase("rectangle");
    const tries: [SignedProfile[], number, string | null][] = [
      [[], width, "no_profile"],
      [profiles.map((one) => ({ ...one, signed_off: null })), width, "not_signed_off"],
      [profiles, width + 2, "unknown_size"],
      [profiles, width, null],
    ];
    for (const [given, wide, unsure] of tries) {
      const frame = made("I420", wide, height);
      expect(new FrameMasker(given).mask(frame, 0)).toMatchObject({ unsure, seen: unsure === null ? "by_profile" : "nothing" });
      expect(shown(frame)).toBe(unsure === null);
    }
  });

  it("follows a card that changes its size with every frame, and never shows what it should not", () => {
    const { profiles, width, height } = maskCase("fan");
    const masker = new FrameMasker(profiles);
    const visible = visibleBy(profiles[0]!);
    for (const wide of [width, 32, width, 48, 48, width]) {
      const frame = made("NV12", wide, height);
      masker.mask(frame, 0);
      const luma = [...frame.data.subarray(0, wide * height)];
      expect(luma.filter((value, at) => value !== 16 && (wide !== width || !visible[at]))).toEqual([]);
      expect(shown(frame)).toBe(wide === width);
    }
  });

  it("covers as the cover of the picture does", () => {
    const { profiles, width, height } = maskCase("two_shapes_and_black_boxes");
    const visible = visibleBy(profiles[0]!);
    const frame = made("RGBA", width, height);
    const pixels = { width, height, data: new Uint8ClampedArray(frame.data) };
    new Cover(width, height, visible).putOn(pixels);
    new PlaneCover(width, height, visible).putOn(frame);
    expect(frame.data.every((value, at) => at % 4 === 3 || value === pixels.data[at])).toBe(true);
  });
});

describe("new text under the mask", () => {
  it.each(told.text)("is found where the station finds it: $width x $height", ({ width, height, screen, found }) => {
    const where = awayFrom(visibleBy(keptMiddle(width, height)), width, height);
    expect(findText(drawn(screen, width, height), where)).toEqual(found);
  });

  it("rings at the looks at which it rings at the station, and says where", () => {
    const { named, looks, rings } = told.watch;
    const { screen, width, height } = told.text[0]!;
    const watch = new TextWatch(WATCHED);
    const seen = looks.map((is_named, k) => watch.see(() => drawn(is_named ? [...screen, ...named] : screen, width, height), k * LOOK_EVERY_US));
    expect(seen).toEqual(rings);
  });

  it("is looked for once a second, and again when the clock goes back", () => {
    const { screen, width, height } = told.text[0]!;
    let looks = 0;
    const picture = () => ((looks += 1), drawn(screen, width, height));
    const watch = new TextWatch(WATCHED);
    for (const at_us of [0, 400_000, 999_999, 1_000_000, 1_500_000, 900_000]) watch.see(picture, at_us);
    expect(looks).toBe(3);
  });

  it("is told with the frame it stands on, which is masked all the same", () => {
    const { named } = told.watch;
    const { screen, width, height } = told.text[0]!;
    const masker = new FrameMasker([WATCHED]);
    const states = [0, 1, 2, 3].map((k) => {
      const data = new Uint8Array(bytesOf("I420", width, height)).fill(128);
      data.set(drawn([...screen, ...named], width, height).data);
      const state = masker.mask({ format: "I420", width, height, full_range: false, data }, k * LOOK_EVERY_US);
      expect(data[430 * width + 200]).toBe(16);
      return state.new_text;
    });
    expect(states).toEqual([false, false, true, true]);
  });
});
