import { describe, expect, it } from "vitest";
import { LEAST_DELAY_MS, Pen, STALE_MS } from "../../src/ecg/pen";

/** Packets of 10 samples every 20 ms at 500 Hz, `late(k)` ms late, and the pen moved every 16 ms. */
function run(seconds: number, late: (k: number) => number = () => 0) {
  const pen = new Pen(500);
  const events: { at: number; act: () => void }[] = [];
  for (let k = 1; k <= seconds * 50; k++) events.push({ at: k * 20 + late(k), act: () => pen.arrived(k * 10, 10, k * 20 + late(k)) });
  const places: { at: number; index: number }[] = [];
  for (let at = 16; at <= seconds * 1000; at += 16) {
    const move = () => {
      const index = pen.move(at);
      if (index !== null) places.push({ at, index });
    };
    events.push({ at, act: move });
  }
  events.sort((a, b) => a.at - b.at).forEach((event) => event.act());
  return { pen, places };
}

describe("the pen", () => {
  it("runs at the speed of the samples, close behind them", () => {
    const { pen, places } = run(5);
    const [early, last] = [places.at(-100)!, places.at(-1)!];
    expect((last.index - early.index) / (last.at - early.at)).toBeCloseTo(0.5, 3);
    expect(pen.delay_ms).toBe(LEAST_DELAY_MS);
    expect(last.at - last.index * 2).toBeLessThanOrEqual(LEAST_DELAY_MS + 1);
  });

  it("never overtakes the samples on an uneven line, and falls back no further than needed", () => {
    const { pen, places } = run(12, (k) => (k % 7 === 0 ? 90 : 0));
    expect(pen.delay_ms).toBeGreaterThan(100);
    expect(pen.delay_ms).toBeLessThan(150);
    const last = places.at(-1)!;
    expect(last.at - last.index * 2).toBeGreaterThan(100);
  });

  it("corrects itself by at most 5 % of its speed", () => {
    const { places } = run(8, (k) => (k > 200 && k % 5 === 0 ? 120 : 0));
    for (let i = 2; i < places.length; i++) {
      const speed = (places[i]!.index - places[i - 1]!.index) / (places[i]!.at - places[i - 1]!.at);
      expect(speed).toBeGreaterThan(0.5 * 0.949);
      expect(speed).toBeLessThan(0.5 * 1.051);
    }
  });

  it("stops when nothing has come for 3 s, and says how long", () => {
    const { pen } = run(2);
    const end = 2000;
    const stopped = pen.move(end + STALE_MS + 100);
    expect(pen.move(end + STALE_MS + 5000)).toBe(stopped);
    expect(pen.silence_ms(end + 4000)).toBe(4000);
  });

  it("leaps on when the line comes back after a long while", () => {
    const { pen } = run(2);
    pen.move(9000);
    pen.arrived(4510, 10, 9020);
    expect(pen.move(9030)!).toBeGreaterThan(4400);
  });

  it("has no place before the first sample", () => {
    expect(new Pen(500).move(5)).toBeNull();
    expect(new Pen(500).silence_ms(5)).toBeNull();
  });
});
