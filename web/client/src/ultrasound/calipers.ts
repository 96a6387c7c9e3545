/** Calipers on an exact still, in captured pixels: laid by hand, moved by their points. Pure; reckons nothing. */

import type { PictureTool } from "../api/types";
import { MOST_CONTOUR_POINTS } from "./measuring/chamber";
import { kept, type Pixel, type Size } from "./view";

/** What one lays on a plane. */
export const PLANE_TOOLS: readonly PictureTool[] = ["distance", "path", "area", "ellipse_area", "angle"];
/** What one lays for special wants: on a heart's view, on M-mode, on a spectrum. */
export const OTHER_TOOLS = {
  chamber: ["chamber_area"],
  motion: ["interval", "heart_rate", "depth_difference", "slope"],
  flow: ["velocity", "velocity_time_integral", "resistive_index", "pulsatility_index", "pressure_half_time", "acceleration"],
} as const satisfies Record<string, readonly PictureTool[]>;
export const TOOLS: readonly PictureTool[] = [...PLANE_TOOLS, ...Object.values(OTHER_TOOLS).flat()];

/** What else is read off the same points. */
export const ALSO: Partial<Record<PictureTool, readonly PictureTool[]>> = {
  area: ["circumference"],
  ellipse_area: ["ellipse_circumference"],
  chamber_area: ["chamber_length"],
  velocity: ["gradient"],
  velocity_time_integral: ["mean_velocity", "mean_gradient"],
  resistive_index: ["systolic_diastolic_ratio"],
};

/** What a Doppler angle changes. */
const ANGLED: readonly PictureTool[] = ["velocity", "gradient", "acceleration", "velocity_time_integral", "mean_velocity", "mean_gradient"];
export const takesAngle = (tool: PictureTool) => ANGLED.includes(tool);

export interface Calipers {
  tool: PictureTool;
  points: readonly Pixel[];
  /** All its points are laid. */
  done: boolean;
  /** Of the beam to the flow, by hand; without it the file's. */
  angle_deg?: number;
}

/** How the points hang together. */
type Drawing = "point" | "line" | "path" | "trace" | "outline" | "contour" | "ellipse" | "angle" | "columns";

const DRAWN: Record<PictureTool, Drawing> = {
  distance: "line", path: "path", angle: "angle", area: "outline", circumference: "outline",
  ellipse_area: "ellipse", ellipse_circumference: "ellipse",
  interval: "columns", heart_rate: "columns", depth_difference: "line", slope: "line",
  velocity: "point", gradient: "point", acceleration: "line", pressure_half_time: "line",
  velocity_time_integral: "trace", mean_velocity: "trace", mean_gradient: "trace",
  resistive_index: "line", systolic_diastolic_ratio: "line", pulsatility_index: "trace",
  chamber_area: "contour", chamber_length: "contour",
};

/** ellipse: ends of one axis, then of the other; angle: its corner second; those without end take any number. */
const NEEDS: Record<Drawing, number> = { point: 1, line: 2, columns: 2, angle: 3, ellipse: 4, path: Infinity, trace: Infinity, outline: Infinity, contour: Infinity };
const LEAST: Partial<Record<Drawing, number>> = { outline: 3, path: 2, trace: 3, contour: 6 };
const MOST_POINTS = 200;
/** The other axis of an ellipse begins so long, as a share of the first. */
const FIRST_SHARE = 0.6;

/** Begin with the first point; the one that a hand goes on to drag is the last. */
export function begun(tool: PictureTool, at: Pixel): Calipers {
  return DRAWN[tool] === "point" ? { tool, points: [at], done: true } : { tool, points: [at, at], done: false };
}

/** The hand moved: the last point goes with it. */
export function stretched(calipers: Calipers, at: Pixel): Calipers {
  return { ...calipers, points: [...calipers.points.slice(0, -1), at] };
}

/** The hand let go, or pressed again: the point stays, and the next one hangs on the hand if one is missing. */
export function pinned(calipers: Calipers): Calipers {
  const { tool, points } = calipers;
  if (DRAWN[tool] === "ellipse" && points.length === 2) return { ...calipers, points: [...points, ...acrossAxis(points[0]!, points[1]!)], done: true };
  if (points.length >= Math.min(NEEDS[DRAWN[tool]], DRAWN[tool] === "contour" ? MOST_CONTOUR_POINTS : MOST_POINTS)) return { ...calipers, done: true };
  return { ...calipers, points: [...points, points.at(-1)!] };
}

