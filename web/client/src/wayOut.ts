/** Which telephone numbers are the way out when the line is lost, and who can tell one that is not known. Pure. */

import type { ConsultCard, Institution } from "./api/types";
import { w } from "./words/index.svelte";

export interface WayOut {
  whose: "station" | "hospital";
  /** As it is read aloud and dialled; `null`: not registered, or not read yet. */
  phone: string | null;
  /** Who can tell it, where it is not known. */
  ask: string;
}

/** The station's number for everybody; the hospital's before it for whoever sits at the station. */
export function wayOutOf(consult: Pick<ConsultCard, "asked_by" | "specialist">, institutions: readonly Institution[], at_station: boolean): WayOut[] {
  const phoneOf = (id: string | undefined) => institutions.find((one) => one.id === id)?.phone.trim() || null;
  const { asked_by, specialist } = consult;
  const station: WayOut = { whose: "station", phone: phoneOf(asked_by.institution_id), ask: at_station ? w.wayOut.administrator : asked_by.display_name };
  if (!at_station || specialist == null) return [station];
  return [{ whose: "hospital", phone: phoneOf(specialist.institution_id), ask: specialist.display_name }, station];
}

/** One of them as a sentence. */
export function wayOutText({ whose, phone, ask }: WayOut): string {
  if (phone !== null) return `${w.wayOut[whose]} ${phone}`;
  return whose === "station" ? w.wayOut.noneOfStation(ask) : w.wayOut.noneOfHospital(ask);
}

/** What can be dialled of a number as it was written down. */
export function dialled(phone: string): string {
  return `tel:${phone.replace(/[^\d+]/g, "")}`;
}
