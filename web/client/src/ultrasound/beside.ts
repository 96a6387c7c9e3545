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
  /** Where what is measured has room, between the words and the small picture; `null`: it takes a row below. */
  work: Box | null;
}

const EDGE_PX = 10;
const LEAST_COLUMN_PX = 132;
const MOST_COLUMN_PX = 320;
/** Three lines of figures in their frame; two in a low box; two plain ones beside a still picture. */
const FIGURES_PX = 78;
const LOW_FIGURES_PX = 60;
const INSET_FIGURES_PX = 44;
/** Of the height: the words above it need the rest. */
const INSET_SHARE = 0.3;
const MOST_INSET_PX = 240;
/** Lower than this the words have no room above the small picture: it stands at their right. */
const LOW_PX = 260;
const LOW_INSET_SHARE = 0.45;
/** The tools to measure with need so much; where there is less beside the picture, a row below it is better. */
const LEAST_WORK = { width: 230, height: 150 };
const MOST_WORK_COLUMN_PX = 420;
/** What a still picture is, in words. */
const WORK_WORDS_PX = 112;
const WORK_INSET_SHARE = 0.2;
const GAP_PX = 6;

/**
 * The places in a box of this size, beside a picture that stands at its right. `work_px`: something is measured on it, and
 * so high is the box if that takes nothing of it; `null`: nothing is.
 */
export function besidePicture(width: number, height: number, picture: Size, still: boolean, work_px: number | null = null): Beside {
  const work = still && work_px !== null ? besideWork(width, work_px, picture) : null;
  if (work !== null) return work;
  const shown = pictureBox({ left: 0, top: 0, width, height }, picture.width, picture.height, 1);
  const free_px = Math.floor(Math.max(LEAST_COLUMN_PX, width - shown.width - 2 * EDGE_PX));
  const column_px = Math.min(MOST_COLUMN_PX, free_px);
  const low = height < LOW_PX;
  if (!still || height === 0) return { column_px, below_px: low ? LOW_FIGURES_PX : FIGURES_PX, low, inset: null, work: null };
  if (low && free_px >= 1.5 * LEAST_COLUMN_PX) return besideWords(free_px, height, picture);
  const size = within(Math.min(column_px, MOST_INSET_PX), height * INSET_SHARE, picture);
  const inset = { left: EDGE_PX, top: height - INSET_FIGURES_PX - size.height, ...size };
  return { column_px, below_px: INSET_FIGURES_PX + size.height + GAP_PX, low, inset, work: null };
}

/** Words, what is measured, the small live picture and its figures, one below the other; `null`: there is not the room. */
function besideWork(width: number, height: number, picture: Size): Beside | null {
  const shown = pictureBox({ left: 0, top: 0, width, height }, picture.width, picture.height, 1);
  const column_px = Math.min(MOST_WORK_COLUMN_PX, Math.floor(width - shown.width - 2 * EDGE_PX));
  const size = within(Math.min(column_px, MOST_INSET_PX), height * WORK_INSET_SHARE, picture);
  const inset = { left: EDGE_PX, top: height - INSET_FIGURES_PX - size.height, ...size };
  const top = EDGE_PX + WORK_WORDS_PX + GAP_PX;
  const work = { left: EDGE_PX, top, width: column_px, height: inset.top - GAP_PX - top };
  if (work.width < LEAST_WORK.width || work.height < LEAST_WORK.height) return null;
  return { column_px, below_px: height - EDGE_PX - WORK_WORDS_PX, low: false, inset, work };
}

function besideWords(free_px: number, height: number, picture: Size): Beside {
  const size = within(Math.min(free_px * LOW_INSET_SHARE, free_px - LEAST_COLUMN_PX - EDGE_PX, MOST_INSET_PX), height - 2 * EDGE_PX, picture);
  const column_px = Math.min(MOST_COLUMN_PX, free_px - size.width - EDGE_PX);
  const inset = { left: 2 * EDGE_PX + column_px, top: EDGE_PX, ...size };
  return { column_px, below_px: INSET_FIGURES_PX, low: true, inset, work: null };
}

function within(width: number, height: number, picture: Size): Size {
  const scale = Math.min(width / picture.width, height / picture.height);
  return { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) };
}
