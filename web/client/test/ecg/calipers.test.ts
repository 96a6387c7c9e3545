import { describe, expect, test } from "vitest";
import { type Limbs, marchOut, moved, onTrace, type Piece, read, refusal, rrAround, tangentEnd } from "../../src/ecg/calipers";

const RATE_HZ = 500;
const LIMBS: Limbs = { kind: "interval", lead: "II", first: 1000, second: 1400, first_uv: 0, second_uv: 1100, rr: null };

/** Beats of 1 mV every `rr` samples, the first R at 500, each with a T of 300 uV that falls straight to 0. */
function beats(rr = 400, count = 3000, first = 0): Piece {
  const uv = new Float32Array(count);
  const put = (at: number, value: number) => {
    if (at >= 0 && at < count) uv[at] = value;
  };
  for (let r = 500; r < count; r += rr) {
    for (let i = -10; i <= 10; i++) put(r + i, 1000 - 100 * Math.abs(i));
    for (let i = 0; i <= 50; i++) put(r + 100 + i, 6 * i);
    for (let i = 0; i <= 50; i++) put(r + 150 + i, 300 - 6 * i);
  }
  return { first, uv, unusable: new Uint8Array(count), after_break: new Uint8Array(count) };
}

describe("what is read", () => {
  test("time, rate and amplitude of an interval, whichever limb comes first", () => {
    expect(read(LIMBS, RATE_HZ)).toEqual({ ms: 800, per_min: 75, mv: 1.1, qtc_ms: null });
    expect(read({ ...LIMBS, first: 1400, second: 1000 }, RATE_HZ).ms).toBe(800);
  });

  test("no time at all has no rate", () => {
    expect(read({ ...LIMBS, second: 1000 }, RATE_HZ).per_min).toBeNull();
  });

  test("a QT is corrected by Fridericia, and only with an RR", () => {
    const qt: Limbs = { ...LIMBS, kind: "qt", first: 1000, second: 1200, rr: 400 };
    expect(read(qt, RATE_HZ).qtc_ms).toBeCloseTo(400 / Math.cbrt(0.8));
    expect(read({ ...qt, rr: null }, RATE_HZ).qtc_ms).toBeNull();
    expect(read({ ...qt, kind: "interval" }, RATE_HZ).qtc_ms).toBeNull();
  });
});

describe("march out", () => {
  test("the interval recurs to both sides as far as the page goes", () => {
    expect(marchOut({ ...LIMBS, kind: "march_out" }, { from: 100, end: 2300, seams: [] })).toEqual([200, 600, 1800, 2200]);
  });

  test("no further than to where nobody knows how much time has passed", () => {
    const marched = (...seams: number[]) => marchOut({ ...LIMBS, kind: "march_out" }, { from: 100, end: 2300, seams });
    expect(marched(400, 2000)).toEqual([600, 1800]);
    expect(marched(150, 600, 1800, 2200)).toEqual([600]); // the sample at a seam is the first of what follows
    expect(marched(1000)).toEqual([200, 600, 1800, 2200].slice(2));
    expect(marched(1401)).toEqual([200, 600]);
    expect(marched(1001)).toEqual([]);
    expect(marched(1400)).toEqual([]);
  });

  test("nothing recurs without a time, or when it is not asked for", () => {
    expect(marchOut({ ...LIMBS, kind: "march_out", second: 1000 }, { from: 0, end: 3000, seams: [] })).toEqual([]);
    expect(marchOut(LIMBS, { from: 0, end: 3000, seams: [] })).toEqual([]);
  });
});

test("a limb stays on the page", () => {
  expect(moved(LIMBS, "first", -5000, 900, 2000).first).toBe(900);
  expect(moved(LIMBS, "second", 5000, 900, 2000).second).toBe(1999);
  expect(moved(LIMBS, "second", 1, 900, 2000)).toEqual({ ...LIMBS, second: 1401 });
});

