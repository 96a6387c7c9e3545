import { describe, expect, it } from "vitest";
import type { PicturePart } from "../../src/api/types";
import type { Box } from "../../src/ultrasound/pointer";
import {
  isOn, kept, type Look, MOST_ZOOM, panned, partAt, pictureAt, type Pixel, scaleOf, type Size, type Stand, toPage, toPixel, wholePicture, zoomedAt,
} from "../../src/ultrasound/view";

/** A small generator with a seed: the same cases on every machine. */
function cases(count: number): { next: (from: number, to: number) => number; each: number[] } {
  let seed = 20_260_923;
  const next = (from: number, to: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return from + ((to - from) * seed) / 2 ** 32;
  };
  return { next, each: Array.from({ length: count }, (_, i) => i) };
}

const CAPTURED: Size[] = [
  { width: 640, height: 480 },
  { width: 1024, height: 768 },
  { width: 1920, height: 1080 },
  { width: 811, height: 613 },
  { width: 480, height: 854 },
];
const DPRS = [1, 1.1, 1.25, 1.5, 2, 2.625, 3];

function standOf(next: (from: number, to: number) => number): Stand {
  return {
    frame: { left: next(-40, 300), top: next(0, 200), width: next(120, 2500), height: next(90, 1400) },
    captured: CAPTURED[Math.floor(next(0, CAPTURED.length))]!,
    dpr: DPRS[Math.floor(next(0, DPRS.length))]!,
    across: [0, 0.5, 1][Math.floor(next(0, 3))]!,
  };
}

function lookOf(next: (from: number, to: number) => number, { width, height }: Size): Look {
  return { zoom: next(0, 1) < 0.3 ? 1 : next(1, MOST_ZOOM), middle: { x: next(0, width), y: next(0, height) } };
}

const apart = (a: Pixel, b: Pixel) => Math.hypot(a.x - b.x, a.y - b.y);

describe("a captured pixel and the point of the screen where it is seen", () => {
  it("lead to each other whatever the window, the zoom, the room to spare and the screen's own pixels", () => {
    const { next, each } = cases(4000);
    for (const _ of each) {
      const stand = standOf(next);
      const picture = pictureAt(stand, lookOf(next, stand.captured));
      const at = { x: next(-0.5, stand.captured.width - 0.5), y: next(-0.5, stand.captured.height - 0.5) };
      expect(apart(toPixel(toPage(at, picture, stand.captured), picture, stand.captured), at)).toBeLessThan(1e-6);
    }
  });

  it("are the same pixel for two people with other windows, up to the device pixel one of them pressed", () => {
    const { next, each } = cases(4000);
    for (const _ of each) {
      const [mine, theirs] = [standOf(next), standOf(next)];
      theirs.captured = mine.captured;
      const here = pictureAt(mine, lookOf(next, mine.captured));
      const there = pictureAt(theirs, lookOf(next, mine.captured));
      const meant = { x: next(0, mine.captured.width - 1), y: next(0, mine.captured.height - 1) };
      const pressed = toPage(meant, here, mine.captured);
      const device = { x: Math.round(pressed.x * mine.dpr) / mine.dpr, y: Math.round(pressed.y * mine.dpr) / mine.dpr };
      const sent = toPixel(device, here, mine.captured);
      const seen = toPixel(toPage(sent, there, mine.captured), there, mine.captured);
      expect(apart(sent, seen)).toBeLessThan(1e-6);
      // A press is as fine as the screen: half a device pixel in each direction, counted in captured pixels.
      const across = mine.captured.width / here.width;
      const down = mine.captured.height / here.height;
      expect(Math.abs(sent.x - meant.x)).toBeLessThanOrEqual((0.5 / mine.dpr) * across + 1e-6);
      expect(Math.abs(sent.y - meant.y)).toBeLessThanOrEqual((0.5 / mine.dpr) * down + 1e-6);
    }
  });

  it("count from the middle of the first pixel", () => {
    const picture = { left: 100, top: 50, width: 1280, height: 960 };
    const captured = { width: 640, height: 480 };
    expect(toPage({ x: 0, y: 0 }, picture, captured)).toEqual({ x: 101, y: 51 });
    expect(toPixel({ x: 100, y: 50 }, picture, captured)).toEqual({ x: -0.5, y: -0.5 });
    expect(toPixel({ x: 1380, y: 1010 }, picture, captured)).toEqual({ x: 639.5, y: 479.5 });
  });

  it("lie where a part of the captured picture was cut out and sent smaller", () => {
    const { next, each } = cases(2000);
    for (const _ of each) {
      const stand = standOf(next);
      const { width, height } = stand.captured;
      const part = { left: 64, top: 32, width: width - 160, height: height - 96, captured_width: width, captured_height: height, sent_width: (width - 160) / 2, sent_height: (height - 96) / 2 } as PicturePart;
      const look = lookOf(next, stand.captured);
      const picture = pictureAt(stand, look);
      const shown = partAt(picture, part, stand.dpr);
      // A place in the sent part, where the browser paints it, is the captured place: to a device pixel of the screen.
      const at = { x: next(0, part.width), y: next(0, part.height) };
      const painted = { x: shown.left + (at.x * shown.width) / part.width, y: shown.top + (at.y * shown.height) / part.height };
      const seen = toPixel(painted, picture, stand.captured);
      const device = { x: width / picture.width / stand.dpr, y: height / picture.height / stand.dpr };
      expect(Math.abs(seen.x + 0.5 - (part.left + at.x))).toBeLessThanOrEqual(0.5 * device.x + 1e-6);
      expect(Math.abs(seen.y + 0.5 - (part.top + at.y))).toBeLessThanOrEqual(0.5 * device.y + 1e-6);
    }
  });
});

