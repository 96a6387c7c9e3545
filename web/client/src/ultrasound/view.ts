/**
 * Where a captured pixel stands on the screen, and which pixel stands under a point of the screen. Pure.
 *
 * Pixels count as regions do (DICOM PS3.3 C.8.5.5): (0, 0) is the middle of the upper left pixel, so the
 * picture reaches from -0.5 to its width - 0.5. Points of the screen are the page's (`clientX`, `clientY`).
 * The picture's box lies on whole device pixels: there browsers paint a canvas or a video, and what is drawn
 * over it must not stand half a pixel beside it.
 */

import type { PicturePart } from "../api/types";
import { partBox } from "./part";
import { type Box, pictureBox } from "./pointer";

/** A place on the captured picture, in its pixels. */
export interface Pixel {
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

/** How the picture is looked at: 1 shows it whole; `middle`: the pixel in the middle of the frame. */
export interface Look {
  zoom: number;
  middle: Pixel;
}

/** What of the stage the picture may take, and where it stands in it. */
export interface Stand {
  /** The picture is seen in here only, in page coordinates. */
  frame: Box;
  captured: Size;
  /** Device pixels to a CSS pixel. */
  dpr: number;
  /** In room to spare: 0 at the left, 0.5 in the middle, 1 at the right (`object-position`). */
  across: number;
}

export const MOST_ZOOM = 16;
/** From here on single pixels are seen: smoothing them would show what was not captured. */
export const PIXELATED_FROM = 4;

export function wholePicture(captured: Size): Look {
  return { zoom: 1, middle: { x: (captured.width - 1) / 2, y: (captured.height - 1) / 2 } };
}

/** Where the whole captured picture stands in page coordinates; zoomed, it reaches beyond the frame. */
export function pictureAt(stand: Stand, look: Look): Box {
  const { frame, captured } = stand;
  const fit = pictureBox(frame, captured.width, captured.height, stand.across);
  const width = fit.width * look.zoom;
  const height = fit.height * look.zoom;
  const left = along(frame.left, frame.width, width, fit.left, (look.middle.x + 0.5) / captured.width);
  const top = along(frame.top, frame.height, height, fit.top, (look.middle.y + 0.5) / captured.height);
  return snapped({ left, top, width, height }, stand.dpr);
}

/** One axis: no edge of a picture that is larger than the frame comes into it. */
function along(from: number, room: number, length: number, fit: number, share: number): number {
  if (length <= room) return Math.min(Math.max(fit, from), from + room - length);
  const wanted = from + room / 2 - share * length;
  return Math.min(from, Math.max(from + room - length, wanted));
}

/** A box whose edges lie on device pixels; never thinner than one. */
export function snapped(box: Box, dpr: number): Box {
  const snap = (at: number) => Math.round(at * dpr) / dpr;
  const [left, top] = [snap(box.left), snap(box.top)];
  const width = Math.max(snap(box.left + box.width) - left, 1 / dpr);
  const height = Math.max(snap(box.top + box.height) - top, 1 / dpr);
  return { left, top, width, height };
}

/** Where a part of the captured picture stands, on the same device pixels as the picture around it. */
export function partAt(picture: Box, part: PicturePart, dpr: number): Box {
  return snapped(partBox(picture, part), dpr);
}

/** The point of the page where a captured pixel's place is seen. */
export function toPage(at: Pixel, picture: Box, captured: Size): Pixel {
  return {
    x: picture.left + ((at.x + 0.5) * picture.width) / captured.width,
    y: picture.top + ((at.y + 0.5) * picture.height) / captured.height,
  };
}

/** The captured pixel's place under a point of the page, also outside the picture. */
export function toPixel(page: Pixel, picture: Box, captured: Size): Pixel {
  return {
    x: ((page.x - picture.left) * captured.width) / picture.width - 0.5,
    y: ((page.y - picture.top) * captured.height) / picture.height - 0.5,
  };
}

/** Whether a place is on the picture: no further out than the edge of its outermost pixels. */
export function isOn({ x, y }: Pixel, { width, height }: Size): boolean {
  return x >= -0.5 && x <= width - 0.5 && y >= -0.5 && y <= height - 0.5;
}

/** The nearest place on the picture whose pixel exists. */
export function kept({ x, y }: Pixel, { width, height }: Size): Pixel {
  return { x: Math.min(Math.max(x, 0), width - 1), y: Math.min(Math.max(y, 0), height - 1) };
}

/** How many CSS pixels one captured pixel takes. */
export function scaleOf(picture: Box, captured: Size): number {
  return Math.min(picture.width / captured.width, picture.height / captured.height);
}

/** Zoom by a factor so that what is under a point of the page stays there. */
export function zoomedAt(stand: Stand, look: Look, by: number, page: Pixel): Look {
  const zoom = Math.min(MOST_ZOOM, Math.max(1, look.zoom * by));
  const { captured, frame } = stand;
  const held = toPixel(page, pictureAt(stand, look), captured);
  const fit = pictureBox(frame, captured.width, captured.height, stand.across);
  const px = { x: (fit.width * zoom) / captured.width, y: (fit.height * zoom) / captured.height };
  const middle = {
    x: held.x + (frame.left + frame.width / 2 - page.x) / px.x,
    y: held.y + (frame.top + frame.height / 2 - page.y) / px.y,
  };
  return reachable(stand, { zoom, middle });
}

/** Move the picture by so many CSS pixels, as a hand that drags it. */
export function panned(stand: Stand, look: Look, dx: number, dy: number): Look {
  const { captured } = stand;
  const picture = pictureAt(stand, look);
  const middle = {
    x: look.middle.x - (dx * captured.width) / picture.width,
    y: look.middle.y - (dy * captured.height) / picture.height,
  };
  return reachable(stand, { zoom: look.zoom, middle });
}

/** The same look, its middle where the edges let it be: a drag beyond an edge is not to be undone first. */
function reachable(stand: Stand, look: Look): Look {
  const { frame, captured } = stand;
  const picture = pictureAt(stand, look);
  const at = toPixel({ x: frame.left + frame.width / 2, y: frame.top + frame.height / 2 }, picture, captured);
  const whole = wholePicture(captured).middle;
  return {
    zoom: look.zoom,
    middle: {
      x: picture.width > frame.width ? at.x : whole.x,
      y: picture.height > frame.height ? at.y : whole.y,
    },
  };
}
