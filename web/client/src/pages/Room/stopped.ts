/** Whether somebody's picture has stopped although it should move. Pure. */

/** Without a new frame for this long it has stopped; a face comes ten times a second and more. */
export const STOPPED_MS = 2000;

export interface Moves {
  /** Since when frames should come; `null`: none should (camera off, line away, faces given up). */
  due_since_ms: number | null;
  /** When the last one was decoded; `null`: none yet. */
  newest_ms: number | null;
  /** The look that says so: looks that come late must stop no picture. */
  looked_at_ms: number;
}

/** When the last frame came, once that is too long ago; `null` while the picture moves, or need not. */
export function stoppedAt({ due_since_ms, newest_ms, looked_at_ms }: Moves): number | null {
  if (due_since_ms === null || newest_ms === null) return null;
  return looked_at_ms - Math.max(newest_ms, due_since_ms) >= STOPPED_MS ? newest_ms : null;
}
