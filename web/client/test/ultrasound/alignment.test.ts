import { describe, expect, it } from "vitest";
import { alignmentOf, type Sources } from "../../src/ultrasound/alignment";

const STATION: Sources = { from_card: false, one_clock: true, unstamped: false, publisher: null, station: { offset_us: 0, uncertainty_us: 1500 } };
const CARD: Sources = { ...STATION, from_card: true, publisher: { offset_us: 9_000_000, uncertainty_us: 2500 } };

describe("what is said of ultrasound and ECG", () => {
  it("is one clock only where the station stamps both", () => {
    expect(alignmentOf(STATION)).toEqual({ kind: "one_clock" });
    expect(alignmentOf({ ...STATION, one_clock: false })).toEqual({ kind: "not_aligned" });
    expect(alignmentOf({ ...STATION, unstamped: true })).toEqual({ kind: "not_aligned" });
  });

  it("is the sum of both uncertainties for a capture card, however far the clocks are apart", () => {
    expect(alignmentOf(CARD)).toEqual({ kind: "two_clocks", bound_ms: 4 });
  });

  it("is not aligned while one of the two clocks is unknown", () => {
    expect(alignmentOf({ ...CARD, publisher: null })).toEqual({ kind: "not_aligned" });
    expect(alignmentOf({ ...CARD, station: null })).toEqual({ kind: "not_aligned" });
    expect(alignmentOf({ ...CARD, unstamped: true })).toEqual({ kind: "not_aligned" });
  });
});
