/** Who sends pictures on a tape: the station's own program, a browser with a capture card, or a device by a standard door. Pure. */

import type { RoomView, TapeAct } from "../api/types";

export type Sender = "station" | "card" | "device";

/** What each participant of a tape is, as a sender of ultrasound. */
export function sendersOf(acts: readonly TapeAct[]): Map<string, Sender> {
  const senders = new Map<string, Sender>();
  for (const { message } of acts) {
    if (message["type"] !== "room_changed") continue;
    for (const { id, person, door } of (message["room"] as RoomView).participants) {
      senders.set(id, (door ?? null) !== null ? "device" : person.role === "station" ? "station" : "card");
    }
  }
  return senders;
}
