/** The device check's verdicts, from what the room's own media show. Pure. */

import type { CheckOutcome, StationCard } from "../../api/types";
import type { CallView } from "../../call/call";
import { drawnLeads } from "../../ecg/leads";
import { markOf } from "../../ecg/marks";
import type { EcgStatus } from "../../ecg/protocol";
import type { Masked } from "../../ultrasound/mask";

export type CheckState = "good" | "bad" | "pending";

const OUTCOMES: Record<CheckState, CheckOutcome> = { good: "passed", bad: "failed", pending: "skipped" };

/** What is told of a check that a person leaves behind; what had no verdict yet was not tried. */
export function outcomeOf(state: CheckState): CheckOutcome {
  return OUTCOMES[state];
}

const TWELVE = 12;
const FRESH_MS = 3000;

/** The path is good once media is really connected; refused or lost is bad. */
export function networkCheck(view: Pick<CallView, "state">, refused: object | null): CheckState {
  if (refused !== null || view.state === "reconnecting") return "bad";
  return view.state === "connected" ? "good" : "pending";
}

function deviceFault(station: StationCard | null, device: "ultrasound" | "ecg"): boolean {
  return station !== null && (!station.connected || station[device] === "failed" || station[device] === "missing");
}

/** Why nothing of the picture may be seen, whatever comes: nobody has signed what of it may, or a profile is damaged. */
export function hiddenBy(station: StationCard | null): "no_profile" | "profile_broken" | null {
  const troubles = station?.picture_troubles ?? [];
  return (["no_profile", "profile_broken"] as const).find((one) => troubles.includes(one)) ?? null;
}

/** Good once frames are really shown. */
export function ultrasoundCheck(is_bound: boolean, station: StationCard | null, fps: number | null): CheckState {
  if (is_bound && (deviceFault(station, "ultrasound") || hiddenBy(station) !== null)) return "bad";
  return is_bound && fps !== null && fps > 0 ? "good" : "pending";
}

/** A capture card is good once a signed mask fits its picture. */
export function cardCheck(mask: Masked | null): CheckState {
  if (mask === null) return "pending";
  return mask.unsure === null ? "good" : "bad";
}

/** Good once all twelve leads have fresh samples and no electrode is off. */
export function ecgCheck(is_bound: boolean, station: StationCard | null, status: EcgStatus | null): CheckState {
  if (is_bound && deviceFault(station, "ecg")) return "bad";
  if (!is_bound || status === null || status.end === 0 || status.meta === null) return "pending";
  if ((status.silence_ms ?? Infinity) > FRESH_MS) return "bad";
  const loose = status.electrodes_off.length + status.leads_unusable.length > 0;
  const eight = status.meta.leads.length === 8; // the other four are derived
  return loose || (status.meta.leads.length < TWELVE && !eight) ? "bad" : "good";
}

export const STANDARD_LEADS = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"] as const;
export type LeadState = "good" | "off" | "unusable" | "absent" | "pending";

/** Each of the twelve leads by itself: good only while fresh samples come and its electrode holds. */
export function leadStates(is_bound: boolean, status: EcgStatus | null): { lead: string; state: LeadState }[] {
  return STANDARD_LEADS.map((lead) => ({ lead, state: leadState(lead, is_bound, status) }));
}

function leadState(lead: string, is_bound: boolean, status: EcgStatus | null): LeadState {
  if (!is_bound || status === null || status.meta === null || status.end === 0) return "pending";
  if (!drawnLeads(status.meta).includes(lead)) return "absent";
  const mark = markOf(lead, status);
  if (mark !== null) return mark;
  return (status.silence_ms ?? Infinity) > FRESH_MS ? "pending" : "good";
}
