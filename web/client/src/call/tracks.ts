/** Figures of every stream that arrives or leaves, from the browser's statistics (W3C webrtc-stats). Pure. */

import type { MediaKind } from "../api/types";
import type { StatsEntry } from "./quality";
import type { Slots } from "./slots";

export interface TrackRow {
  mid: string;
  incoming: boolean;
  kind: MediaKind;
  /** Whose it is; `null`: one's own. */
  participant_id: string | null;
  codec: string | null;
  packets: number | null;
  lost: number | null;
  jitter_ms: number | null;
  kbps: number | null;
  fps: number | null;
  frames: number | null;
  freezes: number | null;
}

/** Rows of every bound slot and of everything sent; `before`: the entries of an earlier look, for rates. */
export function trackRows(
  entries: readonly StatsEntry[],
  before: readonly StatsEntry[],
  slots: Slots,
  published: Record<string, MediaKind>,
): TrackRow[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const earlier = new Map(before.map((entry) => [entry.id, entry]));
  const rows: TrackRow[] = [];
  for (const entry of entries) {
    const mid = typeof entry["mid"] === "string" ? entry["mid"] : "";
    const incoming = entry.type === "inbound-rtp";
    const slot = incoming ? slots.get(mid) : undefined;
    const kind = slot?.kind ?? (entry.type === "outbound-rtp" ? published[mid] : undefined);
    if (kind === undefined || (incoming && slot?.participant_id == null)) continue;
    rows.push(rowOf(entry, earlier.get(entry.id), mid, incoming, kind, slot?.participant_id ?? null, byId));
  }
  return rows.sort((a, b) => Number(b.incoming) - Number(a.incoming) || Number(a.mid) - Number(b.mid));
}

function rowOf(
  entry: StatsEntry,
  before: StatsEntry | undefined,
  mid: string,
  incoming: boolean,
  kind: MediaKind,
  participant_id: string | null,
  byId: ReadonlyMap<string, StatsEntry>,
): TrackRow {
  const bytes = incoming ? "bytesReceived" : "bytesSent";
  const codec = byId.get(String(entry["codecId"] ?? ""))?.["mimeType"];
  const remote = byId.get(String(entry["remoteId"] ?? ""));
  const jitter = number(entry["jitter"] ?? remote?.["jitter"]);
  return {
    mid,
    incoming,
    kind,
    participant_id,
    codec: typeof codec === "string" ? codec.split("/")[1]! : null,
    packets: number(entry[incoming ? "packetsReceived" : "packetsSent"]),
    lost: number(entry["packetsLost"] ?? remote?.["packetsLost"]),
    jitter_ms: jitter === null ? null : 1000 * jitter,
    kbps: rate(entry, before, bytes),
    fps: number(entry["framesPerSecond"]),
    frames: number(entry[incoming ? "framesDecoded" : "framesSent"]),
    freezes: number(entry["freezeCount"]),
  };
}

function rate(entry: StatsEntry, before: StatsEntry | undefined, key: string): number | null {
  const [now, then] = [number(entry[key]), number(before?.[key])];
  const passed_ms = before === undefined ? 0 : entry.timestamp - before.timestamp;
  return now === null || then === null || passed_ms <= 0 ? null : (8 * (now - then)) / passed_ms;
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
