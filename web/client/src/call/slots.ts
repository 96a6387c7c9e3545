/** Which source each m-line of the offer carries at this moment. Pure. */

import type { MediaKind } from "../api/types";

/** What one m-line carries; `participant_id` is `null` when it carries nothing. */
export interface Slot {
  mid: string;
  participant_id: string | null;
  kind: MediaKind;
}

export type Slots = ReadonlyMap<string, Slot>;

export const NO_SLOTS: Slots = new Map();

/** The slots after one changed. */
export function bound(slots: Slots, slot: Slot): Slots {
  return new Map(slots).set(slot.mid, slot);
}

/** The m-line that carries a participant's source, or `null`. */
export function midOf(slots: Slots, participant_id: string, kind: MediaKind): string | null {
  for (const slot of slots.values()) {
    if (slot.participant_id === participant_id && slot.kind === kind) return slot.mid;
  }
  return null;
}

/** The m-lines that carry something of a kind. */
export function carrying(slots: Slots, kind: MediaKind): Slot[] {
  return [...slots.values()].filter((slot) => slot.kind === kind && slot.participant_id !== null);
}

/** Whether anything at all should be arriving. */
export function expectsMedia(slots: Slots): boolean {
  return [...slots.values()].some((slot) => slot.participant_id !== null);
}

/**
 * The m-lines of an offer that will carry the ECG, as far as its msid says so.
 *
 * Known before the first frame, so that the encoded transform stands when it comes.
 */
export function ecgLines(sdp: string): string[] {
  return mediaSections(sdp)
    .filter((section) => /^a=msid:\S*ecg\S*(\s|$)/im.test(section) || /^a=msid:\S+ \S*ecg/im.test(section))
    .map((section) => /^a=mid:(\S+)/m.exec(section)?.[1])
    .filter((mid) => mid !== undefined);
}

function mediaSections(sdp: string): string[] {
  return sdp.split(/^m=/m).slice(1);
}
