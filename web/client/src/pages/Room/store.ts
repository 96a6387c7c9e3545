/** Kept in this tab: who was muted, through a reload. */

export interface Muted {
  microphone_on: boolean;
  camera_on: boolean;
}

const ALL_ON: Muted = { microphone_on: true, camera_on: true };

/** As it was before the page was loaded anew; everything on at first. */
export function keptMute(consult_id: string): Muted {
  try {
    const kept = JSON.parse(sessionStorage.getItem(`cloud-clinic.mute.${consult_id}`) ?? "null") as Muted | null;
    return kept ?? ALL_ON;
  } catch {
    return ALL_ON; // storage may be forbidden
  }
}

export function keepMute(consult_id: string, muted: Muted): void {
  try {
    sessionStorage.setItem(`cloud-clinic.mute.${consult_id}`, JSON.stringify(muted));
  } catch {
    // storage may be forbidden; the choice lasts as long as the page
  }
}

/** Nominal CSS pixels in a millimetre: 96 to the inch. */
export const NOMINAL_PX_PER_MM = 96 / 25.4;

const CARD = "cloud-clinic.card";

/** The capture card a person picked last on this computer; empty: none. */
export function keptCard(): string {
  try {
    return localStorage.getItem(CARD) ?? "";
  } catch {
    return ""; // storage may be forbidden
  }
}

export function keepCard(device_id: string): void {
  try {
    localStorage.setItem(CARD, device_id);
  } catch {
    // storage may be forbidden; it is picked again
  }
}
