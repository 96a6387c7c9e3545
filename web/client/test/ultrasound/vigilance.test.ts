import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BLANK_AFTER_MS, FROZEN_AFTER_MS, LOST_AFTER_MS, RESIZED_FOR_MS, Vigilance } from "../../src/ultrasound/vigilance";

const WIDTH = 64;
const HEIGHT = 48;

/** A picture of which every sample is made by its place. */
function picture(level: (at: number) => number): Uint8ClampedArray {
  const samples = new Uint8ClampedArray(WIDTH * HEIGHT * 4).fill(255);
  for (let at = 0; at < WIDTH * HEIGHT; at++) samples.fill(level(at), 4 * at, 4 * at + 3);
  return samples;
}

const living = (turn: number) => picture((at) => (7 * at + 13 * turn) % 200);
const STILL = living(0);

class Card {
  now_ms = 0;
  turn = 0;
  readonly vigilance = new Vigilance(0);

  show(seconds: number, shown?: Uint8ClampedArray, width = WIDTH): string[] {
    const told = new Set<string>();
    for (let look = 0; look < 2 * seconds; look++) {
      this.vigilance.see(shown ?? living((this.turn += 1)), width, HEIGHT, this.now_ms);
      this.vigilance.troubles(this.now_ms).forEach((one) => told.add(one));
      this.now_ms += 500;
    }
    return [...told];
  }
}

describe("the picture of a capture card", () => {
  it("is in no trouble while it lives", () => {
    expect(new Card().show(10)).toEqual([]);
  });

  it("is told to stand still, and not any more once it moves", () => {
    const card = new Card();
    card.show(1);
    expect(card.show(2, STILL)).toEqual([]);
    expect(card.show(1, STILL)).toEqual(["frozen"]);
    expect(card.show(0.5)).toEqual([]);
  });

  it("is blank when it is black but for noise, or of one colour", () => {
    const card = new Card();
    for (let look = 0; look < 6; look++) card.show(0.5, picture((at) => (at * 7 + look) % 9));
    expect(card.vigilance.troubles(card.now_ms)).toEqual(["blank"]);
    expect(new Card().show(4, picture(() => 180))).toContain("blank");
  });

  it("is not blank when little but writing is on it", () => {
    expect(new Card().show(3, picture((at) => (at % 200 === 0 ? 220 : 0)))).toEqual(["frozen"]);
  });

  it("is lost when no frame comes", () => {
    const card = new Card();
    card.show(2);
    expect(card.vigilance.troubles(card.now_ms + 2_000)).toEqual([]);
    expect(card.vigilance.troubles(card.now_ms + 3_000)).toEqual(["lost"]);
  });

  it("is told to have another size for a while", () => {
    const card = new Card();
    card.show(1);
    expect(card.show(9, undefined, 128)).toEqual(["resized"]);
    card.show(2, undefined, 128);
    expect(card.vigilance.troubles(card.now_ms)).toEqual([]);
  });

  it("is judged by the times of the station", () => {
    const station = readFileSync(new URL("../../../../ultrasound/vigilance.py", import.meta.url), "utf8");
    const of = (name: string) => Number(new RegExp(`^${name} = ([0-9_]+)$`, "m").exec(station)![1]!.replaceAll("_", "")) / 1000;
    expect([LOST_AFTER_MS, FROZEN_AFTER_MS, BLANK_AFTER_MS, RESIZED_FOR_MS]).toEqual(
      ["LOST_AFTER_US", "FROZEN_AFTER_US", "BLANK_AFTER_US", "RESIZED_FOR_US"].map(of),
    );
  });
});
