/** What happened in the room, by the acts of its tape: who was there, where one pointed, what to jump to. Pure. */

import type { ChatLine, RoomView, TapeAct } from "../api/types";
import { SAME_FRAME_US } from "../ultrasound/lookback";

export interface Pointing {
  participant_id: string;
  x: number;
  y: number;
}

/** A place on the timeline one can jump to. */
export interface Mark {
  at_us: number;
  kind: MarkKind;
}
export type MarkKind = "freeze" | "drawing" | "chat" | "loss" | "path";

/** A pointer that did not move for so long begins a new sweep when it moves again. */
const SWEEP_PAUSE_US = 2_000_000;

/** A drawing on one frame of the ultrasound; points in 0..1 of its width and height. */
export interface TapedStroke {
  id: string;
  participant_id: string;
  shape: string;
  points: [number, number][];
  capture_us: number;
}

/** Where a capture time stands on the tape, by how the clocks stood at a moment; `null`: they were never told. */
export type PlaceOf = (capture_us: number, told_us: number) => number | null;

/**
 * What one can jump to, in order. A drawing is where the frame stands that it was made on. A browser reckons that
 * frame's capture time, the tape holds it as it was stamped: the mark is where the frame is surely shown by both.
 * Of a pointer's many moves each sweep counts once.
 */
export function marksOf(acts: readonly TapeAct[], placeOf: PlaceOf = () => null): Mark[] {
  const marks: Mark[] = [];
  const drawnAt = (capture_us: number, at_us: number) => {
    const place_us = placeOf(capture_us, at_us);
    return place_us === null ? at_us : place_us + SAME_FRAME_US;
  };
  let pointed_us = -Infinity;
  for (const { at_us, message } of acts) {
    const type = message["type"];
    if (freezes(message)) marks.push({ at_us, kind: "freeze" });
    else if (type === "stroke_drawn") marks.push({ at_us: drawnAt(strokeOf(message).capture_us, at_us), kind: "drawing" });
    else if (type === "chat_said") marks.push({ at_us, kind: "chat" });
    else if (type === "path_lost") marks.push({ at_us, kind: "path" });
    else if (type === "pointer_moved") {
      if (at_us - pointed_us > SWEEP_PAUSE_US) marks.push({ at_us, kind: "drawing" });
      pointed_us = at_us;
    }
  }
  return marks.sort((a, b) => a.at_us - b.at_us);
}

/** Somebody looks at a still frame. */
function freezes(message: TapeAct["message"]): boolean {
  return message["type"] === "frame_held" && message["capture_us"] !== null;
}

function strokeOf(message: TapeAct["message"]): TapedStroke {
  return message["stroke"] as TapedStroke;
}

/** The drawings that were made on one frame, whenever that was. */
export function strokesOn(acts: readonly TapeAct[], capture_us: number | null): TapedStroke[] {
  if (capture_us === null) return [];
  const strokes = acts.filter(({ message }) => message["type"] === "stroke_drawn").map(({ message }) => strokeOf(message));
  return strokes.filter((stroke) => Math.abs(stroke.capture_us - capture_us) <= SAME_FRAME_US);
}

/** The next mark of a kind after a moment, or the last before it. */
export function markFrom(marks: readonly Mark[], kind: MarkKind, at_us: number, forward: boolean): number | null {
  const times = marks.filter((mark) => mark.kind === kind).map((mark) => mark.at_us);
  const found = forward ? times.find((time) => time > at_us) : times.findLast((time) => time < at_us);
  return found ?? null;
}

/** Where everybody points at a moment. */
export function pointersAt(acts: readonly TapeAct[], at_us: number): Pointing[] {
  const found = new Map<string, Pointing>();
  for (const act of acts) {
    if (act.at_us > at_us) break;
    if (act.message["type"] !== "pointer_moved") continue;
    const { participant_id, x, y } = act.message as unknown as { participant_id: string; x: number | null; y: number | null };
    if (x === null || y === null) found.delete(participant_id);
    else found.set(participant_id, { participant_id, x, y });
  }
  return [...found.values()];
}

/** The lines written by a moment, oldest first. */
export function chatAt(acts: readonly TapeAct[], at_us: number): ChatLine[] {
  return acts.filter((act) => act.at_us <= at_us && act.message["type"] === "chat_said").map((act) => act.message["line"] as ChatLine);
}

/** The room as it was at a moment; at the first moment when there was none yet. */
export function roomAt(acts: readonly TapeAct[], at_us: number): RoomView | null {
  const rooms = acts.filter((act) => act.message["type"] === "room_changed");
  const found = rooms.findLast((act) => act.at_us <= at_us) ?? rooms[0];
  return found === undefined ? null : (found.message["room"] as RoomView);
}

/** Everyone's name who was ever in the room, by participant. */
export function namesOf(acts: readonly TapeAct[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { message } of acts) {
    if (message["type"] !== "room_changed") continue;
    for (const one of (message["room"] as RoomView).participants) names.set(one.id, one.person.display_name);
  }
  return names;
}

/** Whether the picture was frozen at a moment, by whom. */
export function frozenAt(acts: readonly TapeAct[], at_us: number): string | null {
  const last = acts.findLast((act) => act.at_us <= at_us && act.message["type"] === "frame_held");
  return last !== undefined && freezes(last.message) ? (last.message["participant_id"] as string) : null;
}
