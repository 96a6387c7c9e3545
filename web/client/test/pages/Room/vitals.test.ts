import { describe, expect, it } from "vitest";
import type { Reading } from "../../../src/api/types";
import { type Heard, lastKnownOf, laterOf, vitalOf } from "../../../src/pages/Room/vitals";

const NOW = Date.parse("2026-11-23T10:00:00Z");
const reading = (value: number, measured_at: string, more: Partial<Reading> = {}): Reading => ({
  id: "r", resident_id: "p", kind: "pulse_rate", value, source: "typed", measured_at, entered_by: "a", ...more,
});
const show = (stored: Reading[], heard?: Heard, binding: string | null = "b1", now = NOW) =>
  vitalOf("pulse_rate", stored, heard, binding, now, now);

describe("a vital sign", () => {
  it("is the newest of its kind", () => {
    const stored = [reading(70, "2026-11-23T09:50:00Z"), reading(80, "2026-11-23T09:55:00Z"), reading(37, "2026-11-23T09:59:00Z", { kind: "body_temperature" })];
    expect(show(stored)).toMatchObject({ reading: { value: 80 }, state: "stored" });
  });

  it("is greyed beyond its age", () => {
    expect(show([reading(70, "2026-11-23T09:44:00Z")]).state).toBe("old");
  });

  it("becomes a dash when a live one is silent for 3 s, and never falls back to an older number", () => {
    const heard: Heard = { reading: reading(96, "2026-11-23T09:59:58Z", { source: "device" }), binding_id: "b1", heard_ms: NOW };
    const stored = [reading(70, "2026-11-23T09:50:00Z")];
    expect(show(stored, heard, "b1", NOW + 2900)).toMatchObject({ reading: { value: 96 }, state: "live" });
    expect(show(stored, heard, "b1", NOW + 3100)).toMatchObject({ reading: null, state: "silent" });
  });

  it("is not live once the station is away, however young the last number is", () => {
    const heard: Heard = { reading: reading(96, "2026-11-23T09:59:59Z", { source: "device" }), binding_id: "b1", heard_ms: NOW };
    expect(vitalOf("pulse_rate", [], heard, "b1", NOW, NOW, true)).toMatchObject({ reading: null, state: "silent", measured_at: "2026-11-23T09:59:59Z" });
    expect(vitalOf("pulse_rate", [], heard, "b1", NOW, NOW, false).state).toBe("live");
  });

  it("is the later one also where the offsets differ", () => {
    expect(show([reading(70, "2026-11-23T17:30:00+08:00"), reading(80, "2026-11-23T09:50:00Z")]).reading?.value).toBe(80);
  });

  it("is not live when it was measured long ago or lies ahead, however newly it came", () => {
    const came = (measured_at: string): Heard => ({ reading: reading(96, measured_at, { source: "device" }), binding_id: "b1", heard_ms: NOW });
    expect(show([], came("2026-11-23T09:59:49Z"))).toMatchObject({ reading: null, state: "silent" });
    expect(show([], came("2026-11-23T10:01:00Z"))).toMatchObject({ reading: null, state: "silent" });
  });

  it("is not replaced by one that came later and was measured earlier, unless devices are bound anew", () => {
    const newer: Heard = { reading: reading(96, "2026-11-23T09:59:58Z"), binding_id: "b1", heard_ms: NOW };
    const late: Heard = { reading: reading(60, "2026-11-23T09:59:50Z"), binding_id: "b1", heard_ms: NOW + 100 };
    expect(laterOf(newer, late)).toBe(newer);
    expect(laterOf(newer, { ...late, binding_id: "b2" }).reading.value).toBe(60);
    expect(laterOf(undefined, late)).toBe(late);
  });

  it("does not take a live number from the binding before", () => {
    const heard: Heard = { reading: reading(96, "2026-11-23T09:59:58Z"), binding_id: "b0", heard_ms: NOW };
    expect(show([], heard)).toMatchObject({ reading: null, measured_at: null });
  });

  it("is absent, not 0, when nothing was measured", () => {
    expect(show([])).toEqual({ kind: "pulse_rate", reading: null, state: "stored", measured_at: null });
  });

  it("is read out in an emergency as it was last known, however silent or old", () => {
    const heard: Heard = { reading: reading(96, "2026-11-23T09:59:58Z", { source: "device" }), binding_id: "b1", heard_ms: 0 };
    expect(lastKnownOf("pulse_rate", [reading(70, "2026-11-22T08:00:00Z")], heard)?.value).toBe(96);
    expect(lastKnownOf("pulse_rate", [reading(70, "2026-11-22T08:00:00Z")], undefined)?.value).toBe(70);
    expect(lastKnownOf("pulse_rate", [], undefined)).toBeNull();
  });
});
