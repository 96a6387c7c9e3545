import { describe, expect, it } from "vitest";
import { barsFor, NO_FIGURES, QualityMeter, type StatsEntry, wordFor } from "../../src/call/quality";

const pair = (at_ms: number, more: object = {}): StatsEntry => ({
  id: "P", type: "candidate-pair", timestamp: at_ms, nominated: true, state: "succeeded", currentRoundTripTime: 0.048, bytesReceived: 0, bytesSent: 0, ...more,
});
const stream = (received: number, lost: number, more: object = {}): StatsEntry => ({
  id: "S", type: "inbound-rtp", timestamp: 0, kind: "video", packetsReceived: received, packetsLost: lost, freezeCount: 1, ...more,
});

describe("quality figures", () => {
  it("are those since the last look", () => {
    const meter = new QualityMeter();
    meter.read([pair(0), stream(0, 0)]);
    const figures = meter.read([pair(2000, { bytesReceived: 500_000, bytesSent: 250_000 }), stream(990, 10)]);
    expect(figures).toMatchObject({ round_trip_ms: 48, loss_percent: 1, down_mbps: 2, up_mbps: 1, freezes: 1 });
  });

  it("are absent, never 0, where there is nothing to say", () => {
    expect(new QualityMeter().read([])).toEqual(NO_FIGURES);
    const meter = new QualityMeter();
    meter.read([pair(0), stream(5, 0)]);
    expect(meter.read([pair(2000), stream(5, 0)]).loss_percent).toBeNull();
  });

  it("begin anew with a new connection", () => {
    const meter = new QualityMeter();
    meter.read([pair(0, { bytesReceived: 9e6 }), stream(9000, 0)]);
    meter.reset();
    expect(meter.read([pair(10), stream(1, 0)]).down_mbps).toBeNull();
  });

  it("follow the selected pair of the transport", () => {
    const transport = { id: "T", type: "transport", timestamp: 0, selectedCandidatePairId: "Q" };
    const figures = new QualityMeter().read([transport, pair(0), pair(0, { id: "Q", currentRoundTripTime: 0.2 })]);
    expect(figures.round_trip_ms).toBe(200);
  });
});

describe("quality in words", () => {
  it("says good, fair and poor, and unknown without figures", () => {
    const say = (round_trip_ms: number | null, loss_percent: number | null) => wordFor({ ...NO_FIGURES, round_trip_ms, loss_percent });
    expect([say(48, 0.3), say(250, 0), say(40, 2), say(500, 0), say(40, 9), say(null, null)]).toEqual(["good", "fair", "fair", "poor", "poor", "unknown"]);
    expect(barsFor(say(null, null))).toBe(0);
  });
});
