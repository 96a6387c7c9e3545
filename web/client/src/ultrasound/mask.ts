/**
 * What of a captured picture may be seen, pixel for pixel as the station masks it (`ultrasound/privacy/`).
 *
 * For a page that publishes a capture card itself: every frame is drawn, covered, and only then sent. The server
 * hands out profiles a person has signed, and no others. Places count in captured pixels, (0, 0) being the middle
 * of the upper left one. A picture is never mirrored, and what is masked is what was captured: before any crop or
 * reduction. A picture that no profile knows is black outside of the largest known shape, or altogether.
 */

import type { Anchor, Box, DeviceProfile, Fan, Point, Polygon } from "../api/types";

export type { Anchor, Fan, Point, Polygon } from "../api/types";
export type Rectangle = Box;
export type Shape = Fan | Rectangle | Polygon;

/** What masking needs of a device profile. */
export type MaskProfile = Pick<DeviceProfile, "layout" | "width_px" | "height_px" | "keep" | "black" | "allowed" | "anchors">;
/** One that may be masked by, once it is signed; and where text was when it was. */
export type SignedProfile = MaskProfile & Pick<DeviceProfile, "known_text" | "signed_off">;

export type Seen = "by_profile" | "largest_shape" | "nothing";
export type Unsure = "no_profile" | "not_signed_off" | "unknown_size" | "unknown_layout" | "ambiguous_layout";
export type WhenUnsure = "largest_shape" | "nothing";

/** Why what stays stays. `layout` is null unless a profile holds, `unsure` is null when one does. */
export interface Masked {
  seen: Seen;
  layout: string | null;
  unsure: Unsure | null;
}

/** Pixels as a canvas gives them: red, green, blue, opacity. */
export interface Pixels {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

/** Reads a part of the frame that is to be masked, such as `getImageData` of its canvas. */
export type ReadPart = (place: Rectangle) => Pixels;

/** One a pixel, row by row: 1 where it may be seen. */
export type Visible = Uint8Array;

const SIDE = 16;
const LEAST_CONTRAST = 8;
const LARGEST_DIFFERENCE = 32;

interface Layout {
  profile: SignedProfile;
  cover: Cover;
}

/** How one frame is to be covered, and by which profile, if one holds. */
export interface Decided {
  masked: Masked;
  cover: Cover;
  profile: SignedProfile | null;
}

/** What lies outside of the visible pixels, made black. */
export class Cover {
  /** Whether nothing at all may be seen. */
  readonly isBlack: boolean;

  constructor(
    readonly width: number,
    readonly height: number,
    readonly visible: Visible,
  ) {
    this.isBlack = !visible.includes(1);
  }

  /** To be drawn over the frame, pixel on pixel: opaque black where it is hidden, clear elsewhere. */
  image(): Pixels {
    const data = new Uint8ClampedArray(this.visible.length * 4);
    this.visible.forEach((seen, at) => (data[4 * at + 3] = seen ? 0 : 255));
    return { width: this.width, height: this.height, data };
  }

  /** Blacken pixels in place. */
  putOn(picture: Pixels): void {
    if (picture.width !== this.width || picture.height !== this.height) {
      throw new RangeError(`${picture.width}x${picture.height} pixels under a mask of ${this.width}x${this.height}`);
    }
    this.visible.forEach((seen, at) => {
      if (!seen) picture.data.fill(0, 4 * at, 4 * at + 3);
    });
  }
}

/** Masks the pictures of one source by its signed profiles. */
export class Masker {
  private readonly layouts: Layout[];
  private readonly nothingKnown: Unsure;
  private closed: Cover | null = null;

  constructor(
    profiles: readonly SignedProfile[],
    private readonly whenUnsure: WhenUnsure = "largest_shape",
  ) {
    this.layouts = profiles
      .filter((profile) => profile.signed_off !== null)
      .map((profile) => ({ profile, cover: new Cover(profile.width_px, profile.height_px, visibleBy(profile)) }));
    this.nothingKnown = profiles.length > 0 ? "not_signed_off" : "no_profile";
  }

