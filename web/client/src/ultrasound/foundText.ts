/**
 * Finds where text stands, by its sharp edges: twin of `ultrasound/privacy/found_text.py`. Nothing is read.
 *
 * The windows of the morphology lie as OpenCV lays them: from half their length before a pixel, rounded down.
 */

import type { Rectangle, Visible } from "./mask";

/** Levels between neighbouring pixels; text that a reader can see has more, a grabber's noise less. */
const EDGE = 40;
const LEAST_HEIGHT_PX = 5;
const LEAST_WIDTH_PX = 5;
const LEAST_EDGE_PX = 20;
const JOINED_SHARE = 40;
const LINE_SHARE = 8;
const LETTERS_LARGE_ENOUGH_PX = 480;
const MARGIN_SHARE = 120;

/** One value a pixel, row by row. */
export interface Plane {
  width: number;
  height: number;
  data: Uint8Array;
}

/** Boxes around sharp edges among the pixels `where` is 1, from top to bottom. */
export function findText(picture: Plane, where: Visible): Rectangle[] {
  return new TextFinder(picture.width, picture.height, where).find(picture);
}

/** Finds text in one picture after the other, at the same places. */
export class TextFinder {
  private readonly step: number;
  private readonly inside: Plane;

  constructor(width: number, height: number, where: Visible) {
    this.step = Math.max(1, roundedToEven(height / LETTERS_LARGE_ENOUGH_PX));
    const looked = nearest({ width, height, data: where }, Math.floor(width / this.step), Math.floor(height / this.step));
    this.inside = down(along(looked, 3, "all"), 3, "all");
  }

  find(picture: Plane): Rectangle[] {
    const { step, inside } = this;
    const steep = steepOf(step > 1 ? reduced(picture, step) : picture, inside.data);
    if (!steep.data.includes(1)) return [];
    const edges = withoutLines(steep);
    const gap = Math.max(3, Math.floor(edges.height / JOINED_SHARE));
    const joined = along(along(edges, gap, "any"), gap, "all");
    const boxes = componentsOf(joined).flatMap((box) => (isText(box, edges, step) ? [enlarged(box, step)] : []));
    return boxes.sort((a, b) => a.top_px - b.top_px || a.left_px - b.left_px);
  }
}

/** What lies clear of the seen pixels: the rim of the sector itself is no text. */
export function awayFrom(seen: Visible, width: number, height: number): Visible {
  const margin = 2 * Math.max(1, Math.floor(height / MARGIN_SHARE)) + 1;
  const plane = { width, height, data: seen };
  return down(along(plane, margin, "any"), margin, "any").data.map((near) => (near ? 0 : 1));
}

/** As Python rounds: a half goes to the even neighbour. */
function roundedToEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** 1 where the brightest and the darkest of the nine pixels around differ enough, among those `inside`. */
function steepOf({ width, height, data }: Plane, inside: Visible): Plane {
  const most = new Uint8Array(data.length);
  const least = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const before = x > 0 ? data[at - 1]! : data[at]!;
      const after = x + 1 < width ? data[at + 1]! : data[at]!;
      most[at] = Math.max(before, data[at]!, after);
      least[at] = Math.min(before, data[at]!, after);
    }
  }
  const steep = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at++) {
    if (!inside[at]) continue;
    const above = at >= width ? at - width : at;
    const below = at + width < data.length ? at + width : at;
    const range = Math.max(most[above]!, most[at]!, most[below]!) - Math.min(least[above]!, least[at]!, least[below]!);
    steep[at] = range >= EDGE ? 1 : 0;
  }
  return { width, height, data: steep };
}

/** Without what is straight over a great part of the picture: around a frame all text would be one box. */
function withoutLines(edges: Plane): Plane {
  const across = Math.max(9, Math.floor(edges.width / LINE_SHARE));
  const upright = Math.max(9, Math.floor(edges.height / LINE_SHARE));
  const lines = along(along(edges, across, "all"), across, "any");
  const posts = down(down(edges, upright, "all"), upright, "any");
  return { ...edges, data: edges.data.map((edge, at) => (edge && !lines.data[at] && !posts.data[at] ? 1 : 0)) };
}

type Rule = "any" | "all";

/** 1 where any, or all, of a window of a row are; what lies outside of the picture is not asked. */
export function along(plane: Plane, length: number, rule: Rule): Plane {
  return swept(plane, length, rule, plane.width, plane.height, 1, plane.width);
}

/** The same along columns. */
export function down(plane: Plane, length: number, rule: Rule): Plane {
  return swept(plane, length, rule, plane.height, plane.width, plane.width, 1);
}

