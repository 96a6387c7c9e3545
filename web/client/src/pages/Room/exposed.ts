/** What journeys and benchmarks may read of the room, in the demo only: what is really displayed. */

import type { CallView } from "../../call/call";
import type { StatsEntry } from "../../call/quality";
import type { Dump, EcgStatus } from "../../ecg/protocol";
import type { RoomModel } from "./room.svelte";
import type { SeenFrame } from "./scan.svelte";

export interface ExposedRoom {
  consult_id: string;
  call(): CallView & { slots_list: { mid: string; participant_id: string | null; kind: string }[] };
  stats(): Promise<StatsEntry[]>;
  ecgStatus(): EcgStatus | null;
  /** The samples in the ring that is drawn from, lead after lead, and the last drawn frames. */
  dumpEcg(first: number, count: number): Promise<Omit<Dump, "samples" | "presence"> & { samples: number[]; presence: number[] }>;
  /** The last displayed ultrasound frames, oldest first. */
  frames(): SeenFrame[];
  lastFrame(): SeenFrame | null;
  delay(): { fps: number | null; delay_ms: number | null; uncertainty_ms: number | null };
  /** The ECG sample under a displayed frame, and that frame's capture time. */
  underFrame(): { taken_us: number; index: number } | null;
}

declare global {
  interface Window {
    __room?: ExposedRoom;
  }
}

/** Put the room where tests find it; returns the way to take it away. */
export function expose(room: RoomModel): () => void {
  window.__room = {
    consult_id: room.consult_id,
    call: () => ({ ...room.media.view, slots_list: [...room.media.view.slots.values()] }),
    stats: () => room.media.stats(),
    ecgStatus: () => room.ecg.status,
    dumpEcg: async (first, count) => {
      const dump = await room.ecg.dump(first, count);
      return { ...dump, samples: [...dump.samples], presence: [...dump.presence] };
    },
    frames: () => [...room.scan.seen],
    lastFrame: () => room.scan.last,
    delay: () => ({
      fps: room.scan.fps,
      delay_ms: room.scan.delay?.delay_ms ?? null,
      uncertainty_ms: room.scan.delay?.uncertainty_ms ?? null,
    }),
    underFrame: () => room.ecg.under_frame,
  };
  return () => delete window.__room;
}
