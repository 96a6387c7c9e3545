/** A length of time as it is said: seconds, minutes, from two hours on hours. */

import { w } from "../../words/index.svelte";

export function roughly(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return w.units.seconds(Math.floor(seconds));
  return minutes < 120 ? w.units.minutes(minutes) : w.units.hours(Math.floor(minutes / 60));
}
