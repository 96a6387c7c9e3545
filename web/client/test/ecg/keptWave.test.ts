import { describe, expect, it } from "vitest";
import { absentOf, KeptWave, notTakenOf } from "../../src/ecg/keptWave";
import type { LeadCopy } from "../../src/ecg/protocol";
import { MISSING } from "../../src/ecg/wire";

const STEP_US = 2000;
const AROUND_US = 10 * STEP_US;

/** Samples [from, to) of a stream of 500 a second, each with its index as its value; `absent` have not come. */
function copy(from: number, to: number, absent: (index: number) => boolean = () => false, takenAt = (index: number) => index * STEP_US): LeadCopy {
  const indices = Array.from({ length: to - from }, (_, i) => from + i);
  return {
    first: from,
    values: Int16Array.from(indices),
    taken_us: Float64Array.from(indices, (index) => (absent(index) ? Number.NaN : takenAt(index))),
    unusable: Uint8Array.from(indices, (index) => Number(index === 95)),
    rate_hz: 500,
    nv_per_lsb: 2500,
    newest_us: takenAt(to - 1),
  };
}
function take(kept: KeptWave, from: LeadCopy): void {
  for (const wanted of kept.wanted()) wanted.take(from);
}
const row = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe("the ECG around a picture that stands still", () => {
  it("stays when the ring has forgotten it, for every frame that can be gone back to", () => {
    const kept = new KeptWave(AROUND_US);
    kept.standStill(100 * STEP_US, 140 * STEP_US);
    expect(kept.wanted().map(({ from_us, to_us }) => [from_us, to_us])).toEqual([[90 * STEP_US, 150 * STEP_US]]);
    take(kept, copy(90, 151));
    take(kept, copy(130, 151)); // the ring has run over the rest
    take(kept, { ...copy(0, 0), newest_us: 999_999_999 });
    for (const at of [100, 117, 140]) {
      const piece = kept.pieceAt(at * STEP_US)!;
      expect([piece.values, absentOf(piece), piece.at]).toEqual([row(at - 10, at + 11), 0, 10]);
    }
    expect(kept.pieceAt(100 * STEP_US)!.unusable.indexOf(true)).toBe(5);
  });

  it("tells samples that are missing from those that are on their way, and fills both in", () => {
    const kept = new KeptWave(AROUND_US);
    kept.standStill(100 * STEP_US, 100 * STEP_US);
    expect(kept.pieceAt(100 * STEP_US)).toBeNull();
    take(kept, copy(90, 104, (index) => index >= 95 && index < 98));
    const early = kept.pieceAt(100 * STEP_US)!;
    expect(early.values).toEqual([90, 91, 92, 93, 94, null, null, null, ...row(98, 104), ...row(104, 111).map(() => null)]);
    expect(absentOf(early)).toBe(4); // three missing, and the next one, which is due
    take(kept, copy(90, 111));
    expect(kept.pieceAt(100 * STEP_US)!.values).toEqual(row(90, 111));
  });

  it("leaves a pause of the source as long as it was", () => {
    const kept = new KeptWave(AROUND_US);
    kept.standStill(100 * STEP_US, 100 * STEP_US);
    take(kept, copy(90, 120, undefined, (index) => (index < 96 ? index : index + 4) * STEP_US));
    const piece = kept.pieceAt(100 * STEP_US)!;
    expect(piece.values).toEqual([...row(90, 96), null, null, null, null, ...row(96, 107)]);
  });

  it("counts what the source never took apart from what has not come", () => {
    const kept = new KeptWave(AROUND_US);
    kept.standStill(100 * STEP_US, 100 * STEP_US);
    const copied = copy(90, 111, (index) => index === 92);
    copied.values.fill(MISSING, 4, 7);
    take(kept, copied);
    const piece = kept.pieceAt(100 * STEP_US)!;
    expect([absentOf(piece), notTakenOf(piece)]).toEqual([1, 3]);
  });

  it("is kept for frames others look at, and goes with the binding", () => {
    const kept = new KeptWave(AROUND_US);
    kept.keep(50 * STEP_US);
    take(kept, copy(40, 61));
    expect(kept.pieceAt(50 * STEP_US)!.values).toEqual(row(40, 61));
    expect(kept.pieceAt(51 * STEP_US)).toBeNull();
    for (let at = 0; at < 12; at++) kept.keep((1000 + at) * STEP_US);
    expect(kept.pieceAt(50 * STEP_US)).toBeNull();
    expect(kept.wanted()).toHaveLength(12);
    kept.clear();
    expect(kept.wanted()).toEqual([]);
  });

  it("begins anew with the next still picture", () => {
    const kept = new KeptWave(AROUND_US);
    kept.standStill(100 * STEP_US, 140 * STEP_US);
    take(kept, copy(90, 151));
    kept.standStill(110 * STEP_US, 130 * STEP_US); // another of the same stretch
    expect(kept.pieceAt(100 * STEP_US)).not.toBeNull();
    kept.standStill(100 * STEP_US, 200 * STEP_US);
    expect(kept.pieceAt(100 * STEP_US)).toBeNull();
    kept.standStill(null, null);
    expect(kept.wanted()).toEqual([]);
  });
});
