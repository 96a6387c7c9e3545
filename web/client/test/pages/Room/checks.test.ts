import { describe, expect, it } from "vitest";
import type { StationCard } from "../../../src/api/types";
import type { EcgStatus } from "../../../src/ecg/protocol";
import { ecgCheck, leadStates, networkCheck, outcomeOf, STANDARD_LEADS, ultrasoundCheck } from "../../../src/pages/Room/checks";

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
    expect(ultrasoundCheck(true, station({ picture_troubles: ["no_profile"] }), 30)).toBe("bad"); // black frames are no picture
    expect(ultrasoundCheck(true, station({ picture_troubles: ["unknown_layout"] }), 30)).toBe("good");
  });

  it("calls the ECG good only with fresh samples on every lead", () => {
    expect(ecgCheck(true, station(), status())).toBe("good");
    expect(ecgCheck(true, station(), status({ electrodes_off: ["V2"] }))).toBe("bad");
    expect(ecgCheck(true, station(), status({ silence_ms: 4000 }))).toBe("bad");
    expect(ecgCheck(true, station(), status({ end: 0 }))).toBe("pending");
    expect(ecgCheck(true, station(), status({ meta: { leads: leads(3) } as never }))).toBe("bad");
    expect(ecgCheck(true, station(), null)).toBe("pending");
  });

  it("ticks each of the twelve leads by itself", () => {
    const states = (more: Partial<EcgStatus>, bound = true) =>
      leadStates(bound, status({ meta: { leads: [...STANDARD_LEADS] } as never, ...more })).map(({ state }) => state);
    expect(states({})).toEqual(Array(12).fill("good"));
    expect(states({ electrodes_off: ["V2"] as never, leads_unusable: ["III"] })).toEqual(
      STANDARD_LEADS.map((lead) => ({ V2: "off", III: "unusable" })[lead as string] ?? "good"),
    );
    expect(states({ silence_ms: 4000 })).toEqual(Array(12).fill("pending"));
    expect(states({}, false)).toEqual(Array(12).fill("pending"));
  });

  it("ticks derived leads of a device that gives eight, and says which ones a smaller device has not", () => {
    const of = (given: string[]) => leadStates(true, status({ meta: { leads: given } as never })).filter(({ state }) => state === "absent").map(({ lead }) => lead);
    expect(of(["I", "II", "V1", "V2", "V3", "V4", "V5", "V6"])).toEqual([]);
    expect(of(["I", "II", "III"])).toEqual(["V1", "V2", "V3", "V4", "V5", "V6"]);
  });
});
