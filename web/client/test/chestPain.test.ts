import { describe, expect, it } from "vitest";
import type { ChestPainClock, ChestPainMoment } from "../src/api/types";
import { clockAsSigned, isCorrected, movedSince, running, targeted } from "../src/chestPain";

const AT = Date.parse("2026-11-23T10:46:00Z");
const ago = (minutes: number) => new Date(AT - minutes * 60_000).toISOString();
const TARGETS = [
  { since: "first_contact" as const, until: "first_ecg" as const, minutes: 10, source: "a" },
  { since: "first_ecg" as const, until: "ecg_read" as const, minutes: 10, source: "b" },
];

function clock(times: Partial<Record<ChestPainMoment, number>>): ChestPainClock {
  const known = Object.entries(times) as [ChestPainMoment, number][];
  return { times: known.map(([moment, minutes]) => ({ moment, at: ago(minutes), by_name: "周敏", entered_at: ago(0), study_id: null })), log: [], targets: TARGETS };
}
const told = (of: ChestPainClock, now_ms: number | null) => targeted(of, now_ms).map(({ until, seconds, running: runs, late_s }) => [until, seconds, runs, late_s]);

describe("the chest-pain clock", () => {
  it("counts from onset and from first contact, as far as they are known", () => {
    expect(running(clock({ onset: 180, first_contact: 12 }), AT).map(({ since, seconds }) => [since, seconds])).toEqual([["onset", 10_800], ["first_contact", 720]]);
    expect(running(clock({ first_contact: 12 }), AT)).toHaveLength(1);
    expect(running(clock({ first_ecg: 1 }), AT)).toEqual([]);
  });

  it("runs from first contact to the first ECG, and from there to the reading", () => {
    expect(told(clock({ first_contact: 8 }), AT)).toEqual([["first_ecg", 480, true, null]]);
    expect(told(clock({ first_contact: 8, first_ecg: 2 }), AT)).toEqual([["first_ecg", 360, false, null], ["ecg_read", 120, true, null]]);
    expect(told(clock({ first_contact: 8, first_ecg: 2, ecg_read: 1 }), AT)).toEqual([["first_ecg", 360, false, null], ["ecg_read", 60, false, null]]);
  });

  it("is within a target at exactly its minutes, and late from the next second on", () => {
    expect(told(clock({ first_contact: 10 }), AT)).toEqual([["first_ecg", 600, true, null]]);
    expect(told(clock({ first_contact: 10 }), AT + 1000)).toEqual([["first_ecg", 601, true, 1]]);
    expect(told(clock({ first_contact: 25, first_ecg: 12 }), AT)).toEqual([["first_ecg", 780, false, 180], ["ecg_read", 720, true, 120]]);
  });

  it("runs no more once the consult is over, and shows an order that cannot be as it is", () => {
    expect(told(clock({ first_contact: 8 }), null)).toEqual([]);
    expect(told(clock({ first_contact: 8, first_ecg: 9 }), null)).toEqual([["first_ecg", -60, false, null]]);
  });

  it("knows that something was corrected or taken back", () => {
    const line = { moment: "onset" as const, at: ago(3) as string | null, by_name: "周敏", entered_at: ago(1), reason: "" };
    expect(isCorrected({ ...clock({}), log: [line] })).toBe(false);
    expect(isCorrected({ ...clock({}), log: [line, { ...line, reason: "记错" }] })).toBe(true);
    expect(isCorrected({ ...clock({}), log: [{ ...line, at: null }] })).toBe(true);
  });
});

describe("the clock of a signed opinion", () => {
  const stood = [{ moment: "first_contact" as const, at: ago(25) }, { moment: "first_ecg" as const, at: ago(12) }];

  it("tells the same intervals as when it was signed", () => {
    expect(told(clockAsSigned(stood, TARGETS), null)).toEqual([["first_ecg", 780, false, 180]]);
  });

  it("is another one once a moment was corrected, added or taken back", () => {
    const same = clock({ first_contact: 25, first_ecg: 12 });
    expect(movedSince(stood, same)).toBe(false);
    for (const other of [clock({ first_contact: 26, first_ecg: 12 }), clock({ first_contact: 25, first_ecg: 12, ecg_read: 1 }), clock({ first_contact: 25 }), null]) {
      expect(movedSince(stood, other)).toBe(true);
    }
  });
});