describe("the picture's box", () => {
  it("lies on device pixels and, zoomed, leaves no corner of its frame empty", () => {
    const { next, each } = cases(4000);
    for (const _ of each) {
      const stand = standOf(next);
      const { frame, dpr } = stand;
      const box = pictureAt(stand, lookOf(next, stand.captured));
      for (const edge of [box.left, box.top, box.left + box.width, box.top + box.height]) {
        expect(Math.abs(edge * dpr - Math.round(edge * dpr))).toBeLessThan(1e-6);
      }
      const slack = 0.5 / dpr + 1e-6;
      if (box.width > frame.width + 1 / dpr) {
        expect(box.left).toBeLessThanOrEqual(frame.left + slack);
        expect(box.left + box.width).toBeGreaterThanOrEqual(frame.left + frame.width - slack);
      }
    }
  });

  it("stands where there is room to spare as `object-position` puts it", () => {
    const captured = { width: 640, height: 480 };
    const stand: Stand = { frame: { left: 10, top: 20, width: 1000, height: 480 }, captured, dpr: 1, across: 1 };
    expect(pictureAt(stand, wholePicture(captured))).toEqual({ left: 370, top: 20, width: 640, height: 480 });
    expect(pictureAt({ ...stand, across: 0.5 }, wholePicture(captured)).left).toBe(190);
    expect(scaleOf(pictureAt(stand, wholePicture(captured)), captured)).toBe(1);
  });
});

describe("zoom and pan", () => {
  it("keep what is under the hand there, unless an edge is in the way", () => {
    const { next, each } = cases(2000);
    let free = 0;
    for (const _ of each) {
      const stand = standOf(next);
      const { frame, captured } = stand;
      const look = zoomedAt(stand, wholePicture(captured), next(4, 8), { x: frame.left + frame.width / 2, y: frame.top + frame.height / 2 });
      const page = { x: frame.left + frame.width * next(0.3, 0.7), y: frame.top + frame.height * next(0.3, 0.7) };
      const [was, is] = [look, zoomedAt(stand, look, 1.3, page)].map((one) => pictureAt(stand, one));
      const isFree = (one: Box) => one.left < frame.left - 2 && one.top < frame.top - 2 && one.left + one.width > frame.left + frame.width + 2 && one.top + one.height > frame.top + frame.height + 2;
      if (!isFree(was!) || !isFree(is!)) continue;
      free += 1;
      const device = Math.max(captured.width / was!.width, captured.height / was!.height) / stand.dpr;
      expect(apart(toPixel(page, was!, captured), toPixel(page, is!, captured))).toBeLessThanOrEqual(1.5 * device);
    }
    expect(free).toBeGreaterThan(500);
  });

  it("end at the edges, and come back at once", () => {
    const captured = { width: 640, height: 480 };
    const stand: Stand = { frame: { left: 0, top: 0, width: 640, height: 480 }, captured, dpr: 1, across: 1 };
    const twice = zoomedAt(stand, wholePicture(captured), 2, { x: 320, y: 240 });
    expect(pictureAt(stand, twice)).toEqual({ left: -320, top: -240, width: 1280, height: 960 });
    const far = panned(stand, twice, 5000, 5000);
    expect(pictureAt(stand, far)).toMatchObject({ left: 0, top: 0 });
    expect(pictureAt(stand, panned(stand, far, -10, -20))).toMatchObject({ left: -10, top: -20 });
    expect(zoomedAt(stand, twice, 0.01, { x: 1, y: 1 })).toEqual(wholePicture(captured));
    expect(zoomedAt(stand, twice, 1000, { x: 1, y: 1 }).zoom).toBe(MOST_ZOOM);
    expect(panned(stand, wholePicture(captured), 50, 50)).toEqual(wholePicture(captured));
  });
});

it("a place off the picture is brought back to its nearest pixel", () => {
  const captured = { width: 640, height: 480 };
  expect(isOn({ x: -0.5, y: 479.5 }, captured)).toBe(true);
  expect(isOn({ x: -0.6, y: 10 }, captured)).toBe(false);
  expect(kept({ x: -3, y: 500 }, captured)).toEqual({ x: 0, y: 479 });
});
