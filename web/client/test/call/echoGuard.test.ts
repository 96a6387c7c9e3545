import { describe, expect, it } from "vitest";
import { EchoGuard, likeness } from "../../src/call/echoGuard";

/** A voice that comes and goes, a number for each look; the same every time. */
function voice(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    const loud = (state >> 8) % 100;
    return loud < 40 ? 0 : loud / 200;
  });
}

const delayed = (levels: number[], looks: number, part: number) => levels.map((_, i) => (levels[i - looks] ?? 0) * part);

describe("the guard against echoes", () => {
  it("finds a loudspeaker in the microphone, whatever the way between them", () => {
    for (const lag of [0, 3, 8]) {
      const guard = new EchoGuard();
      const played = voice(80, 7);
      const heard = delayed(played, lag, 0.4);
      expect(played.map((level, i) => guard.look(level, heard[i]!)).at(-1), `after ${lag} looks`).toBe(true);
    }
  });

  it("takes nobody who answers for an echo, nor a quiet room", () => {
    const answering = new EchoGuard();
    const [played, answer] = [voice(400, 7), voice(400, 99)];
    expect(played.map((level, i) => answering.look(level, answer[i]!))).not.toContain(true);
    const quiet = new EchoGuard();
    expect(played.map((level) => quiet.look(level, 0.001))).not.toContain(true);
  });

  it("needs something to have been played", () => {
    const guard = new EchoGuard();
    expect(voice(200, 5).map((level) => guard.look(0, level))).not.toContain(true);
  });

  it("gives the volume back after ten seconds without a find", () => {
    const guard = new EchoGuard();
    const played = voice(80, 7);
    played.forEach((level) => guard.look(level, level * 0.4));
    const after = Array.from({ length: 300 }, () => guard.look(0, 0));
    expect(after[0]).toBe(true);
    expect(after.at(-1)).toBe(false);
    expect(after.filter((lowered) => lowered).length).toBeGreaterThanOrEqual(199);
  });
});

it("likeness is 1 for the same course at any loudness, and 0 where one stands still", () => {
  expect(likeness([0, 1, 0, 2], [0, 2, 0, 4])).toBeCloseTo(1);
  expect(likeness([0, 1, 0, 2], [2, 2, 2, 2])).toBe(0);
});
