/** The sheet as it is laid out now, from how it is to be shown and which leads there are. */

import { type Contrast, type Inks, INKS } from "./inks";
import { LEADS } from "./layouts";
import type { Motion, Setting } from "./protocol";
import type { View } from "./sheet";

export interface Laid {
  view: View;
  /** Device pixels for each CSS pixel. */
  scale: number;
  motion: Motion;
  inks: Inks;
}

/** Lay the sheet out; as long as the leads are not known, for twelve. */
export function laidOut(setting: Setting, leads: readonly string[] = LEADS): Laid {
  const { arrangement, order, speed_mm_s, gain_mm_mv, half_chest, scale } = setting;
  const view = {
    ...{ arrangement, order, leads, speed_mm_s, gain_mm_mv, half_chest },
    px_per_mm: setting.css_px_per_mm * scale,
    width_px: Math.round(setting.width_css_px * scale),
    height_px: Math.round(setting.height_css_px * scale),
  };
  return { view, scale, motion: setting.motion, inks: inksOf(setting.contrast) };
}

/** The small strip that shows, beside a still page, that live goes on: one lead, too small to be read for heights. */
export function stripLaidOut(setting: Setting, lead: string): Laid {
  const { scale } = setting;
  const view: View = {
    ...{ arrangement: "12x1", order: "standard", leads: [lead], speed_mm_s: 25, gain_mm_mv: 10, half_chest: false },
    px_per_mm: STRIP_CSS_PX_PER_MM * scale,
    width_px: Math.round(setting.strip_width_css_px * scale),
    height_px: Math.round(setting.strip_height_css_px * scale),
  };
  return { view, scale, motion: "sweep", inks: inksOf(setting.contrast) };
}

const STRIP_CSS_PX_PER_MM = 1.4;

function inksOf(contrast: Contrast): Inks {
  return INKS[contrast];
}
