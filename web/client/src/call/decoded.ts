/** When each incoming m-line last had a new frame decoded, from the browser's statistics (W3C webrtc-stats). Pure. */

import type { StatsEntry } from "./quality";
import type { Slots } from "./slots";

/** What the last look at the statistics says. */
export interface Decoded {
  looked_at_ms: number;
  /** By m-line: the look that found a new frame. An m-line without one has had no frame of whom it carries. */
  newest_ms: ReadonlyMap<string, number>;
}

export const NOTHING_DECODED: Decoded = { looked_at_ms: 0, newest_ms: new Map() };

interface Line {
  participant_id: string;
  frames: number;
  newest_ms: number | null;
}

/** Counts what the decoders have given: packets that arrive and come to no picture are no picture. */
export class DecodedFrames {
  private lines = new Map<string, Line>();

  /** One look at the connection's statistics. */
  read(entries: readonly StatsEntry[], slots: Slots, at_ms: number): Decoded {
    for (const entry of entries) {
      const { mid, framesDecoded: frames } = entry as { mid?: unknown; framesDecoded?: unknown };
      if (entry.type !== "inbound-rtp" || typeof mid !== "string" || typeof frames !== "number") continue;
      const participant_id = slots.get(mid)?.participant_id ?? null;
      if (participant_id === null) this.lines.delete(mid);
      else this.lines.set(mid, next(this.lines.get(mid), participant_id, frames, at_ms));
    }
    const seen = [...this.lines].filter((one): one is [string, Line & { newest_ms: number }] => one[1].newest_ms !== null);
    return { looked_at_ms: at_ms, newest_ms: new Map(seen.map(([mid, line]) => [mid, line.newest_ms])) };
  }

  /** Another connection counts anew. */
  reset(): void {
    this.lines.clear();
  }
}

/** Frames that were decoded before a line carried somebody are not that person's. */
function next(before: Line | undefined, participant_id: string, frames: number, at_ms: number): Line {
  if (before?.participant_id !== participant_id) return { participant_id, frames, newest_ms: null };
  return frames > before.frames ? { participant_id, frames, newest_ms: at_ms } : before;
}
