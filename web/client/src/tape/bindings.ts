/** Which station's binding ran at which moment of a tape: its ECG, its clock and its pictures are those of that moment. Pure. */

import type { RoomView, TapeAct } from "../api/types";

/** A binding, from a moment on up to another, on the tape's timeline. */
export interface Bound {
  binding_id: string;
  from_us: number;
  until_us: number;
}

/**
 * The bindings in their order; at no moment are there two. One whose station sits in the room already when it is first
 * told of ran before the tape began; one that is told of again, as by another recorder, only goes on.
 */
export function bindingsOf(acts: readonly TapeAct[]): Bound[] {
  const found: Bound[] = [];
  let running: Bound | null = null;
  let room: RoomView | null = null;
  const end = (at_us: number) => {
    if (running !== null) running.until_us = at_us;
    running = null;
  };
  for (const { at_us, message } of acts) {
    const binding_id = message["binding_id"] as string;
    if (message["type"] === "room_changed") room = message["room"] as RoomView;
    else if (message["type"] === "binding_ended" && (running as Bound | null)?.binding_id === binding_id) end(at_us);
    else if (message["type"] === "binding_began" && (running as Bound | null)?.binding_id !== binding_id) {
      end(at_us);
      const before = found.length === 0 && sits(room, message["station_id"] as string);
      running = { binding_id, from_us: before ? -Infinity : at_us, until_us: Infinity };
      found.push(running);
    }
  }
  return found;
}

/** The binding that ran at a moment; `null`: none. */
export function boundAt(bindings: readonly Bound[], at_us: number): Bound | null {
  return bindings.find((one) => one.from_us <= at_us && at_us < one.until_us) ?? null;
}

function sits(room: RoomView | null, station_id: string): boolean {
  return room?.participants.some((one) => (one.door ?? null) === null && one.person.id === station_id) ?? false;
}
