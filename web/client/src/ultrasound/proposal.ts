/**
 * Proposes what may be seen of a moving picture, for a person to look at: the sector moves, the text beside it stands
 * still. By the steps of `ultrasound/privacy/proposal.py` and `fan_fit.py`, on a smaller picture.
 */

import { along, down, type Plane } from "./foundText";
import { type Fan, lit, type Point, type Shape, type Visible } from "./mask";

/** Standard deviation over the frames: tissue has more, a still screen through a codec less. */
const MOVED_BY = 1.5;
/** Of the picture: what moves in less is a cursor or a clock. */
const LEAST_SHARE = 0.02;
/** Intersection over union with what moved; below it a polygon keeps closer to it. */
const GOOD_FIT = 0.94;
const CLOSED_SHARE = 40;
const MOST_SIDE_PX = 320;
const STEPS_PX = [8, 4, 2, 1, 0.5];

export interface Proposal {
  keep: Shape;
  /** With what moves, 0 to 1. */
  agreement: number;
}

/** What moved over some frames of one size. */
export class Motion {
  frames = 0;
  private readonly step: number;
  private readonly small: { width: number; height: number };
  private readonly sums: Float64Array;
  private readonly squares: Float64Array;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.step = Math.max(1, Math.ceil(Math.max(width, height) / MOST_SIDE_PX));
    this.small = { width: Math.floor(width / this.step), height: Math.floor(height / this.step) };
    this.sums = new Float64Array(this.small.width * this.small.height);
    this.squares = new Float64Array(this.sums.length);
  }

  add({ width, height, data }: Plane): void {
    if (width !== this.width || height !== this.height) throw new RangeError(`${width}x${height} among ${this.width}x${this.height}`);
    this.frames += 1;
    for (let at = 0; at < this.sums.length; at++) {
      const y = Math.floor(at / this.small.width);
      const level = data[y * this.step * width + (at - y * this.small.width) * this.step]!;
      this.sums[at]! += level;
      this.squares[at]! += level * level;
    }
  }

  /** A rectangle or a fan where one fits, else a polygon; `null` when too little moves. */
  propose(): Proposal | null {
    const moved = this.sums.map((sum, at) => Number(Math.sqrt(Math.max(0, this.squares[at]! / this.frames - (sum / this.frames) ** 2)) > MOVED_BY));
    const patch = largestOf(closed({ ...this.small, data: Uint8Array.from(moved) }));
    if (patch === null) return null;
    const hull = hullOf(patch);
    const { width, height } = this.small;
    const polygon: Shape = { shape: "polygon", points: hull };
    const alive = lit(polygon, width, height);
    const tries: Shape[] = [boxOf(hull)];
    const fan = fitFan(alive, width, height);
    if (fan !== null) tries.push(fan);
    const judged = tries.map((shape) => ({ keep: shape, agreement: agreementOf(lit(shape, width, height), alive) }));
    const best = judged.reduce((a, b) => (b.agreement > a.agreement ? b : a));
    return best.agreement >= GOOD_FIT ? { ...best, keep: this.enlarged(best.keep) } : { keep: this.enlarged(polygon), agreement: 1 };
  }

  /** A small pixel's middle lies in the middle of the pixels it stands for. */
  private enlarged(shape: Shape): Shape {
    const { step } = this;
    const large = ([x, y]: Point): Point => [round2((x + 0.5) * step - 0.5), round2((y + 0.5) * step - 0.5)];
    if (shape.shape === "polygon") return { ...shape, points: shape.points.map(large) };
    if (shape.shape === "fan") {
      const radii = { inner_radius_px: round2(shape.inner_radius_px * step), outer_radius_px: round2(shape.outer_radius_px * step) };
      return { ...shape, apex: large(shape.apex), left: large(shape.left), right: large(shape.right), ...radii };
    }
    const { left_px, top_px, width_px, height_px } = shape;
    return { ...shape, left_px: left_px * step, top_px: top_px * step, width_px: width_px * step, height_px: height_px * step };
  }
}

const round2 = (value: number) => Math.round(value * 100) / 100;

/** Without specks, and closed over dark parts of the sector, which move little. */
function closed(moved: Plane): Plane {
  const both = (plane: Plane, side: number, rule: "any" | "all") => down(along(plane, side, rule), side, rule);
  const side = Math.max(3, Math.floor(moved.height / CLOSED_SHARE)) | 1;
  return both(both(both(both(moved, 3, "all"), 3, "any"), side, "any"), side, "all");
}

/** The largest piece, as pixels [x, y]; `null` when it is small. */
function largestOf({ width, height, data }: Plane): Point[] | null {
  const left = data.slice();
  let largest: number[] = [];
  for (let start = left.indexOf(1); start !== -1; start = left.indexOf(1, start)) {
    const piece: number[] = [start];
    left[start] = 0;
    for (let k = 0; k < piece.length; k++) {
      const at = piece[k]!;
      const x = at % width;
      for (const near of [at - width, at + width, x > 0 ? at - 1 : -1, x + 1 < width ? at + 1 : -1]) {
        if (near < 0 || near >= left.length || !left[near]) continue;
        left[near] = 0;
        piece.push(near);
      }
    }
    if (piece.length > largest.length) largest = piece;
  }
  return largest.length < LEAST_SHARE * width * height ? null : largest.map((at): Point => [at % width, Math.floor(at / width)]);
}

