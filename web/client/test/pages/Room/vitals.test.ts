import { describe, expect, it } from "vitest";
import type { Reading } from "../../../src/api/types";
import { type Heard, vitalOf } from "../../../src/pages/Room/vitals";

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

  it("does not take a live number from the binding before", () => {
    const heard: Heard = { reading: reading(96, "2026-11-23T09:59:58Z"), binding_id: "b0", heard_ms: NOW };
    expect(show([], heard)).toMatchObject({ reading: null, measured_at: null });
  });

  it("is absent, not 0, when nothing was measured", () => {
    expect(show([])).toEqual({ kind: "pulse_rate", reading: null, state: "stored", measured_at: null });
  });
});
