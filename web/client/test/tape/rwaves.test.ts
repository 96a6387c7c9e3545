import { expect, test } from "vitest";
import { findRWaves } from "../../src/tape/rwaves";

const RATE = 500;

/** A beat: a small round P, a sharp R, a broad T. */
function lead(beats_s: number[], seconds: number, sign = 1, noise = 0): Float32Array {
  let state = 1;
  const random = () => ((state = (state * 48271) % 2147483647) / 2147483647 - 0.5);
  return Float32Array.from({ length: seconds * RATE }, (_, at) => {
    const t = at / RATE;
    const bump = (center: number, width: number, height: number) => height * Math.exp(-(((t - center) / width) ** 2));
    return sign * beats_s.reduce((sum, beat) => sum + bump(beat - 0.16, 0.025, 100) + bump(beat, 0.012, 1000) + bump(beat + 0.28, 0.06, 250), 0) + noise * random();
  });
}

const BEATS = [0.6, 1.45, 2.2, 3.3, 3.9, 4.7];
const expected = BEATS.map((beat) => beat * RATE);

function near(found: number[]): void {
  expect(found).toHaveLength(expected.length);
  found.forEach((at, i) => expect(Math.abs(at - expected[i]!)).toBeLessThanOrEqual(0.01 * RATE));
}

test("each R wave is found once and no T wave", () => near(findRWaves(lead(BEATS, 6), RATE)));
test("also where the complex points down", () => near(findRWaves(lead(BEATS, 6, -1), RATE)));
test("also in noise", () => near(findRWaves(lead(BEATS, 6, 1, 60), RATE)));

test("a flat line and missing samples hold none", () => {
  expect(findRWaves(new Float32Array(3000), RATE)).toEqual([]);
  expect(findRWaves(new Float32Array(3000).fill(Number.NaN), RATE)).toEqual([]);
  const gap = lead(BEATS, 6);
  gap.fill(Number.NaN, Math.round(2.0 * RATE), Math.round(2.5 * RATE));
  expect(findRWaves(gap, RATE)).toHaveLength(BEATS.length - 1);
});
