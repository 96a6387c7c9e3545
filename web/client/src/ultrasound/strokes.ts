/** Drawing on a still ultrasound frame: the points of a stroke, and how they are shown. Pure. */

import type { Stroke, StrokeShape } from "../api/types";
import { SAME_FRAME_US } from "./lookback";
import type { Place } from "./pointer";

const LEAST_STEP = 0.004;
const MOST_POINTS = 200;

/** Collects a stroke while it is drawn. */
export class Pen {
  private points: Place[] = [];

  constructor(readonly shape: StrokeShape) {}

  /** Add a place; moves too small to be seen are left out, and a stroke that grows too long ends where it is. */
  move(place: Place): void {
    const last = this.points.at(-1);
    if (last !== undefined && Math.hypot(place.x - last.x, place.y - last.y) < LEAST_STEP) return;
    if (this.shape === "arrow" && this.points.length >= 2) this.points.pop();
    if (this.points.length < MOST_POINTS) this.points.push(place);
  }

  /** What is to be sent; `null` while there is nothing to be seen. */
  get drawn(): [number, number][] | null {
    if (this.points.length < 2) return null;
    return this.points.map(({ x, y }) => [rounded(x), rounded(y)]);
  }
}

/** The strokes that belong to a frame, and to no other. */
export function strokesOn(strokes: Iterable<Stroke>, capture_us: number | null): Stroke[] {
  if (capture_us === null) return [];
  return [...strokes].filter((stroke) => Math.abs(stroke.capture_us - capture_us) <= SAME_FRAME_US);
}

/** An SVG path of a stroke in a picture of this size. */
export function pathOf(shape: StrokeShape, points: readonly (readonly number[])[], width: number, height: number): string {
  const at = points.map(([x, y]) => [x! * width, y! * height] as const);
  const [first, last] = [at[0], at.at(-1)];
  if (first === undefined || last === undefined) return "";
  const line = `M${at.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;
  return shape === "arrow" ? `${line}${head(first, last, width / 28)}` : line;
}

/** The two lines of an arrow's head, at its tip. */
function head(from: readonly [number, number], tip: readonly [number, number], length: number): string {
  const angle = Math.atan2(tip[1] - from[1], tip[0] - from[0]);
  const side = (turn: number) => {
    const x = tip[0] - length * Math.cos(angle + turn);
    const y = tip[1] - length * Math.sin(angle + turn);
    return `M${tip[0].toFixed(1)} ${tip[1].toFixed(1)}L${x.toFixed(1)} ${y.toFixed(1)}`;
  };
  return side(0.5) + side(-0.5);
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
