/**
 * A device profile while a person makes it: shapes and boxes on a captured picture, and how they are moved.
 *
 * It is what is signed (`ultrasound/privacy/profile.py`), before it is signed. Places count in captured pixels,
 * (0, 0) being the middle of the upper left one.
 */

import type { Anchor, Fan, MaskProfile, Point, Polygon, Rectangle, Shape } from "../ultrasound/mask";

/** What a pixel is worth at one depth, and what of the picture tells that the depth is still this one. */
export interface DepthCalibration {
  depth_mm: number;
  mm_per_px_x: number;
  mm_per_px_y: number;
  [what: string]: unknown;
}

export interface EcgOffset {
  picture_late_ms: number;
  uncertainty_ms: number;
}

export interface ProfileDraft extends MaskProfile {
  version: 1;
  source: string;
  /** Where the screen writes its depth. */
  depth_written: Rectangle[];
  known_text: Rectangle[];
  calibrations: DepthCalibration[];
  ecg_offset: EcgOffset | null;
}

/** What of a draft is drawn and moved: shapes that are seen, text that is allowed, black boxes, anchors. */
export type Part = "keep" | "allowed" | "black" | "anchors";
export const PARTS: readonly Part[] = ["keep", "allowed", "black", "anchors"];
export type ShapeKind = Shape["shape"];

/** One thing of a draft. */
export interface Item {
  part: Part;
  at: number;
}

export interface Handle {
  /** Which point of its shape it is, in words of the dictionary; polygons count theirs. */
  name: "apex" | "left" | "right" | "inner" | "outer" | "first" | "last" | "point";
  number: number;
  at: Point;
}

export function emptyDraft(source: string, width: number, height: number, shape: Shape | null = null): ProfileDraft {
  return {
    version: 1,
    source,
    layout: "",
    width_px: width,
    height_px: height,
    keep: shape === null ? [] : [shape],
    black: [],
    allowed: [],
    anchors: [],
    depth_written: [],
    known_text: [],
    calibrations: [],
    ecg_offset: null,
  };
}

/** A new shape in the middle of the picture, to be moved to its place. */
export function newShape(kind: ShapeKind, width: number, height: number): Shape {
  const middle = Math.round(width / 2);
  const reach = Math.round(Math.min(width / 2, height) * 0.9);
  if (kind === "fan") {
    const apex: Point = [middle, Math.round(height * 0.05)];
    const aside = Math.round(reach * Math.SQRT1_2);
    return { shape: "fan", apex, left: [middle - aside, apex[1] + aside], right: [middle + aside, apex[1] + aside], inner_radius_px: Math.round(reach * 0.1), outer_radius_px: reach };
  }
  const box = rectangle(Math.round(width * 0.25), Math.round(height * 0.15), Math.round(width * 0.5), Math.round(height * 0.7));
  if (kind === "rectangle") return box;
  const { left_px: left, top_px: top } = box;
  const [right, bottom] = [left + box.width_px, top + box.height_px];
  return { shape: "polygon", points: [[left, top], [right, top], [right, bottom], [left, bottom]] };
}

/** A new box for text, black or an anchor: about as large as a line of text. */
export function newBox(width: number, height: number): Rectangle {
  const [across, down] = [Math.max(16, Math.round(width / 8)), Math.max(16, Math.round(height / 16))];
  return rectangle(Math.round((width - across) / 2), Math.round((height - down) / 2), across, down);
}

export function rectangle(left_px: number, top_px: number, width_px: number, height_px: number): Rectangle {
  return { shape: "rectangle", left_px, top_px, width_px, height_px };
}

export function shapeOf(draft: ProfileDraft, { part, at }: Item): Shape | undefined {
  return part === "anchors" ? draft.anchors[at]?.place : draft[part][at];
}

