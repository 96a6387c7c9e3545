/** What is said of electrodes that came off. */

import { lossOf, type OffSight } from "../ecg/electrodesOff";
import type { Electrode } from "../ecg/wire";
import { w } from "./index.svelte";

/** Once for whoever does not see the map: which are off, where they belong, what is lost with them; or that all are on. */
export function electrodesSaid({ said: off, all_on }: OffSight): string {
  const { electrodes } = w.room.ecg;
  if (off.length === 0) return all_on ? electrodes.allOn : "";
  const loss = lossOf(off);
  if (loss === "cable") return [electrodes.cable, electrodes.lost.cable].join(w.room.ecg.spoken.between);
  return [...off.map(placed), electrodes.lost[loss]].join(w.room.ecg.spoken.between);
}

/** One that is off, with where it belongs. */
export function placed(electrode: Electrode): string {
  return `${w.room.ecg.off(electrode)}${w.common.colon}${w.ecgQuality.electrode[electrode].place}`;
}