/** The convex hull (Andrew's monotone chain). */
function hullOf(pixels: Point[]): Point[] {
  const sorted = [...pixels].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const turn = (o: Point, a: Point, b: Point) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
  const chain = (points: Point[]) => {
    const kept: Point[] = [];
    for (const point of points) {
      while (kept.length > 1 && turn(kept.at(-2)!, kept.at(-1)!, point) <= 0) kept.pop();
      kept.push(point);
    }
    return kept.slice(0, -1);
  };
  return [...chain(sorted), ...chain([...sorted].reverse())];
}

function boxOf(points: Point[]): Shape {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { shape: "rectangle", left_px: left, top_px: top, width_px: Math.max(...xs) - left + 1, height_px: Math.max(...ys) - top + 1 };
}

function agreementOf(a: Visible, b: Visible): number {
  let both = 0;
  let either = 0;
  for (let at = 0; at < a.length; at++) {
    both += a[at]! & b[at]!;
    either += a[at]! | b[at]!;
  }
  return either === 0 ? 0 : both / either;
}

/** Apex x and y, radii, angles in degrees from straight down, positive to the right. */
type Guess = [number, number, number, number, number, number];

/** The fan that opens downwards and fits best: from its outline, improved by small steps. */
function fitFan(patch: Visible, width: number, height: number): Fan | null {
  let best = firstGuess(patch, width, height);
  if (best === null) return null;
  const score = (guess: Guess) => {
    const fan = fanOf(guess);
    return fan === null ? -1 : agreementOf(lit(fan, width, height), patch);
  };
  let reached = score(best);
  for (const step of STEPS_PX) {
    for (let improved = true; improved; ) {
      improved = false;
      for (let k = 0; k < 2 * best.length; k++) {
        const moved: Guess = [...best];
        moved[k >> 1]! += k % 2 ? -step : step;
        const now = score(moved);
        if (now > reached) [best, reached, improved] = [moved, now, true];
      }
    }
  }
  return fanOf(best);
}

function firstGuess(patch: Visible, width: number, height: number): Guess | null {
  const rows: { y: number; first: number; last: number }[] = [];
  for (let y = 0; y < height; y++) {
    const row = patch.subarray(y * width, (y + 1) * width);
    if (row.includes(1)) rows.push({ y, first: row.indexOf(1), last: row.lastIndexOf(1) });
  }
  if (rows.length < 8) return null;
  const widest = (better: (a: number, b: number) => boolean, of: (row: (typeof rows)[0]) => number) =>
    rows.reduce((at, row, k) => (better(of(row), of(rows[at]!)) ? k : at), 0);
  const left = lineOf(rows.slice(0, widest((a, b) => a < b, (row) => row.first) + 1).map(({ y, first }): Point => [y, first]));
  const right = lineOf(rows.slice(0, widest((a, b) => a > b, (row) => row.last) + 1).map(({ y, last }): Point => [y, last]));
  if (left === null || right === null || right.slope - left.slope < 1e-3) return null;
  const apex_y = (left.offset - right.offset) / (right.slope - left.slope);
  const apex_x = left.slope * apex_y + left.offset;
  const column = Math.min(Math.max(0, Math.round(apex_x)), width - 1);
  const middle = rows.map(({ y }) => y).filter((y) => patch[y * width + column]);
  const inside = middle.length > 0 && apex_y <= middle[0]!;
  const [inner, outer] = inside ? [middle[0]! - apex_y, middle.at(-1)! - apex_y] : [0, rows.at(-1)!.y + 1 - apex_y];
  const degrees = (slope: number) => (Math.atan(slope) * 180) / Math.PI;
  return outer > inner ? [apex_x, apex_y, inner, outer, degrees(left.slope), degrees(right.slope)] : null;
}

/** The line x = slope * y + offset that lies nearest to points [y, x]. */
function lineOf(points: Point[]): { slope: number; offset: number } | null {
  if (points.length < 5) return null;
  const mean = (of: (point: Point) => number) => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [y, x] = [mean(([at]) => at), mean(([, at]) => at)];
  const slope = mean((point) => (point[0] - y) * (point[1] - x)) / mean((point) => (point[0] - y) ** 2);
  return { slope, offset: x - slope * y };
}

function fanOf([x, y, inner, outer, left, right]: Guess): Fan | null {
  if (!(inner >= 0 && inner < outer && left < right && right < left + 180)) return null;
  const at = (deg: number): Point => [x + outer * Math.sin((deg * Math.PI) / 180), y + outer * Math.cos((deg * Math.PI) / 180)];
  return { shape: "fan", apex: [x, y], left: at(left), right: at(right), inner_radius_px: inner, outer_radius_px: outer };
}