/** The draft with another shape in the place of one; `anchor` looks at the picture anew. */
export function withShape(draft: ProfileDraft, { part, at }: Item, shape: Shape, anchor: (place: Rectangle) => Anchor): ProfileDraft {
  if (part === "keep") return { ...draft, keep: put(draft.keep, at, shape) };
  if (shape.shape !== "rectangle") return draft;
  if (part === "anchors") return { ...draft, anchors: put(draft.anchors, at, anchor(shape)) };
  return { ...draft, [part]: put(draft[part], at, shape) };
}

export function withMore(draft: ProfileDraft, part: Part, shape: Shape, anchor: (place: Rectangle) => Anchor): ProfileDraft {
  if (part === "keep") return { ...draft, keep: [...draft.keep, shape] };
  if (shape.shape !== "rectangle") return draft;
  if (part === "anchors") return { ...draft, anchors: [...draft.anchors, anchor(shape)] };
  return { ...draft, [part]: [...draft[part], shape] };
}

export function without(draft: ProfileDraft, { part, at }: Item): ProfileDraft {
  return { ...draft, [part]: draft[part].filter((_, index) => index !== at) };
}

/** The points by which a shape is moved, in the order Tab goes through them. */
export function handlesOf(shape: Shape): Handle[] {
  const handle = (name: Handle["name"], at: Point, number = 0): Handle => ({ name, number, at });
  if (shape.shape === "rectangle") {
    return [handle("first", [shape.left_px, shape.top_px]), handle("last", [shape.left_px + shape.width_px - 1, shape.top_px + shape.height_px - 1])];
  }
  if (shape.shape === "polygon") return shape.points.map((point, k) => handle("point", point, k));
  const { apex, inner_radius_px, outer_radius_px } = shape;
  const down = middleOf(shape);
  return [
    handle("apex", apex),
    handle("left", along(apex, directionOf(apex, shape.left), outer_radius_px)),
    handle("right", along(apex, directionOf(apex, shape.right), outer_radius_px)),
    handle("inner", along(apex, down, inner_radius_px)),
    handle("outer", along(apex, down, outer_radius_px)),
  ];
}

/** The shape with one of its points elsewhere; boxes stay within the picture and at least a pixel large. */
export function movedPoint(shape: Shape, handle: Handle, to: Point, width: number, height: number): Shape {
  if (shape.shape === "rectangle") return movedCorner(shape, handle.name === "first", to, width, height);
  if (shape.shape === "polygon") return { ...shape, points: put(shape.points, handle.number, rounded(to)) };
  const radius = round2(Math.hypot(to[0] - shape.apex[0], to[1] - shape.apex[1]));
  switch (handle.name) {
    case "apex":
      return opens({ ...shape, apex: rounded(to) }, shape);
    case "left":
      return opens({ ...shape, left: rounded(to) }, shape);
    case "right":
      return opens({ ...shape, right: rounded(to) }, shape);
    case "inner":
      return { ...shape, inner_radius_px: Math.min(radius, shape.outer_radius_px - 1) };
    default:
      return { ...shape, outer_radius_px: Math.max(radius, shape.inner_radius_px + 1) };
  }
}

/** The whole shape moved; a box stays in the picture. */
export function movedBy(shape: Shape, right: number, down: number, width: number, height: number): Shape {
  const by = ([x, y]: Point): Point => [round2(x + right), round2(y + down)];
  if (shape.shape === "polygon") return { ...shape, points: shape.points.map(by) };
  if (shape.shape === "fan") return { ...shape, apex: by(shape.apex), left: by(shape.left), right: by(shape.right) };
  return {
    ...shape,
    left_px: clamp(Math.round(shape.left_px + right), 0, width - shape.width_px),
    top_px: clamp(Math.round(shape.top_px + down), 0, height - shape.height_px),
  };
}