/** How many of its points are laid for good: the next one hangs on the hand. */
export function pinnedCount({ points, done }: Calipers): number {
  return done ? points.length : points.length - 1;
}

/** Whether it goes on until it is ended: a path, a trace, an outline. */
export function isOpenEnded({ tool }: Calipers): boolean {
  return NEEDS[DRAWN[tool]] === Infinity;
}

/** End a path, close an outline: the point that hung on the hand is left out. With too few points: `null`. */
export function ended(calipers: Calipers): Calipers | null {
  if (calipers.done) return calipers;
  const points = calipers.points.slice(0, -1);
  return points.length < (LEAST[DRAWN[calipers.tool]] ?? Infinity) ? null : { ...calipers, points, done: true };
}

/** Where a press ends it: on the first point of an outline, on the last one of a path. */
export function endsAt({ tool, points }: Calipers): Pixel | null {
  const enough = points.length > (LEAST[DRAWN[tool]] ?? Infinity);
  return !enough ? null : (DRAWN[tool] === "outline" ? points[0]! : points.at(-2)!);
}

/** One point put elsewhere on the picture. */
export function withPoint(calipers: Calipers, index: number, at: Pixel, size: Size): Calipers {
  const points = calipers.points.map((one, i) => (i === index ? kept(at, size) : one));
  return { ...calipers, points };
}

/** The point within reach of a place, the nearest of them; `null`: none. */
export function pointAt(calipers: Calipers, at: Pixel, reach_px: number): number | null {
  let best: number | null = null;
  let nearest = reach_px;
  calipers.points.forEach((one, i) => {
    const off = Math.hypot(one.x - at.x, one.y - at.y);
    if (off <= nearest) [best, nearest] = [i, off];
  });
  return best;
}

/** The ends of an axis through the middle of another, at right angles on the screen. */
function acrossAxis(a: Pixel, b: Pixel): Pixel[] {
  const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  const half = { x: ((b.x - a.x) / 2) * FIRST_SHARE, y: ((b.y - a.y) / 2) * FIRST_SHARE };
  return [{ x: middle.x - half.y, y: middle.y + half.x }, { x: middle.x + half.y, y: middle.y - half.x }];
}

/** The lines of calipers, where its pixels are seen; an SVG path. */
export function caliperPath({ tool, points, done }: Calipers, seen: (at: Pixel) => Pixel): string {
  const at = points.map(seen);
  const drawn = DRAWN[tool];
  if (drawn === "ellipse" && at.length === 4) return `${line(at.slice(0, 2))}${line(at.slice(2))}${ellipse(at)}`;
  if (drawn === "point") return at.map(({ x, y }) => `M${n(x - 14)} ${n(y)}H${n(x + 14)}`).join("");
  if (drawn === "columns") return at.map(({ x, y }) => `M${n(x)} ${n(y - 40)}V${n(y + 40)}`).join("") + line(at);
  return line(at) + ((drawn === "outline" || drawn === "contour") && done ? "Z" : "");
}

function line(at: readonly Pixel[]): string {
  return at.length === 0 ? "" : `M${at.map(({ x, y }) => `${n(x)} ${n(y)}`).join("L")}`;
}

const AROUND = 48;

/** The ellipse of two axes that may not stand quite at right angles: their ends are half diameters of it. */
function ellipse(at: readonly Pixel[]): string {
  const middle = { x: at.reduce((sum, one) => sum + one.x, 0) / 4, y: at.reduce((sum, one) => sum + one.y, 0) / 4 };
  const half = (a: Pixel, b: Pixel) => ({ x: (b.x - a.x) / 2, y: (b.y - a.y) / 2 });
  const [one, other] = [half(at[0]!, at[1]!), half(at[2]!, at[3]!)];
  const round = Array.from({ length: AROUND }, (_, k) => {
    const [c, s] = [Math.cos((2 * Math.PI * k) / AROUND), Math.sin((2 * Math.PI * k) / AROUND)];
    return { x: middle.x + one.x * c + other.x * s, y: middle.y + one.y * c + other.y * s };
  });
  return `${line(round)}Z`;
}

function n(value: number): string {
  return value.toFixed(2);
}
