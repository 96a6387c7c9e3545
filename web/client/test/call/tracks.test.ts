import { expect, it } from "vitest";
import type { StatsEntry } from "../../src/call/quality";
import { bound, NO_SLOTS } from "../../src/call/slots";
import { trackRows } from "../../src/call/tracks";

const SLOTS = bound(bound(NO_SLOTS, { mid: "8", participant_id: "station", kind: "ultrasound" }), { mid: "2", participant_id: null, kind: "voice" });
const inbound = (timestamp: number, bytes: number): StatsEntry => ({
  id: "in8", type: "inbound-rtp", timestamp, mid: "8", codecId: "c", packetsReceived: 10, packetsLost: 1, jitter: 0.002,
  bytesReceived: bytes, framesPerSecond: 30, framesDecoded: 60, freezeCount: 0,
});
const CODEC: StatsEntry = { id: "c", type: "codec", timestamp: 0, mimeType: "video/H264" };
const OUT: StatsEntry = { id: "out0", type: "outbound-rtp", timestamp: 1000, mid: "0", remoteId: "r", packetsSent: 5, bytesSent: 9 };
const REMOTE: StatsEntry = { id: "r", type: "remote-inbound-rtp", timestamp: 1000, packetsLost: 2, jitter: 0.001 };

it("makes a row of each bound slot and of each published stream, with rates since the look before", () => {
  const rows = trackRows([OUT, inbound(2000, 3000), CODEC, REMOTE], [inbound(1000, 1000)], SLOTS, { "0": "voice" });
  expect(rows.map((row) => [row.mid, row.kind, row.incoming, row.participant_id])).toEqual([
    ["8", "ultrasound", true, "station"],
    ["0", "voice", false, null],
  ]);
  expect(rows[0]).toMatchObject({ codec: "H264", packets: 10, lost: 1, jitter_ms: 2, kbps: 16, fps: 30, frames: 60, freezes: 0 });
  expect(rows[1]).toMatchObject({ packets: 5, lost: 2, jitter_ms: 1, kbps: null, fps: null });
});

it("leaves out what carries nobody's source", () => {
  const empty: StatsEntry = { id: "in2", type: "inbound-rtp", timestamp: 0, mid: "2" };
  expect(trackRows([empty], [], SLOTS, {})).toEqual([]);
});
