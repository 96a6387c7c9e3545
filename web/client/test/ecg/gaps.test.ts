import { describe, expect, it } from "vitest";
import { AskedAtOnce, GapSeeker } from "../../src/ecg/gaps";

const hole = { first: 100, count: 40 };

describe("asking for missing samples", () => {
  it("waits until a hole is 300 ms old: the next packets mostly fill it", () => {
    const seeker = new GapSeeker(new AskedAtOnce(5000));
    expect(seeker.next([hole], 0)).toBeNull();
    expect(seeker.next([hole], 250)).toBeNull();
    expect(seeker.next([hole], 300)).toEqual(hole);
  });

  it("asks again, ever more seldom, as long as the hole stays", () => {
    const seeker = new GapSeeker(new AskedAtOnce(5000));
    const asked: number[] = [];
    for (let now = 0; now < 40_000; now += 100) if (seeker.next([hole], now) !== null) asked.push(now);
    expect(asked.slice(0, 4)).toEqual([300, 1300, 3300, 7300]);
    expect(asked.at(-1)! - asked.at(-2)!).toBe(10_000);
  });

  it("asks for no more than fits one request", () => {
    const seeker = new GapSeeker(new AskedAtOnce(500));
    seeker.next([{ first: 0, count: 30_000 }], 0);
    expect(seeker.next([{ first: 0, count: 30_000 }], 300)).toEqual({ first: 0, count: 500 });
  });

  it("asks at most five times a second, oldest hole first", () => {
    const seeker = new GapSeeker(new AskedAtOnce(5000));
    const holes = [hole, { first: 300, count: 10 }];
    seeker.next(holes, 0);
    expect(seeker.next(holes, 300)).toEqual(hole);
    expect(seeker.next(holes, 400)).toBeNull();
    expect(seeker.next(holes, 500)).toEqual(holes[1]);
  });

  it("forgets a hole that was filled", () => {
    const seeker = new GapSeeker(new AskedAtOnce(5000));
    seeker.next([hole], 0);
    seeker.next([], 100);
    expect(seeker.next([hole], 350)).toBeNull();
  });

  it("asks again for what is left only when no more of the answer came for a while", () => {
    const seeker = new GapSeeker(new AskedAtOnce(5000));
    seeker.next([{ first: 0, count: 5000 }], 0);
    expect(seeker.next([{ first: 0, count: 5000 }], 300)).toEqual({ first: 0, count: 5000 });
    for (let k = 1; k < 40; k++) expect(seeker.next([{ first: k * 100, count: 5000 - k * 100 }], 300 + k * 100)).toBeNull();
    expect(seeker.next([{ first: 3900, count: 1100 }], 5100)).toBeNull();
    expect(seeker.next([{ first: 3900, count: 1100 }], 5200)).toEqual({ first: 3900, count: 1100 });
  });

  it("asks for a hole whose beginning is forgotten sample by sample as for one that stays", () => {
    const seeker = new GapSeeker(new AskedAtOnce(500));
    const asked: [number, number][] = [];
    for (let k = 0; k < 20; k++) {
      const gap = seeker.next([{ first: k * 10, count: 30_000 - k * 10 }], k * 100, k * 10);
      if (gap !== null) asked.push([k * 100, gap.first]);
    }
    expect(asked.slice(0, 2)).toEqual([[300, 30], [1300, 130]]); // that some of it is forgotten is no answer
  });

  it("asks again in time for what the server did not have, while later answers go on coming", () => {
    const seeker = new GapSeeker(new AskedAtOnce(5000));
    const asked: number[] = [];
    for (let now = 0; now < 8000; now += 100) {
      const later = { first: 300 + 10 * Math.floor(now / 400), count: 10 }; // each is filled 400 ms after it was seen
      if (seeker.next([hole, later], now)?.first === hole.first) asked.push(now);
    }
    expect(asked.length).toBe(4); // after 1, 2 and 4 s
  });

  it("asks at once for what was asked for on a line that is gone", () => {
    const seeker = new GapSeeker(new AskedAtOnce(5000));
    seeker.next([hole], 0);
    expect(seeker.next([hole], 300)).toEqual(hole);
    expect(seeker.next([hole], 600)).toBeNull();
    seeker.askAnew();
    expect(seeker.next([hole], 700)).toEqual(hole);
  });
});

/** What a server gives over a line of so many samples a second, and so long away, to whoever asks for a hole. */
function fill(seeker: GapSeeker, count: number, samples_a_ms: number, away_ms = 20): { asked: number[]; most_on_the_way: number; took_ms: number; twice: number } {
  const [answers, asked, times] = [[] as { at_ms: number; first: number }[], [] as number[], new Uint8Array(count)];
  const missing = new Uint8Array(count).fill(1);
  let [free_ms, most, now] = [0, 0, 0];
  for (; missing.includes(1) && now < 120_000; now += 100) {
    for (const { first } of answers.filter((one) => one.at_ms <= now && one.at_ms > now - 100)) missing[first] = 0;
    const gap = seeker.next(gapsOf(missing), now);
    if (gap !== null) {
      asked.push(gap.count);
      for (let first = gap.first; first < gap.first + gap.count; first++) {
        times[first]! += 1;
        free_ms = Math.max(free_ms, now + away_ms) + 1 / samples_a_ms;
        answers.push({ at_ms: free_ms, first });
      }
    }
    most = Math.max(most, answers.filter((one) => one.at_ms > now).length);
  }
  return { asked, most_on_the_way: most, took_ms: now, twice: times.filter((one) => one > 1).length };
}

function gapsOf(missing: Uint8Array): { first: number; count: number }[] {
  const first = missing.indexOf(1);
  return first < 0 ? [] : [{ first, count: missing.length - first }];
}

describe("a hole of a minute at 500 Hz", () => {
  it("is asked for in three requests, each before the next would have been thought of, where answers come quickly", () => {
    const { asked, took_ms, twice } = fill(new GapSeeker(AskedAtOnce.at(500)), 30_000, 500);
    expect(asked).toEqual([5000, 10_000, 15_000]);
    expect(took_ms).toBeLessThan(1100); // 300 until it is believed, 200 between two requests
    expect(twice).toBe(0);
  });

  it("never puts more than ten seconds of it on a slow line, nor any of it twice", () => {
    const { asked, most_on_the_way, twice } = fill(new GapSeeker(AskedAtOnce.at(500)), 30_000, 1.5);
    expect(most_on_the_way).toBeLessThanOrEqual(5000);
    expect(asked.length).toBeLessThan(40);
    expect(twice).toBe(0);
  });
});
