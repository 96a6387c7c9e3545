/** An age in the reader's language: years, under two years months, under two months days. */

import { ageMonths, ageYears, NONE } from "./format";
import { w } from "./index.svelte";

const DAY_MS = 86_400_000;

export function age(birth_date: string, today: Date = new Date()): string {
  const years = ageYears(birth_date, today);
  if (years === null || years < 0) return NONE;
  if (years >= 2) return w.units.years(years);
  const months = ageMonths(birth_date, today);
  if (months >= 2) return w.units.months(months);
  return w.units.days(Math.floor((today.getTime() - new Date(`${birth_date}T00:00`).getTime()) / DAY_MS));
}
