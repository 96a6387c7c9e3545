import { describe, expect, it } from "vitest";
import { drawnLeads, withDerived } from "../../src/ecg/leads";
import { MISSING } from "../../src/ecg/wire";
import { wave } from "./packets";

const EIGHT = ["I", "II", "V1", "V2", "V3", "V4", "V5", "V6"];
const meta = (leads: string[]) => ({ rate_hz: 500, nv_per_lsb: 2500, leads, filters: null });

describe("leads", () => {
  it("are taken as stored when the source stored twelve", () => {
    const twelve = [...EIGHT, "III", "aVR", "aVL", "aVF"];
    const packet = wave({ leads: twelve.map(() => [1]) });
    expect(withDerived(packet, meta(twelve))).toBe(packet);
  });

  it("are completed by Einthoven and Goldberger when the device gives eight", () => {
    const packet = wave({ leads: [[100], [260], ...EIGHT.slice(2).map(() => [7])] });
    const all = withDerived(packet, meta(EIGHT));
    const value = (lead: string) => all.samples[drawnLeads(meta(EIGHT)).indexOf(lead)];
    expect([value("III"), value("aVR"), value("aVL"), value("aVF"), value("V3")]).toEqual([160, -180, -30, 210, 7]);
  });

  it("are missing and unusable where those they come from are", () => {
    const packet = wave({ leads: [[MISSING], [260], ...EIGHT.slice(2).map(() => [7])], leads_unusable: 1 });
    const all = withDerived(packet, meta(EIGHT));
    expect(all.samples[8]).toBe(MISSING);
    expect(all.leads_unusable).toBe(1 | (0b1111 << 8));
  });
});