function swept(plane: Plane, length: number, rule: Rule, count: number, lines: number, stride: number, next: number): Plane {
  const out = new Uint8Array(plane.data.length);
  const sums = new Uint32Array(count + 1);
  const before = length >> 1;
  for (let line = 0; line < lines; line++) {
    const first = line * next;
    for (let k = 0; k < count; k++) sums[k + 1] = sums[k]! + (plane.data[first + k * stride] ? 1 : 0);
    if (sums[count] === 0) continue; // nothing is lit, whatever the rule
    for (let k = 0; k < count; k++) {
      const from = Math.max(0, k - before);
      const past = Math.min(count, k - before + length);
      const lit = sums[past]! - sums[from]!;
      out[first + k * stride] = (rule === "any" ? lit > 0 : lit === past - from) ? 1 : 0;
    }
  }
  return { ...plane, data: out };
}

function nearest({ width, height, data }: Plane, small_width: number, small_height: number): Plane {
  const out = new Uint8Array(small_width * small_height);
  for (let y = 0; y < small_height; y++) {
    const row = Math.min(height - 1, Math.floor((y * height) / small_height));
    for (let x = 0; x < small_width; x++) {
      out[y * small_width + x] = data[row * width + Math.min(width - 1, Math.floor((x * width) / small_width))]!;
    }
  }
  return { width: small_width, height: small_height, data: out };
}

/** Means over the area each smaller pixel covers. */
function reduced(plane: Plane, step: number): Plane {
  const width = Math.floor(plane.width / step);
  const height = Math.floor(plane.height / step);
  if (step === 2 && plane.width === 2 * width && plane.height === 2 * height) return halved(plane);
  const across = weightsOf(plane.width, width);
  const upright = weightsOf(plane.height, height);
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (const [row, tall] of upright[y]!) {
        for (const [column, wide] of across[x]!) sum += plane.data[row * plane.width + column]! * tall * wide;
      }
      out[y * width + x] = roundedToEven(sum);
    }
  }
  return { width, height, data: out };
}

function halved({ width, height, data }: Plane): Plane {
  const small = { width: width / 2, height: height / 2, data: new Uint8Array(data.length / 4) };
  for (let y = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++) {
      const at = 2 * y * width + 2 * x;
      small.data[y * small.width + x] = (data[at]! + data[at + 1]! + data[at + width]! + data[at + width + 1]! + 2) >> 2;
    }
  }
  return small;
}

/** Which pixels lie in each smaller one, and with how much of it. */
function weightsOf(length: number, small: number): [number, number][][] {
  const scale = length / small;
  return Array.from({ length: small }, (_, k) => {
    const from = k * scale;
    const past = Math.min(length, (k + 1) * scale);
    const pixels: [number, number][] = [];
    for (let pixel = Math.floor(from); pixel < past; pixel++) {
      pixels.push([pixel, (Math.min(pixel + 1, past) - Math.max(pixel, from)) / scale]);
    }
    return pixels;
  });
}

/** The boxes of what hangs together, corners included. */
function componentsOf({ width, height, data }: Plane): Rectangle[] {
  const left = data.slice();
  const found: Rectangle[] = [];
  const waiting: number[] = [];
  for (let start = left.indexOf(1); start !== -1; start = left.indexOf(1, start)) {
    let [low_x, high_x, low_y, high_y] = [width, 0, height, 0];
    waiting.push(start);
    left[start] = 0;
    while (waiting.length > 0) {
      const at = waiting.pop()!;
      const y = Math.floor(at / width);
      const x = at - y * width;
      low_x = Math.min(low_x, x);
      high_x = Math.max(high_x, x);
      low_y = Math.min(low_y, y);
      high_y = Math.max(high_y, y);
      for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
        for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
          const near = row * width + column;
          if (!left[near]) continue;
          left[near] = 0;
          waiting.push(near);
        }
      }
    }
    found.push({ shape: "rectangle", left_px: low_x, top_px: low_y, width_px: high_x - low_x + 1, height_px: high_y - low_y + 1 });
  }
  return found;
}

function isText(box: Rectangle, edges: Plane, step: number): boolean {
  if (box.height_px * step < LEAST_HEIGHT_PX || box.width_px * step < LEAST_WIDTH_PX) return false;
  let count = 0;
  for (let y = box.top_px; y < box.top_px + box.height_px; y++) {
    for (let x = box.left_px; x < box.left_px + box.width_px; x++) count += edges.data[y * edges.width + x]!;
  }
  return count * step * step >= LEAST_EDGE_PX;
}

function enlarged({ shape, left_px, top_px, width_px, height_px }: Rectangle, step: number): Rectangle {
  return { shape, left_px: left_px * step, top_px: top_px * step, width_px: width_px * step, height_px: height_px * step };
}