  /** How a frame of this size is to be covered; `read` is asked for the places of anchors alone. */
  decide(width: number, height: number, read: ReadPart): Decided {
    const same = this.ofSize(width, height);
    const holding = same.filter(({ profile }) => profile.anchors.every((anchor) => isThere(anchor, read(anchor.place))));
    const [only] = holding;
    if (only !== undefined && holding.length === 1) {
      const masked: Masked = { seen: "by_profile", layout: only.profile.layout, unsure: null };
      return { masked, cover: only.cover, profile: only.profile };
    }
    const cover = this.closedCover(width, height, same);
    const seen = cover.isBlack ? "nothing" : "largest_shape";
    return { masked: { seen, layout: null, unsure: this.why(same.length > 0, holding.length > 0) }, cover, profile: null };
  }

  private ofSize(width: number, height: number): Layout[] {
    return this.layouts.filter(({ cover }) => cover.width === width && cover.height === height);
  }

  private why(knownSize: boolean, severalHold: boolean): Unsure {
    if (this.layouts.length === 0) return this.nothingKnown;
    if (!knownSize) return "unknown_size";
    return severalHold ? "ambiguous_layout" : "unknown_layout";
  }

  private closedCover(width: number, height: number, same: readonly Layout[]): Cover {
    if (this.closed?.width !== width || this.closed.height !== height) {
      const shown = this.whenUnsure === "nothing" ? [] : same.map(({ profile }) => profile);
      this.closed = new Cover(width, height, largestKept(shown, width, height));
    }
    return this.closed;
  }
}

/** Kept shapes and allowed areas without the black boxes, of the profile's own size. */
export function visibleBy(profile: MaskProfile): Visible {
  const { width_px: width, height_px: height } = profile;
  return litWithout([...profile.keep, ...profile.allowed], profile.black, width, height);
}

/** The largest kept shapes of one size, without the black boxes of any: without allowed areas. */
function largestKept(profiles: readonly MaskProfile[], width: number, height: number): Visible {
  const kept = profiles.map((profile) => litWithout(profile.keep, profile.black, width, height));
  const largest = kept.reduce((a, b) => (count(b) > count(a) ? b : a), new Uint8Array(width * height));
  for (const box of profiles.flatMap((profile) => profile.black)) lightRectangle(largest, box, width, height, 0);
  return largest;
}

function count(visible: Visible): number {
  return visible.reduce((sum, seen) => sum + seen, 0);
}

/** Which pixels of a picture lie in a shape. */
export function lit(shape: Shape, width: number, height: number): Visible {
  return litWithout([shape], [], width, height);
}

function litWithout(shapes: readonly Shape[], black: readonly Rectangle[], width: number, height: number): Visible {
  const visible = new Uint8Array(width * height);
  for (const shape of shapes) light(visible, shape, width, height);
  for (const box of black) lightRectangle(visible, box, width, height, 0);
  return visible;
}

function light(visible: Visible, shape: Shape, width: number, height: number): void {
  if (shape.shape === "rectangle") lightRectangle(visible, shape, width, height, 1);
  else if (shape.shape === "fan") lightFan(visible, shape, width, height);
  else lightPolygon(visible, shape, width, height);
}

/** Set the pixels of a rectangle. */
export function lightRectangle(visible: Visible, box: Rectangle, width: number, height: number, to: 0 | 1): void {
  const left = Math.max(0, box.left_px);
  const right = Math.min(width, box.left_px + box.width_px);
  for (let y = Math.max(0, box.top_px); y < Math.min(height, box.top_px + box.height_px); y++) {
    if (right > left) visible.fill(to, y * width + left, y * width + right);
  }
}

/** Only sums and products are compared, in the same order as in Python: not one pixel differs. */
function lightFan(visible: Visible, fan: Fan, width: number, height: number): void {
  const [apex_x, apex_y] = fan.apex;
  const [left_x, left_y] = [fan.left[0] - apex_x, fan.left[1] - apex_y];
  const [right_x, right_y] = [fan.right[0] - apex_x, fan.right[1] - apex_y];
  const nearest = fan.inner_radius_px * fan.inner_radius_px;
  const farthest = fan.outer_radius_px * fan.outer_radius_px;
  for (let row = 0; row < height; row++) {
    const y = row - apex_y;
    for (let column = 0; column < width; column++) {
      const x = column - apex_x;
      const square = x * x + y * y;
      if (square < nearest || square > farthest) continue;
      if (left_x * y - left_y * x <= 0 && right_x * y - right_y * x >= 0) visible[row * width + column] = 1;
    }
  }
}

/** By the crossings to the right of each pixel (the half-open rule: no corner counts twice). */
function lightPolygon(visible: Visible, polygon: Polygon, width: number, height: number): void {
  const inside = new Uint8Array(width);
  for (let y = 0; y < height; y++) {
    inside.fill(0);
    polygon.points.forEach(([start_x, start_y], k) => {
      const [end_x, end_y] = polygon.points[(k + 1) % polygon.points.length]!;
      if (start_y > y === end_y > y) return;
      const at = ((end_x - start_x) * (y - start_y)) / (end_y - start_y) + start_x;
      for (let x = 0; x < width && x < at; x++) inside[x]! ^= 1;
    });
    for (let x = 0; x < width; x++) if (inside[x]) visible[y * width + x] = 1;
  }
}

/** The anchor of a place as it looks now; `bits` are empty where it is too plain to be recognised. */
export function anchorAt(place: Rectangle, part: Pixels): Anchor {
  if (Math.min(place.width_px, place.height_px) < SIDE) return { place, bits: "" };
  const fields = fieldsOf(part);
  const mean = meanOf(fields);
  if (spreadOf(fields, mean) < 2 * LEAST_CONTRAST) return { place, bits: "" };
  let bits = "";
  for (let at = 0; at < fields.length; at += 4) {
    bits += fields.slice(at, at + 4).reduce((digit, value) => 2 * digit + Number(value > mean), 0).toString(16);
  }
  return { place, bits };
}

function isThere(anchor: Anchor, part: Pixels): boolean {
  const { width_px, height_px } = anchor.place;
  if (part.width !== width_px || part.height !== height_px) return false;
  const fields = fieldsOf(part);
  const mean = meanOf(fields);
  if (!(spreadOf(fields, mean) >= LEAST_CONTRAST)) return false;
  const differing = fields.reduce((sum, value, at) => sum + Number(value > mean !== bitAt(anchor.bits, at)), 0);
  return differing <= LARGEST_DIFFERENCE;
}

const meanOf = (fields: Float64Array) => fields.reduce((sum, value) => sum + value, 0) / fields.length;

function spreadOf(fields: Float64Array, mean: number): number {
  return Math.sqrt(fields.reduce((sum, value) => sum + (value - mean) ** 2, 0) / fields.length);
}

/** Bits come four to a hexadecimal digit, the highest first. */
function bitAt(bits: string, at: number): boolean {
  const digit = Number.parseInt(bits[at >> 2] ?? "", 16);
  return ((digit >> (3 - (at & 3))) & 1) === 1;
}

/** Mean grey of 16 x 16 fields; a pixel that lies in two counts for both by its share. */
function fieldsOf(part: Pixels): Float64Array {
  const sums = new Float64Array(SIDE * SIDE);
  const across = shares(part.width);
  const down = shares(part.height);
  for (let y = 0; y < part.height; y++) {
    for (let x = 0; x < part.width; x++) {
      const at = 4 * (y * part.width + x);
      // As OpenCV makes RGB grey (ITU-R BT.601).
      const grey = 0.299 * part.data[at]! + 0.587 * part.data[at + 1]! + 0.114 * part.data[at + 2]!;
      for (const [row, height] of down[y]!) {
        for (const [column, width] of across[x]!) sums[row * SIDE + column]! += grey * height * width;
      }
    }
  }
  const area = (part.width / SIDE) * (part.height / SIDE);
  return sums.map((sum) => sum / area);
}

/** In which fields each pixel of a side lies, and with how much of itself. */
function shares(length: number): [number, number][][] {
  return Array.from({ length }, (_, pixel) => {
    const first = Math.floor((pixel * SIDE) / length);
    const last = Math.min(SIDE - 1, Math.ceil(((pixel + 1) * SIDE) / length) - 1);
    return Array.from({ length: last - first + 1 }, (_, k): [number, number] => {
      const field = first + k;
      const from = Math.max(pixel, (field * length) / SIDE);
      const to = Math.min(pixel + 1, ((field + 1) * length) / SIDE);
      return [field, to - from];
    });
  });
}
