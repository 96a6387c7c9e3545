/** What calipers on an ECG read, in words: the same on the screen and in the report. */

import type { Limbs, Reading } from "../ecg/calipers";
import type { Measured } from "../pages/Room/calipers.svelte";
import { w } from "./index.svelte";

/** II: 812 ms · 74/min · 1.10 mV. */
export function readingText(limbs: Limbs, reading: Reading): string {
  const words = w.room.ecg.calipers;
  const ms = String(Math.round(reading.ms));
  const parts = limbs.kind === "qt" ? [words.qt(ms)] : [words.ms(ms)];
  if (limbs.kind === "qt") parts.push(reading.qtc_ms === null ? words.noRr : words.qtc(String(Math.round(reading.qtc_ms))));
  else if (reading.per_min !== null) parts.push(words.perMin(String(Math.round(reading.per_min))));
  if (limbs.kind === "interval") parts.push(words.mv(hundredths(reading.mv)));
  return `${limbs.lead}: ${parts.join(" · ")}`;
}

export function measuredText(limbs: Limbs, measured: Measured): string {
  return "refused" in measured ? w.room.ecg.calipers.refused[measured.refused] : readingText(limbs, measured.reading);
}

/** Two places, and no minus before nothing. */
function hundredths(value: number): string {
  const text = value.toFixed(2);
  return text === "-0.00" ? "0.00" : text;
}