describe("what is refused", () => {
  test("a measurement across a gap, off the page, or on an unusable stretch", () => {
    const whole = beats();
    expect(refusal(LIMBS, whole)).toBeNull();
    const torn = beats();
    torn.uv[1200] = Number.NaN;
    expect(refusal(LIMBS, torn)).toBe("gap");
    expect(refusal({ ...LIMBS, first: 1201, second: 1400 }, torn)).toBeNull();
    expect(refusal({ ...LIMBS, second: 3000 }, whole)).toBe("gap");
    const off = beats();
    off.unusable[1400] = 1;
    expect(refusal(LIMBS, off)).toBe("unusable");
  });

  test("a measurement across a place where the source broke off, though no sample is missing", () => {
    const broken = beats();
    broken.after_break[1200] = 1;
    expect(refusal(LIMBS, broken)).toBe("gap");
    expect(refusal({ ...LIMBS, first: 1200 }, broken)).toBeNull();
    expect(refusal({ ...LIMBS, second: 1199 }, broken)).toBeNull();
  });
});

test("limbs are laid on the trace where there is one", () => {
  const piece = beats();
  expect(onTrace({ ...LIMBS, first: 500, second: 650 }, piece)).toMatchObject({ first_uv: 1000, second_uv: 300 });
  piece.uv[650] = Number.NaN;
  expect(onTrace({ ...LIMBS, first: 500, second: 650 }, piece).second_uv).toBe(1100);
});

describe("QT's helps", () => {
  test("the tangent meets the level where T ends", () => {
    expect(tangentEnd(490, beats(), RATE_HZ)).toBeCloseTo(700, -1);
  });

  test("a T that points down has an end too, one that is not there has none", () => {
    const down = beats();
    for (let i = 590; i < 720; i++) down.uv[i] = -down.uv[i]!;
    expect(tangentEnd(490, down, RATE_HZ)).toBeCloseTo(700, -1);
    const none = beats();
    none.uv.fill(0, 590, 720);
    expect(tangentEnd(490, none, RATE_HZ)).toBe("no_t");
    const gone = beats();
    gone.uv.fill(Number.NaN, 480, 720);
    expect(tangentEnd(490, gone, RATE_HZ)).toBe("no_qrs");
  });

  test("no tangent from where no QRS begins: before it, in ST, in T", () => {
    for (const onset of [400, 560, 640]) expect(tangentEnd(onset, beats(), RATE_HZ)).toBe("no_qrs");
  });

  test("a fast rhythm's next QRS is never taken for a T", () => {
    for (const rr of [260, 280, 300]) expect(tangentEnd(490, beats(rr), RATE_HZ)).toBeCloseTo(700, -1);
    const none = beats(260);
    none.uv.fill(0, 590, 720);
    expect(tangentEnd(490, none, RATE_HZ)).toBe("no_t");
  });

  test("the last beat of a page is bound by the RR before it", () => {
    const last = beats(260, 1000);
    expect(tangentEnd(750, last, RATE_HZ)).toBeCloseTo(960, -1);
  });

  test("RR is that of the beat before, of the stream's own samples", () => {
    expect(rrAround(890, beats(), RATE_HZ)).toBe(400);
    expect(rrAround(490, beats(), RATE_HZ)).toBeNull();
    expect(rrAround(10_890, { ...beats(), first: 10_000 }, RATE_HZ)).toBe(400);
  });

  test("no RR from one side of a gap to the other, nor where the lead is unusable", () => {
    const [torn, broken, off] = [beats(), beats(), beats()];
    torn.uv.fill(Number.NaN, 750, 800);
    broken.after_break[800] = 1;
    off.unusable.fill(1, 750, 800);
    for (const piece of [torn, broken, off]) {
      expect(rrAround(890, piece, RATE_HZ)).toBeNull();
      expect(rrAround(1290, piece, RATE_HZ)).toBe(400);
    }
  });
});
