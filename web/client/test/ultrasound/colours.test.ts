import { describe, expect, it } from "vitest";
import { colourOf, PERSON_COLOURS } from "../../src/ultrasound/colours";

const ALL = [PERSON_COLOURS.specialist, PERSON_COLOURS.asker, ...PERSON_COLOURS.others];

/** Linear light: how eyes without one kind of cone see (Machado, Oliveira & Fernandes 2009, severity 1). */
const SIGHT = {
  all: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  "no red cones": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  "no green cones": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  "no blue cones": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};

function linear(colour: string): number[] {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
}

function lab([r, g, b]: number[]): number[] {
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const x = f((0.4124 * r! + 0.3576 * g! + 0.1805 * b!) / 0.95047);
  const y = f(0.2126 * r! + 0.7152 * g! + 0.0722 * b!);
  const z = f((0.0193 * r! + 0.1192 * g! + 0.9505 * b!) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function seenBy(matrix: number[][], colour: string): number[] {
  const light = linear(colour);
  return lab(matrix.map((row) => Math.min(1, Math.max(0, row.reduce((sum, weight, i) => sum + weight * light[i]!, 0)))));
}

describe("the colours of persons", () => {
  for (const [who, matrix] of Object.entries(SIGHT)) {
    it(`stand apart for eyes with ${who}`, () => {
      for (const [i, one] of ALL.entries()) {
        for (const other of ALL.slice(i + 1)) {
          const [a, b] = [seenBy(matrix, one), seenBy(matrix, other)];
          expect(Math.hypot(...a.map((v, k) => v - b[k]!)), `${one} ${other}`).toBeGreaterThan(18);
        }
      }
    });
  }

  it("are no alarm's, and bright enough on a dark picture", () => {
    for (const colour of ALL) {
      const [r, g, b] = linear(colour);
      const light = 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
      expect((light + 0.05) / 0.0526).toBeGreaterThan(8); // on the stage's #05090b
      expect(Math.min(g!, b!)).toBeGreaterThan(0.1); // neither the red nor the yellow of alarms
    }
  });

  it("go by who somebody is, the same wherever it is seen", () => {
    expect(colourOf({ id: "a", person: { role: "specialist" } })).toBe(PERSON_COLOURS.specialist);
    expect(colourOf({ id: "b", person: { role: "community_doctor" } })).toBe(PERSON_COLOURS.asker);
    expect(colourOf({ id: "c", person: { role: "observer" } })).toBe(colourOf({ id: "c", person: { role: "observer" } }));
    expect(PERSON_COLOURS.others).toContain(colourOf({ id: "c", person: { role: "observer" } }));
  });
});
