/// <reference types="node" />
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Biquad } from "../../src/ecg/biquads";
import { type FilterSetting, LeadFilter, sectionsOf } from "../../src/ecg/filters";

/** Real samples and what the filters of `ecg/signal/filters.py` make of them. */
const FOLDER = new URL("../../../../tests/golden/ecg_filters/", import.meta.url);
const NAMES = readdirSync(FOLDER).map((name) => name.replace(".json", ""));
const MISSING = -32768;
/** Sine and tangent may differ in their last bit between Python's library and the browser's. */
const OF_A_COEFFICIENT = 1e-14;
const TOLERANCE_UV = 1e-6;

type Vector = FilterSetting & {
  rate_hz: number;
  nv_per_lsb: number;
  restarts: number[];
  sections: [number, number, number, number, number][];
  samples: number[][];
  filtered_uv: (number | null)[][];
};
const read = (name: string) => JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8")) as Vector;

function run(vector: Vector, sections: Biquad[]): (number | null)[][] {
  return vector.samples.map((samples) => {
    const filter = new LeadFilter(sections, vector.rate_hz);
    return samples.map((sample, index) => {
      if (vector.restarts.includes(index)) filter.restart();
      const uv = filter.next(sample === MISSING ? Number.NaN : sample * (vector.nv_per_lsb / 1000));
      return Number.isNaN(uv) ? null : uv;
    });
  });
}

describe("the filters of the view", () => {
  it("have their golden vectors", () => {
    expect(NAMES.length).toBeGreaterThanOrEqual(16);
    expect(NAMES.flatMap((name) => read(name).filtered_uv.flat()).filter((uv) => uv !== null).length).toBeGreaterThan(10_000);
  });

  it.each(NAMES)("%s: the same sections", (name) => {
    const vector = read(name);
    const mine = sectionsOf(vector, vector.rate_hz);
    expect(mine).toHaveLength(vector.sections.length);
    mine.forEach(({ b0, b1, b2, a1, a2 }, i) => {
      [b0, b1, b2, a1, a2].forEach((value, k) => {
        const want = vector.sections[i]![k]!;
        expect(Math.abs(value - want)).toBeLessThanOrEqual(OF_A_COEFFICIENT * Math.abs(want));
      });
    });
  });

  it.each(NAMES)("%s: with the same sections the same bits", (name) => {
    const vector = read(name);
    const sections = vector.sections.map(([b0, b1, b2, a1, a2]) => ({ b0, b1, b2, a1, a2 }));
    expect(run(vector, sections)).toEqual(vector.filtered_uv);
  });

  it.each(NAMES)("%s: with its own sections the same to a millionth of a microvolt", (name) => {
    const vector = read(name);
    const mine = run(vector, sectionsOf(vector, vector.rate_hz));
    mine.forEach((lead, i) => {
      lead.forEach((uv, k) => {
        const want = vector.filtered_uv[i]![k]!;
        if (want === null) expect(uv).toBeNull();
        else if (Math.abs(uv! - want) > TOLERANCE_UV) expect([i, k, uv]).toEqual([i, k, want]);
      });
    });
  });
});
