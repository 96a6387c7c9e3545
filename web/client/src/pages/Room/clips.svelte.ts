/** Keeping the last seconds of the ultrasound with the record: asking for them, and what becomes of every clip of the room. */

import { SvelteMap } from "svelte/reactivity";
import { socket } from "../../api/events";
import type { ClipView } from "../../api/types";

/** How many seconds one press keeps. */
export const CLIP_S = 10;
/** How long it is told what became of one. */
const TOLD_MS = 30_000;
/** How long it is told why one cannot be asked for. */
const HINDERED_MS = 8_000;
const MOST_SHOWN = 3;

/** Why nothing can be asked for. */
export type NoClip = "no_ring" | "no_station" | "station_lost" | "over";

/** Where the picture comes from, as far as it decides whether anybody keeps its last seconds. */
export interface ClipSource {
  over: boolean;
  /** A capture card or another device sends the picture: none of them has a ring. */
  elsewhere: boolean;
  bound: boolean;
  station_connected: boolean;
}

export function noClipOf({ over, elsewhere, bound, station_connected }: ClipSource): NoClip | null {
  if (over) return "over";
  if (elsewhere) return "no_ring";
  if (!bound) return "no_station";
  return station_connected ? null : "station_lost";
}

export class ClipModel {
  readonly views = new SvelteMap<string, ClipView>();
  asking = $state(false);
  /** Why the last one was refused. */
  fault = $state.raw<unknown>(null);
  /** Why the last press did nothing. */
  hindered = $state<NoClip | null>(null);
  /** When each one ended before the eyes of this page. */
  private readonly ended_ms = new SvelteMap<string, number>();
  private forgetting: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly consult_id: string) {}

  follow(): () => void {
    const stop = socket.on("clip_changed", ({ consult_id, clip }) => {
      if (consult_id !== this.consult_id) return;
      const before = this.views.get(clip.clip_id);
      // Who enters is told of every clip again; what ended before is no news.
      if (before !== undefined && !isOver(before) && isOver(clip)) this.ended_ms.set(clip.clip_id, Date.now());
      this.views.set(clip.clip_id, clip);
    });
    return () => {
      stop();
      clearTimeout(this.forgetting);
    };
  }

  async take(hindrance: NoClip | null): Promise<void> {
    this.fault = null;
    clearTimeout(this.forgetting);
    this.hindered = hindrance;
    if (hindrance !== null) {
      this.forgetting = setTimeout(() => (this.hindered = null), HINDERED_MS);
      return;
    }
    if (this.asking) return;
    this.asking = true;
    try {
      await socket.command({ type: "take_clip", consult_id: this.consult_id, seconds: CLIP_S });
    } catch (fault) {
      this.fault = fault;
      this.forgetting = setTimeout(() => (this.fault = null), HINDERED_MS);
    }
    this.asking = false;
  }

  /** Those on their way, and those that ended not long ago; the newest last. */
  shown(now_ms: number): ClipView[] {
    const recent = [...this.views.values()].filter((one) => !isOver(one) || now_ms - (this.ended_ms.get(one.clip_id) ?? -Infinity) < TOLD_MS);
    return recent.slice(-MOST_SHOWN);
  }
}

function isOver({ state }: ClipView): boolean {
  return state === "kept" || state === "failed";
}
