/** Where the words and the small live picture stand: beside the picture, never on it. Pure. */

import { type Box, pictureBox } from "./pointer";

interface Size {
  width: number;
  height: number;
}

export interface Beside {
  /** How wide the column at the left of the picture is. */
  column_px: number;
  /** How much at the foot of the column is taken by the figures and the small live picture. */
  below_px: number;
  /** So low that the figures leave out what is not needed. */
  low: boolean;
  /** The small live picture, while a still one stands large; `null`: there is none. */
  inset: Box | null;
}

const EDGE_PX = 10;
const LEAST_COLUMN_PX = 132;
const MOST_COLUMN_PX = 320;
/** Three lines of figures in their frame; two in a low box; two plain ones beside a still picture. */
const FIGURES_PX = 78;
const LOW_FIGURES_PX = 60;
const INSET_FIGURES_PX = 44;
/** Of the height: the words above it need the rest. */
const INSET_SHARE = 0.34;
const MOST_INSET_PX = 240;
/** Lower than this the words have no room above the small picture: it stands at their right. */
const LOW_PX = 260;
const LOW_INSET_SHARE = 0.45;

/** The places in a box of this size, beside a picture that stands at its right. */
export function besidePicture(width: number, height: number, picture: Size, still: boolean): Beside {
  const shown = pictureBox({ left: 0, top: 0, width, height }, picture.width, picture.height, 1);
  const free_px = Math.floor(Math.max(LEAST_COLUMN_PX, width - shown.width - 2 * EDGE_PX));
  const column_px = Math.min(MOST_COLUMN_PX, free_px);
  const low = height < LOW_PX;
  if (!still || height === 0) return { column_px, below_px: low ? LOW_FIGURES_PX : FIGURES_PX, low, inset: null };
  if (low && free_px >= 1.5 * LEAST_COLUMN_PX) return besideWords(free_px, height, picture);
  const size = within(Math.min(column_px, MOST_INSET_PX), height * INSET_SHARE, picture);
  const inset = { left: EDGE_PX, top: height - INSET_FIGURES_PX - size.height, ...size };
  return { column_px, below_px: INSET_FIGURES_PX + size.height + 6, low, inset };
}

function besideWords(free_px: number, height: number, picture: Size): Beside {
  const size = within(Math.min(free_px * LOW_INSET_SHARE, free_px - LEAST_COLUMN_PX - EDGE_PX, MOST_INSET_PX), height - 2 * EDGE_PX, picture);
  const column_px = Math.min(MOST_COLUMN_PX, free_px - size.width - EDGE_PX);
  const inset = { left: 2 * EDGE_PX + column_px, top: EDGE_PX, ...size };
  return { column_px, below_px: INSET_FIGURES_PX, low: true, inset };
}

function within(width: number, height: number, picture: Size): Size {
  const scale = Math.min(width / picture.width, height / picture.height);
  return { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) };
}
