import { describe, expect, it } from "vitest";
import { DecodedFrames } from "../../src/call/decoded";
import type { StatsEntry } from "../../src/call/quality";
import { bound, NO_SLOTS } from "../../src/call/slots";

const of = (participant_id: string | null) => bound(NO_SLOTS, { mid: "3", participant_id, kind: "face" });
const face = (framesDecoded: number, packetsReceived = 0): StatsEntry => ({ id: "in3", type: "inbound-rtp", timestamp: 0, mid: "3", framesDecoded, packetsReceived });

describe("decoded frames", () => {
  it("are new when more were decoded, however many packets come", () => {
    const frames = new DecodedFrames();
    frames.read([face(10)], of("a"), 1000);
    expect(frames.read([face(15)], of("a"), 1500).newest_ms.get("3")).toBe(1500);
    const still = frames.read([face(15, 900)], of("a"), 2000);
    expect([still.looked_at_ms, still.newest_ms.get("3")]).toEqual([2000, 1500]);
  });

  it("are of whom the line carries, and of nobody before", () => {
    const frames = new DecodedFrames();
    frames.read([face(10)], of("a"), 1000);
    frames.read([face(15)], of("a"), 1500);
    expect(frames.read([face(15)], of("b"), 2000).newest_ms.size).toBe(0);
    expect(frames.read([face(16)], of("b"), 2500).newest_ms.get("3")).toBe(2500);
    expect(frames.read([face(16)], of(null), 3000).newest_ms.size).toBe(0);
  });

  it("begin anew with a connection", () => {
    const frames = new DecodedFrames();
    frames.read([face(10)], of("a"), 1000);
    frames.read([face(15)], of("a"), 1500);
    frames.reset();
    expect(frames.read([face(3)], of("a"), 2000).newest_ms.size).toBe(0);
  });
});
