import { describe, expect, it } from "vitest";
import type { StationCard } from "../../../src/api/types";
import type { EcgStatus } from "../../../src/ecg/protocol";
import { ecgCheck, networkCheck, outcomeOf, ultrasoundCheck } from "../../../src/pages/Room/checks";

const station = (more: Partial<StationCard> = {}) => ({ connected: true, ultrasound: "running", ecg: "running", ...more }) as StationCard;
const leads = (count: number) => Array.from({ length: count }, (_, i) => `L${i}`);
const status = (more: Partial<EcgStatus> = {}) =>
  ({ end: 500, silence_ms: 20, meta: { leads: leads(12) }, electrodes_off: [], leads_unusable: [], ...more }) as unknown as EcgStatus;

describe("the device check", () => {
  it("tells no verdict where there was none", () => {
    expect((["good", "bad", "pending"] as const).map(outcomeOf)).toEqual(["passed", "failed", "skipped"]);
  });

  it("calls the network good only when media is really connected", () => {
    expect([networkCheck({ state: "joining" }, null), networkCheck({ state: "connected" }, null), networkCheck({ state: "reconnecting" }, null)]).toEqual(["pending", "good", "bad"]);
    expect(networkCheck({ state: "joining" }, { code: "not_allowed" })).toBe("bad");
  });

  it("calls the ultrasound good only when frames are shown", () => {
    expect(ultrasoundCheck(false, station(), 30)).toBe("pending");
    expect(ultrasoundCheck(true, station(), null)).toBe("pending");
    expect(ultrasoundCheck(true, station(), 30)).toBe("good");
    expect(ultrasoundCheck(true, station({ ultrasound: "missing" }), null)).toBe("bad");
    expect(ultrasoundCheck(true, station({ connected: false }), 30)).toBe("bad");
  });

  it("calls the ECG good only with fresh samples on every lead", () => {
    expect(ecgCheck(true, station(), status())).toBe("good");
    expect(ecgCheck(true, station(), status({ electrodes_off: ["V2"] }))).toBe("bad");
    expect(ecgCheck(true, station(), status({ silence_ms: 4000 }))).toBe("bad");
    expect(ecgCheck(true, station(), status({ end: 0 }))).toBe("pending");
    expect(ecgCheck(true, station(), status({ meta: { leads: leads(3) } as never }))).toBe("bad");
    expect(ecgCheck(true, station(), null)).toBe("pending");
  });
});
