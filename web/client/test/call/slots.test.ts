import { describe, expect, it } from "vitest";
import { bound, carrying, ecgLines, expectsMedia, midOf, NO_SLOTS } from "../../src/call/slots";

describe("slots", () => {
  const filled = bound(bound(NO_SLOTS, { mid: "2", participant_id: "p1", kind: "face" }), { mid: "3", participant_id: "p1", kind: "voice" });

  it("say which m-line carries whose source", () => {
    expect(midOf(filled, "p1", "face")).toBe("2");
    expect(midOf(filled, "p2", "face")).toBeNull();
    expect(carrying(filled, "voice").map((slot) => slot.mid)).toEqual(["3"]);
  });

  it("carry something else after a message, and nothing when it says nobody", () => {
    const moved = bound(filled, { mid: "2", participant_id: "p2", kind: "face" });
    expect(midOf(moved, "p1", "face")).toBeNull();
    expect(midOf(moved, "p2", "face")).toBe("2");
    const empty = bound(bound(filled, { mid: "2", participant_id: null, kind: "face" }), { mid: "3", participant_id: null, kind: "voice" });
    expect(expectsMedia(empty)).toBe(false);
    expect(expectsMedia(filled)).toBe(true);
  });

  it("find the ECG's m-line in an offer that names it", () => {
    const sdp = [
      "v=0",
      "m=audio 9 UDP/TLS/RTP/SAVPF 111",
      "a=mid:4",
      "a=msid:voice-1 voice",
      "m=audio 9 UDP/TLS/RTP/SAVPF 111",
      "a=mid:5",
      "a=msid:ecg ecg",
      "",
    ].join("\r\n");
    expect(ecgLines(sdp)).toEqual(["5"]);
  });
});
