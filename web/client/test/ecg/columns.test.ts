import { describe, expect, it } from "vitest";
import { columnAt, ColumnKind, columnOf } from "../../src/ecg/columns";
import { Ring } from "../../src/ecg/ring";
import { MISSING } from "../../src/ecg/wire";
import { ramp, shownOf, wave } from "./packets";

describe("a column", () => {
  const px = 0.2;
  const made = () => new Ring(1, 500, 4);

  it("holds from least to most of its samples, so that a narrow spike is never lost", () => {
    const ring = made();
    ring.store(wave({ first: 0, leads: [[0, 0, 900, -50, 0, 1, 1, 1, 1, 1]] }));
    expect(columnAt(shownOf(ring), 0, 0, px, 10)).toMatchObject({ kind: ColumnKind.Trace, low: -50, high: 900, first: 0, last: 0 });
    expect(columnAt(shownOf(ring), 0, 1, px, 10)).toMatchObject({ low: 1, high: 1 });
  });

  it("takes every sample into exactly one column", () => {
    const ring = made();
    ring.store(ramp(0, 1000));
    for (const width of [0.2, 0.19, 0.756, 1, 1.7]) {
      let seen = 0;
      for (let column = 0; column <= columnOf(999, width); column++) {
        const found = columnAt(shownOf(ring), 0, column, width, 1000);
        seen += found === null ? 0 : found.high - found.low + 1;
      }
      expect(seen).toBe(1000);
    }
  });

  it("is a gap as soon as one of its samples has not come", () => {
    const ring = made();
    ring.store(ramp(0, 3));
    ring.store(ramp(4, 6));
    expect(columnAt(shownOf(ring), 0, 0, px, 10)?.kind).toBe(ColumnKind.Gap);
    expect(columnAt(shownOf(ring), 0, 1, px, 10)?.kind).toBe(ColumnKind.Trace);
  });

  it("is no gap to wait for where the source itself took no sample", () => {
    const ring = new Ring(2, 500, 4);
    ring.store(wave({ first: 0, leads: [[1, 1, 1, 1, 1], [MISSING, 2, 2, 2, 2]], leads_unusable: 2 }));
    ring.store(wave({ first: 5, leads: [[MISSING, MISSING, 1, 1, 1], [MISSING, MISSING, 1, 1, 1]] }));
    ring.store(wave({ first: 11, leads: [[MISSING, 1, 1, 1], [1, 1, 1, 1]] }));
    expect([0, 1].map((lead) => columnAt(shownOf(ring), lead, 0, px, 5)?.kind)).toEqual([ColumnKind.Trace, ColumnKind.NotTaken]);
    expect(columnAt(shownOf(ring), 0, 1, px, 10)?.kind).toBe(ColumnKind.NotTaken);
    expect(columnAt(shownOf(ring), 0, 2, px, 15)?.kind).toBe(ColumnKind.Gap); // one of its samples may still come
    expect([ring.notTaken(0, 15), ring.missing(0, 15)]).toEqual([2, 1]);
  });

  it("is marked where the device calls the lead unusable", () => {
    const ring = new Ring(2, 500, 4);
    ring.store(wave({ first: 0, leads: [[1, 1, 1, 1, 1], [2, 2, 2, 2, 2]], leads_unusable: 2 }));
    expect(columnAt(shownOf(ring), 0, 0, px, 5)?.kind).toBe(ColumnKind.Trace);
    expect(columnAt(shownOf(ring), 1, 0, px, 5)?.kind).toBe(ColumnKind.Unusable);
  });

  it("shows nothing beyond the pen and nothing before the stream", () => {
    const ring = made();
    ring.store(ramp(500, 10));
    expect(columnAt(shownOf(ring), 0, 100, px, 500)).toBeNull();
    expect(columnAt(shownOf(ring), 0, 90, px, 510)?.kind).toBe(ColumnKind.Blank);
  });

  it("is not joined to the one before across a break of the source", () => {
    const ring = made();
    ring.store(wave({ first: 0, leads: [[1, 1, 1, 1, 1, 9, 9, 9, 9, 9]], breaks: [5] }));
    expect(columnAt(shownOf(ring), 0, 1, px, 10)?.joined).toBe(false);
    expect(columnAt(shownOf(ring), 0, 0, px, 10)?.joined).toBe(true);
  });
});
