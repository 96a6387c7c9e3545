/** How a kept ECG is shown before anybody chose otherwise, and the filters to choose from. Pure. */

import { DIAGNOSTIC, type FilterSetting } from "../../ecg/filters";
import type { SheetChoice } from "../../ecg/studySheet";

/** As it would be printed: 25 mm/s, 10 mm/mV. */
export const FIRST_SHEET: SheetChoice = { arrangement: "3x4+1", order: "standard", speed_mm_s: 25, gain_mm_mv: 10, half_chest: false };

export const FILTERS = ["diagnostic", "muscle", "monitor", "raw"] as const;
export type FilterName = (typeof FILTERS)[number];

const BANDS: Record<FilterName, Omit<FilterSetting, "mains_hz">> = {
  diagnostic: { high_pass_hz: DIAGNOSTIC.high_pass_hz, low_pass_hz: DIAGNOSTIC.low_pass_hz },
  muscle: { high_pass_hz: 0.05, low_pass_hz: 40 },
  monitor: { high_pass_hz: 0.5, low_pass_hz: 40 },
  raw: { high_pass_hz: null, low_pass_hz: null },
};

/** The filter of a name, with or without the notch; raw is raw. */
export function filterOf(name: FilterName, notch: boolean): FilterSetting {
  return { ...BANDS[name], mains_hz: notch && name !== "raw" ? 50 : null };
}
