/**
 * Marks on one ultrasound frame, in its captured pixels: how a hand makes them, how they are drawn, how they
 * fade on a moving picture. Pure.
 */

import { SAME_FRAME_US } from "./lookback";
import type { Pixel } from "./view";

export const MARK_SHAPES = ["arrow", "circle", "freehand", "text", "target"] as const;
export type MarkShape = (typeof MARK_SHAPES)[number];

/** What of a mark is needed to draw it. */
export interface Drawn {
  shape: MarkShape;
  /** arrow: foot and tip; circle: middle and a point of its rim; text and target: one. */
  points: readonly (readonly [x: number, y: number])[];
}

/** Made by one press; the others by a drag. */
export function isPoint(shape: MarkShape): boolean {
  return shape === "text" || shape === "target";
}

/** As finely as pixels are told: a tenth of one can be seen at the largest zoom. */
const PER_PIXEL = 100;
/** Of a free line, in captured pixels. */
const LEAST_STEP = 1.5;
const MOST_POINTS = 200;
/** A press whose hand trembled is no arrow and no circle. */
const LEAST_LENGTH = 4;

/** Collects the places of a mark while it is drawn. */
export class Pen {
  private points: Pixel[] = [];

  constructor(readonly shape: MarkShape) {}

  /** Add a place; of an arrow and a circle the second place moves on, of a target and a text the only one. */
  move(at: Pixel): void {
    if (isPoint(this.shape)) this.points = [at];
    else if (this.shape === "freehand") this.line(at);
    else this.points = [this.points[0] ?? at, ...(this.points.length === 0 ? [] : [at])];
  }

  private line(at: Pixel): void {
    const last = this.points.at(-1);
    if (last !== undefined && Math.hypot(at.x - last.x, at.y - last.y) < LEAST_STEP) return;
    if (this.points.length >= MOST_POINTS) this.points = thinned(this.points);
    this.points.push(at);
  }

  /** What is to be sent; `null` while there is nothing to be seen. */
  get drawn(): [number, number][] | null {
    if (!isPoint(this.shape) && this.reach < LEAST_LENGTH) return null;
    return this.points.length === 0 ? null : this.points.map(({ x, y }) => [rounded(x), rounded(y)]);
  }

  /** How far the line goes from its first place. */
  private get reach(): number {
    const first = this.points[0];
    return first === undefined ? 0 : Math.max(...this.points.map((one) => Math.hypot(one.x - first.x, one.y - first.y)));
  }
}

/** Every other place of a long line: it goes on with half as many, and is not cut off under the hand. */
function thinned(points: readonly Pixel[]): Pixel[] {
  return points.filter((_, i) => i % 2 === 0);
}

function rounded(value: number): number {
  return Math.round(value * PER_PIXEL) / PER_PIXEL;
}

/** The marks that belong to a frame, and to no other. */
export function marksOn<T extends { capture_us: number }>(marks: Iterable<T>, capture_us: number | null): T[] {
  if (capture_us === null) return [];
  return [...marks].filter((mark) => Math.abs(mark.capture_us - capture_us) <= SAME_FRAME_US);
}

/** How long a mark on the moving picture is seen, and how much of that it takes to go. */
export const STAYS_MS = 4000;
export const FADES_MS = 1500;

/** How strongly a mark of this age stands on a moving picture: 1, then less and less; 0: it is gone. */
export function strengthAt(age_ms: number): number {
  return Math.min(1, Math.max(0, (STAYS_MS - age_ms) / FADES_MS));
}

/** A mark's lines on the screen, in CSS pixels, each an SVG path. */
export interface Lines {
  path: string;
  /** Beside this, the name and the words of the mark are written. */
  label: Pixel;
}

const HEAD_PX = 15;
const HEAD_ANGLE = 0.45;
const CROSS_PX = 13;
const CROSS_GAP_PX = 4;
const LABEL_PX = 10;

/** The lines of a mark where its pixels are seen: as thick and its head as long at every zoom. */
export function linesOf({ shape, points }: Drawn, seen: (at: Pixel) => Pixel): Lines | null {
  const at = points.map(([x, y]) => seen({ x, y }));
  const [first, last] = [at[0], at.at(-1)];
  if (first === undefined || last === undefined) return null;
  if (shape === "target") return { path: target(first), label: { x: first.x + CROSS_PX + LABEL_PX / 2, y: first.y + 5 } };
  if (shape === "text") return { path: "", label: first };
  if (shape === "circle") return circle(first, last);
  const label = shape === "arrow" ? beyond(last, first) : { x: last.x + LABEL_PX, y: last.y };
  return { path: line(at) + (shape === "arrow" ? head(first, last) : ""), label };
}

function line(at: readonly Pixel[]): string {
  return `M${at.map(({ x, y }) => `${n(x)} ${n(y)}`).join("L")}`;
}

/** Four strokes around a free middle: what is meant must be seen. */
function target({ x, y }: Pixel): string {
  const far = CROSS_PX;
  const near = CROSS_GAP_PX;
  return `M${n(x - far)} ${n(y)}H${n(x - near)}M${n(x + near)} ${n(y)}H${n(x + far)}M${n(x)} ${n(y - far)}V${n(y - near)}M${n(x)} ${n(y + near)}V${n(y + far)}`;
}

function circle(middle: Pixel, rim: Pixel): Lines {
  const r = Math.hypot(rim.x - middle.x, rim.y - middle.y);
  const path = `M${n(middle.x - r)} ${n(middle.y)}a${n(r)} ${n(r)} 0 1 0 ${n(2 * r)} 0a${n(r)} ${n(r)} 0 1 0 ${n(-2 * r)} 0`;
  return { path, label: { x: middle.x + r * Math.SQRT1_2 + LABEL_PX / 2, y: middle.y - r * Math.SQRT1_2 } };
}

/** The two lines of an arrow's head, at its tip. */
function head(from: Pixel, tip: Pixel): string {
  const angle = Math.atan2(tip.y - from.y, tip.x - from.x);
  const length = Math.min(HEAD_PX, 0.6 * Math.hypot(tip.x - from.x, tip.y - from.y));
  const side = (turn: number) => `M${n(tip.x)} ${n(tip.y)}L${n(tip.x - length * Math.cos(angle + turn))} ${n(tip.y - length * Math.sin(angle + turn))}`;
  return side(HEAD_ANGLE) + side(-HEAD_ANGLE);
}

/** A little further than the end of a line, seen from its other one. */
function beyond(from: Pixel, end: Pixel): Pixel {
  const length = Math.hypot(end.x - from.x, end.y - from.y) || 1;
  return { x: end.x + ((end.x - from.x) / length) * LABEL_PX, y: end.y + ((end.y - from.y) / length) * LABEL_PX };
}

function n(value: number): string {
  return value.toFixed(2);
}
