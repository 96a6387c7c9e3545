/** What journeys and benchmarks may read of the room, in the demo only: what is really displayed. */

import type { CallView } from "../../call/call";
import type { StatsEntry } from "../../call/quality";
import type { Residual } from "../../ecg/residual";
import type { PicturePart } from "../../api/types";
import type { WeakLine } from "../../call/weakLine";
import type { Dump, EcgStatus } from "../../ecg/protocol";
import type { RoomModel } from "./room.svelte";
import type { Pixel } from "../../ultrasound/view";
import type { SeenFrame } from "./scan.svelte";

export interface ExposedScan {
  shown_us: number | null;
  frozen: boolean;
  kept_us: number[];
  still: string;
  still_id: string | null;
  frame_number: number | null;
  captured: { width: number; height: number };
  marks: { id: string; shape: string; points: [number, number][]; text: string; strength: number }[];
  kept_marks: number;
  pointers: number;
  zoom: number;
  laid: { number: number; tool: string; points: Pixel[] }[];
}

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
  /** Which part of the captured picture is shown; null: all of it, as it was captured. */
  part(): PicturePart | null;
  /** What weak lines make this room do without. */
  weakLine(): WeakLine;
  /** The ECG sample under a displayed frame, and that frame's capture time. */
  underFrame(): { taken_us: number; index: number } | null;
  /** Who is in the room. */
  people(): { id: string; name: string }[];
  /** What stands on the stage. */
  scan(): ExposedScan;
  /** How far the sample under each shown frame was taken from it. */
  residual(): Residual | null;
  sound(): { auscultating: boolean; way: string; lowered: boolean };
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
    part: () => room.scan.part,
    weakLine: () => room.weak.line,
    underFrame: () => room.ecg.under_frame,
    people: () => room.participants.map((one) => ({ id: one.id, name: one.person.display_name })),
    scan: () => {
      const { scan } = room;
      const { freezing, marks } = scan;
      return {
        shown_us: scan.shown_us,
        frozen: scan.frozen !== null,
        kept_us: (scan.frozen === null ? scan.lookBack.all : freezing.range).map((one) => one.capture_us),
        still: freezing.still.kind,
        still_id: scan.exact_card?.still_id ?? null,
        frame_number: scan.exact_card?.frame_number ?? null,
        captured: { width: scan.captured.width, height: scan.captured.height },
        marks: marks.shown.map(({ mark, strength }) => ({ id: mark.id, shape: mark.shape, points: mark.points, text: mark.text, strength })),
        kept_marks: marks.kept.size,
        pointers: scan.pointers.size,
        zoom: scan.look.zoom,
        laid: scan.measuring.laid.map(({ number, tool, points }) => ({ number, tool, points: [...points] })),
      };
    },
    residual: () => room.ecg.residual.read(),
    sound: () => ({ auscultating: room.sound.on, way: room.sound.way, lowered: room.sound.lowered }),
  };
  return () => delete window.__room;
}
