/** What happened in the room, by the acts of its tape: who was there, where one pointed, what to jump to. Pure. */

import type { ChatLine, GuidingView, RoomView, TapeAct } from "../api/types";
import { SAME_FRAME_US } from "../ultrasound/lookback";
import { type Drawn, marksOn } from "../ultrasound/marks";
import type { Size } from "../ultrasound/view";

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
export type MarkKind = "freeze" | "drawing" | "chat" | "guiding" | "loss" | "path";

/** A pointer that did not move for so long begins a new sweep when it moves again. */
const SWEEP_PAUSE_US = 2_000_000;

/** A mark on one frame of the ultrasound. */
export interface TapedMark extends Drawn {
  id: string;
  participant_id: string;
  capture_us: number;
  text: string;
  /** Older tapes hold places as shares of the picture, 0..1. */
  in: "pixels" | "shares";
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
  let stood_us: number | null = null;
  for (const { at_us, message } of acts) {
    const type = message["type"];
    const stands_us = frozenFrame(message);
    const again = stood_us !== null && stands_us !== null && Math.abs(stands_us - stood_us) <= SAME_FRAME_US;
    if (freezes(message) && !again) marks.push({ at_us, kind: "freeze" });
    if (type === "picture_frozen") stood_us = stands_us;
    else if (drewOn(message) !== null) marks.push({ at_us: drawnAt(drewOn(message)!.capture_us, at_us), kind: "drawing" });
    else if (type === "chat_said") marks.push({ at_us, kind: "chat" });
    else if (type === "guided" && isMark(guidingOf(message))) marks.push({ at_us, kind: "guiding" });
    else if (type === "path_lost") marks.push({ at_us, kind: "path" });
    else if (type === "pointer_moved") {
      if (at_us - pointed_us > SWEEP_PAUSE_US) marks.push({ at_us, kind: "drawing" });
      pointed_us = at_us;
    }
  }
  return marks.sort((a, b) => a.at_us - b.at_us);
}

function guidingOf(message: TapeAct["message"]): GuidingView {
  return message["guiding"] as GuidingView;
}

/** Each asking once; and that turning the scanner was allowed, or ended. */
function isMark(view: GuidingView): boolean {
  return view.state === "asked" || view.remote != null;
}

/** What was asked of the hand at the probe at a moment, as it then stood; of each guide the last, and of the permission to turn the scanner. */
export function guidingAt(acts: readonly TapeAct[], at_us: number): GuidingView[] {
  const found = new Map<string, GuidingView>();
  for (const { at_us: told_us, message } of acts) {
    if (told_us > at_us) break;
    if (message["type"] !== "guided") continue;
    const view = guidingOf(message);
    found.set(view.remote == null ? view.participant_id : "scanner", view);
  }
  return [...found.values()];
}

/** The picture stands still. */
function freezes(message: TapeAct["message"]): boolean {
  if (message["type"] === "picture_frozen") return message["frozen"] !== null;
  return message["type"] === "frame_held" && message["capture_us"] !== null;
}

/** The frame that an act says the room's picture stands at; told again when its exact still is there. */
function frozenFrame(message: TapeAct["message"]): number | null {
  if (message["type"] !== "picture_frozen") return null;
  return (message["frozen"] as { capture_us: number } | null)?.capture_us ?? null;
}

/** The mark that an act tells of; `null`: it tells of none. */
function drewOn(message: TapeAct["message"]): TapedMark | null {
  const type = message["type"];
  if (type === "stroke_drawn") return { ...(message["stroke"] as Omit<TapedMark, "in" | "text">), text: "", in: "shares" };
  return type === "mark_drawn" || type === "mark_passing" ? { ...(message["mark"] as Omit<TapedMark, "in">), in: "pixels" } : null;
}

/** The marks that were made on one frame, whenever that was; what its author took back is none. */
export function marksMadeOn(acts: readonly TapeAct[], capture_us: number | null): TapedMark[] {
  if (capture_us === null) return [];
  const undone = new Set(acts.filter(({ message }) => message["type"] === "mark_undone").map(({ message }) => message["mark_id"]));
  const made = acts.map(({ message }) => drewOn(message)).filter((mark) => mark !== null);
  return marksOn(made, capture_us).filter((mark) => !undone.has(mark.id));
}

/** The same mark in the pixels of a picture of this size. */
export function inPixels(mark: TapedMark, { width, height }: Size): TapedMark {
  if (mark.in === "pixels") return mark;
  return { ...mark, in: "pixels", points: mark.points.map(([x, y]) => [x * width - 0.5, y * height - 0.5] as const) };
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
  const last = acts.findLast((act) => act.at_us <= at_us && (act.message["type"] === "picture_frozen" || act.message["type"] === "frame_held"));
  if (last === undefined || !freezes(last.message)) return null;
  const { message } = last;
  return message["type"] === "frame_held" ? (message["participant_id"] as string) : (message["frozen"] as { by: string }).by;
}
