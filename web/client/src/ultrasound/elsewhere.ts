/** What the others look at or drew on that is not the frame shown here. Pure. */

import type { Stroke } from "../api/types";
import { SAME_FRAME_US } from "./lookback";

export interface Elsewhere {
  participant_id: string;
  capture_us: number;
  /** Drawn on; otherwise only looked at. */
  drawn: boolean;
}

export interface Looked {
  /** Oldest first. */
  strokes: Iterable<Stroke>;
  /** Who looks at which still frame; the newest last. */
  held: Iterable<readonly [participant_id: string, capture_us: number]>;
  /** The still frame that is shown here; `null`: the picture moves, and carries no drawing. */
  still_us: number | null;
  /** One's own participant: nobody is told of what he did himself. */
  me: string | null;
  /** Keys of what was put away, by `keysOf`. */
  dismissed: ReadonlySet<string>;
}

/** The newest drawing that is not seen here, or else who looks at another frame. */
export function elsewhereOf({ strokes, held, still_us, me, dismissed }: Looked): Elsewhere | null {
  const isHere = (capture_us: number) => still_us !== null && Math.abs(capture_us - still_us) <= SAME_FRAME_US;
  const told = (participant_id: string, key: string) => participant_id !== me && !dismissed.has(key);
  const stroke = [...strokes].filter((one) => !isHere(one.capture_us) && told(one.participant_id, one.id)).at(-1);
  if (stroke !== undefined) return { participant_id: stroke.participant_id, capture_us: stroke.capture_us, drawn: true };
  const holding = [...held].find(([who, at]) => !isHere(at) && told(who, heldKey(who, at)));
  return holding === undefined ? null : { participant_id: holding[0], capture_us: holding[1], drawn: false };
}

/** The keys of all that is there now: put away, none of it is told again. */
export function keysOf(strokes: Iterable<Stroke>, held: Looked["held"]): string[] {
  return [...[...strokes].map((one) => one.id), ...[...held].map(([who, at]) => heldKey(who, at))];
}

function heldKey(participant_id: string, capture_us: number): string {
  return `${participant_id} ${capture_us}`;
}