/** One more point on the longest side of a polygon. */
export function morePoints(polygon: Polygon): Polygon {
  const { points } = polygon;
  const sides = points.map((point, k) => apart(point, points[(k + 1) % points.length]!));
  const longest = sides.indexOf(Math.max(...sides));
  const [from, to] = [points[longest]!, points[(longest + 1) % points.length]!];
  const between = rounded([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]);
  return { ...polygon, points: [...points.slice(0, longest + 1), between, ...points.slice(longest + 1)] };
}

/** As an SVG path, in captured pixels. */
export function pathOf(shape: Shape): string {
  const at = ([x, y]: Point) => `${x} ${y}`;
  if (shape.shape === "rectangle") {
    const { left_px, top_px, width_px, height_px } = shape;
    return `M ${left_px - 0.5} ${top_px - 0.5} h ${width_px} v ${height_px} h ${-width_px} Z`;
  }
  if (shape.shape === "polygon") return `M ${shape.points.map(at).join(" L ")} Z`;
  const { apex, inner_radius_px: inner, outer_radius_px: outer } = shape;
  const [left, right] = [directionOf(apex, shape.left), directionOf(apex, shape.right)];
  return (
    `M ${at(along(apex, left, inner))} L ${at(along(apex, left, outer))} A ${outer} ${outer} 0 0 0 ${at(along(apex, right, outer))} ` +
    `L ${at(along(apex, right, inner))} A ${inner} ${inner} 0 0 1 ${at(along(apex, left, inner))} Z`
  );
}

/** What keeps a draft from being signed. */
export type Fault = "no_layout" | "nothing_kept" | "no_anchor" | "plain_anchor";

export function faultsOf(draft: ProfileDraft): Fault[] {
  const there: [Fault, boolean][] = [
    ["nothing_kept", draft.keep.length === 0],
    ["no_anchor", draft.allowed.length > 0 && draft.anchors.length === 0],
    ["plain_anchor", draft.anchors.some(({ bits }) => bits === "")],
    ["no_layout", draft.layout.trim() === ""],
  ];
  return there.filter(([, is_there]) => is_there).map(([fault]) => fault);
}

function movedCorner(box: Rectangle, first: boolean, to: Point, width: number, height: number): Rectangle {
  const [right, bottom] = [box.left_px + box.width_px, box.top_px + box.height_px];
  const [x, y] = [Math.round(to[0]), Math.round(to[1])];
  if (first) {
    const [left, top] = [clamp(x, 0, right - 1), clamp(y, 0, bottom - 1)];
    return rectangle(left, top, right - left, bottom - top);
  }
  return rectangle(box.left_px, box.top_px, clamp(x + 1, box.left_px + 1, width) - box.left_px, clamp(y + 1, box.top_px + 1, height) - box.top_px);
}

/** The moved fan if it opens by 0 to 180 degrees from left to right, else the one before. */
function opens(fan: Fan, before: Fan): Fan {
  const [left_x, left_y] = [fan.left[0] - fan.apex[0], fan.left[1] - fan.apex[1]];
  const [right_x, right_y] = [fan.right[0] - fan.apex[0], fan.right[1] - fan.apex[1]];
  return left_x * right_y - left_y * right_x < 0 ? fan : before;
}

function middleOf(fan: Fan): Point {
  const [left, right] = [directionOf(fan.apex, fan.left), directionOf(fan.apex, fan.right)];
  return directionOf([0, 0], [left[0] + right[0], left[1] + right[1]]);
}

function directionOf(from: Point, to: Point): Point {
  const length = apart(from, to) || 1;
  return [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
}

function along([x, y]: Point, [right, down]: Point, by: number): Point {
  return [round2(x + right * by), round2(y + down * by)];
}

/** A copy with another one in a place. */
export function put<One>(all: readonly One[], at: number, other: One): One[] {
  return all.map((one, index) => (index === at ? other : one));
}

const apart = (a: Point, b: Point) => Math.hypot(a[0] - b[0], a[1] - b[1]);
const round2 = (value: number) => Math.round(value * 100) / 100;
const rounded = ([x, y]: Point): Point => [round2(x), round2(y)];
const clamp = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most);
