/** What the page and the drawing worker say to each other. */

import type { Piece } from "./calipers";
import type { FilterSetting } from "./filters";
import type { Contrast } from "./inks";
import type { Arrangement, LeadOrder } from "./layouts";
import type { PageSpan } from "./page";
import type { Reach } from "./reach";
import type { GainMmMv, SpeedMmS } from "./sheet";
import type { Electrode, Meta } from "./wire";

export const MOTIONS = ["sweep", "scroll"] as const;
/** How live traces move: the pen runs over paper that stands, or the paper runs under a pen at its right edge. */
export type Motion = (typeof MOTIONS)[number];

/** How the ECG is to be shown. Lengths in CSS pixels; `scale` = device pixels for each of them. */
export interface Setting {
  arrangement: Arrangement;
  order: LeadOrder;
  motion: Motion;
  speed_mm_s: SpeedMmS;
  gain_mm_mv: GainMmMv;
  half_chest: boolean;
  filters: FilterSetting;
  contrast: Contrast;
  css_px_per_mm: number;
  width_css_px: number;
  height_css_px: number;
  /** Of the small live strip beside a still page. */
  strip_width_css_px: number;
  strip_height_css_px: number;
  scale: number;
}

/** The surfaces drawn on: the paper, the traces above it, and the small strip. */
export interface Canvases {
  paper: OffscreenCanvas;
  traces: OffscreenCanvas;
  strip: OffscreenCanvas;
}

export type ToWorker =
  | { type: "layers"; canvases: Canvases }
  | { type: "setting"; setting: Setting }
  /** A new binding, or none: everything of the one before is emptied. */
  | { type: "bind"; stream_id: number | null }
  | { type: "meta"; stream_id: number; meta: Meta }
  /** An E1 packet that came over the socket. */
  | { type: "packet"; data: ArrayBuffer }
  /** Which sample was taken when the shown ultrasound frame was. */
  | { type: "cursor"; taken_us: number | null }
  /** Let the traces stand still where the pen is; live goes on in the strip. */
  | { type: "freeze" }
  /** Of a still page: end it with the sample before this one. */
  | { type: "turn"; end: number }
  /** Show what is live again. */
  | { type: "live" }
  /** The socket is another one: what was asked for on the one before may never be answered. */
  | { type: "ask_anew" }
  /** One lead's samples taken from one instant to another. */
  | { type: "copy"; id: number; lead: string; from_us: number; to_us: number }
  /** One lead of the still page, as it is drawn; what measuring by hand is held to. */
  | { type: "piece"; id: number; lead: string }
  | { type: "dump"; id: number; first: number; count: number };

/** How the stream stands, four times a second. */
export interface EcgStatus {
  type: "status";
  stream_id: number | null;
  meta: Meta | null;
  /** Index after the newest sample. */
  end: number;
  /** Since a new sample came; `null` before the first. */
  silence_ms: number | null;
  /** When the newest sample was taken, station clock; `null` before the first. */
  newest_taken_us: number | null;
  /** Of the samples that should be here, those that are not. */
  missing: number;
  /** Seconds on the paper in which the source took no samples: nothing of them will come. */
  not_taken_s: number;
  /** How far the pen runs behind. */
  delay_ms: number;
  electrodes_off: Electrode[];
  leads_unusable: string[];
  leads_clipped: string[];
  /** How far each drawn lead reached in the last seconds. */
  reaches: Reach[];
  simulated: boolean;
  not_raw: boolean;
  ended: boolean;
  /** The filters that are applied: those wanted, without what the sample rate does not allow. */
  filters: FilterSetting;
  /** The page that stands still; `null`: what is drawn is live. */
  still: StillStatus | null;
}

/** A still page, and how far it could be turned. */
export interface StillStatus extends PageSpan {
  /** Index after the newest sample there is. */
  newest: number;
  /** Samples of a whole page. */
  page_samples: number;
  /** How far each lead reaches on the page. */
  reaches: Reach[];
  /** When the first and the last sample of the page were taken, and the newest of all; station clock. */
  from_us: number | null;
  to_us: number | null;
  newest_us: number | null;
  /** Samples of the page that have not come. */
  missing: number;
  /** Samples of the page that the source took of no lead: none will come. */
  not_taken: number;
  /** Samples of the page that do not continue the one before them: no time is counted across. */
  seams: number[];
  /** Asked for, and not answered yet. */
  fetching: boolean;
}

/** One frame as it was drawn: which sample was under the pen, when it was taken, when it was drawn. */
export interface Drawn {
  index: number;
  taken_us: number | null;
  /** Microseconds since 1970 on this computer's clock. */
  drawn_us: number;
}

/** The samples in the ring that is drawn from, lead after lead. */
export interface Dump {
  type: "dumped";
  id: number;
  stream_id: number | null;
  leads: string[];
  first: number;
  count: number;
  samples: Int16Array;
  presence: Uint8Array;
  start: number;
  end: number;
  drawn: Drawn[];
}

/** One lead's samples of a stretch of time, as far as they are in the ring. */
export interface LeadCopy {
  first: number;
  values: Int16Array;
  /** When each was taken, microseconds since 1970 on the station clock; not-a-number where it has not come. */
  taken_us: Float64Array;
  /** 1 where the device calls the lead unusable. */
  unusable: Uint8Array;
  rate_hz: number;
  nv_per_lsb: number;
  /** When the newest sample of all was taken. */
  newest_us: number | null;
}

export type FromWorker =
  | EcgStatus
  | Dump
  | { type: "copied"; id: number; copy: LeadCopy | null }
  | { type: "piece"; id: number; piece: Piece | null }
  /** Ask the server for these. */
  | { type: "need"; stream_id: number; first: number; count: number }
  /** The sample under the shown ultrasound frame, when it was taken, and where it stands (CSS pixels). */
  | { type: "cursor"; taken_us: number | null; index: number | null; sample_us: number | null; lines: CursorLine[] };

export interface CursorLine {
  x: number;
  top: number;
  height: number;
}
