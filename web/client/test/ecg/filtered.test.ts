import { describe, expect, it } from "vitest";
import { FilteredRing } from "../../src/ecg/filtered";
import { DIAGNOSTIC, type FilterSetting, isDiagnostic, isStValid, LeadFilter, possibleAt, sectionsOf } from "../../src/ecg/filters";
import { Ring } from "../../src/ecg/ring";
import { MISSING } from "../../src/ecg/wire";
import { wave } from "./packets";

const RATE_HZ = 500;
const SETTING: FilterSetting = { high_pass_hz: 0.05, low_pass_hz: 40, mains_hz: 50 };
/** Something with a slope, a beat and mains in it. */
const sample = (index: number) => Math.round(300 + index / 20 + 100 * Math.sin((2 * Math.PI * 50 * index) / RATE_HZ) + (index % 400 < 20 ? 900 : 0));
const packet = (first: number, count: number) => wave({ first, leads: [Array.from({ length: count }, (_, i) => sample(first + i)), Array.from({ length: count }, (_, i) => -sample(first + i))] });

/** What one filter makes of samples from the first on; `null` is missing. */
function through(values: (number | null)[], setting = SETTING): number[] {
  const filter = new LeadFilter(sectionsOf(setting, RATE_HZ), RATE_HZ);
  return values.map((value) => Math.fround(filter.next(value === null ? Number.NaN : value * 2.5)));
}
const drawn = (shown: FilteredRing, count: number, lead = 0) => Array.from({ length: count }, (_, index) => shown.uv(lead, index));

function filled(setting = SETTING, kept_s = 64): { ring: Ring; shown: FilteredRing } {
  const ring = new Ring(2, RATE_HZ, kept_s);
  return { ring, shown: new FilteredRing(ring, 2500, setting) };
}

describe("the filtered ring", () => {
  it("goes on from frame to frame as if all had been filtered at once", () => {
    const { ring, shown } = filled();
    ring.store(packet(0, 2000));
    for (let end = 0; end <= 2000; end += 37) shown.follow(end);
    shown.follow(2000);
    const whole = through(Array.from({ length: 2000 }, (_, i) => sample(i)));
    expect(drawn(shown, 2000)).toEqual(whole);
    expect(drawn(shown, 2000, 1)).toEqual(whole.map((uv) => 0 - uv));
  });

  it("shows nothing beyond the pen", () => {
    const { ring, shown } = filled();
    ring.store(packet(0, 100));
    shown.follow(60);
    expect([shown.end, shown.uv(0, 59), shown.uv(0, 60)]).toEqual([60, expect.any(Number), Number.NaN]);
  });

  it("ends in the same numbers when a gap is filled late, as if nothing had been missing", () => {
    const { ring, shown } = filled();
    ring.store(packet(0, 700));
    ring.store(packet(1200, 1300));
    shown.follow(2500);
    expect(drawn(shown, 2500)).toEqual(through(Array.from({ length: 2500 }, (_, i) => (i >= 700 && i < 1200 ? null : sample(i)))));
    const missing = packet(700, 500);
    shown.changed(ring.store(missing)!.first);
    ring.store(packet(2500, 100));
    shown.follow(2520); // a frame before the redraw: only on from where it was
    shown.redo(2600);
    expect(drawn(shown, 2600)).toEqual(through(Array.from({ length: 2600 }, (_, i) => sample(i))));
  });

  it("begins earlier when what was before the first samples comes", () => {
    const { ring, shown } = filled();
    ring.store(packet(5000, 500));
    ring.reachBack(0);
    shown.follow(5500);
    shown.changed(ring.store(packet(0, 5000))!.first);
    shown.redo(5500);
    expect(drawn(shown, 5500)).toEqual(through(Array.from({ length: 5500 }, (_, i) => sample(i))));
  });

  it("keeps its state when the ring has run over its own beginning, also for a gap that is filled then", () => {
    const { ring, shown } = filled(SETTING, 4);
    const whole = through(Array.from({ length: 6000 }, (_, i) => sample(i)));
    for (let first = 0; first < 6000; first += 50) {
      if (first === 5500) continue;
      ring.store(packet(first, 50));
      shown.follow(ring.end);
    }
    expect(drawn(shown, 5500).slice(4000)).toEqual(whole.slice(4000, 5500));
    shown.changed(ring.store(packet(5500, 50))!.first);
    shown.redo(6000);
    expect(drawn(shown, 6000).slice(4500)).toEqual(whole.slice(4500));
  });

  it("is another filter's all over once another was chosen", () => {
    const { ring, shown } = filled();
    ring.store(packet(0, 1500));
    shown.follow(1500);
    const monitor: FilterSetting = { high_pass_hz: 0.5, low_pass_hz: null, mains_hz: null };
    shown.use(monitor);
    shown.redo(1500);
    expect(drawn(shown, 1500)).toEqual(through(Array.from({ length: 1500 }, (_, i) => sample(i)), monitor));
  });

  it("begins anew where the source broke off, and makes nothing of a missing sample", () => {
    const { ring, shown } = filled({ ...DIAGNOSTIC, low_pass_hz: null });
    ring.store(wave({ first: 0, leads: [[5, 5, MISSING, 5, 400, 400], [0, 0, 0, 0, 0, 0]], breaks: [4] }));
    shown.follow(6);
    const settled = Math.fround(drawn(shown, 6)[4]!);
    expect(drawn(shown, 6).map((uv) => Number.isNaN(uv))).toEqual([false, false, true, false, false, false]);
    expect(Math.abs(settled)).toBeLessThan(1e-3); // as if it had stood there for ever
  });
});

describe("a filter setting", () => {
  it("is diagnostic from 0.05 to 150 Hz, or without filters, and its ST valid below 0.5 Hz", () => {
    expect([DIAGNOSTIC, { ...DIAGNOSTIC, mains_hz: 50 as const }].every(isDiagnostic)).toBe(true);
    for (const high_pass_hz of [0.5, 0.67] as const) expect([isStValid({ ...DIAGNOSTIC, high_pass_hz }), isDiagnostic({ ...DIAGNOSTIC, high_pass_hz })]).toEqual([false, false]);
    for (const low_pass_hz of [100, 40] as const) expect([isStValid({ ...DIAGNOSTIC, low_pass_hz }), isDiagnostic({ ...DIAGNOSTIC, low_pass_hz })]).toEqual([true, false]);
  });

  it("does without what a sample rate does not allow", () => {
    const wanted: FilterSetting = { high_pass_hz: 0.05, low_pass_hz: 150, mains_hz: 60 };
    expect(possibleAt(wanted, 500)).toEqual(wanted);
    expect(possibleAt(wanted, 250)).toEqual({ ...wanted, low_pass_hz: null });
    expect(possibleAt(wanted, 125)).toEqual({ high_pass_hz: 0.05, low_pass_hz: null, mains_hz: null });
    expect(possibleAt({ ...wanted, low_pass_hz: 100 }, 250)).toEqual({ ...wanted, low_pass_hz: 100 });
  });

  it("passes the 300 uV.s pulse as a diagnostic filter must", () => {
    const filter = new LeadFilter(sectionsOf(DIAGNOSTIC, RATE_HZ), RATE_HZ);
    const out = Array.from({ length: 5000 }, (_, i) => filter.next(i >= 500 && i < 550 ? 3000 : 0));
    const after = out.slice(600);
    expect(-Math.min(...after)).toBeGreaterThan(85);
    expect(-Math.min(...after)).toBeLessThanOrEqual(100);
  });
});
