import { expect, test } from "vitest";
import { onStage, stepAmong, type Steps } from "../../src/tape/stage";

const S = 1_000_000;

test("on the stage stands who has the newest picture of the moment", () => {
  const [station, device] = [{ number: 0, begin_us: 0 }, { number: 3, begin_us: 10 * S }];
  const tracks = [station, device];
  expect(onStage(tracks, { 0: { at_us: 10 * S }, 3: { at_us: 10.2 * S } }, 10.3 * S)).toBe(device);
  expect(onStage(tracks, { 0: { at_us: 30 * S }, 3: { at_us: 29.5 * S } }, 30 * S)).toBe(station);
  expect(onStage(tracks, { 0: { at_us: 5 * S }, 3: null }, 5 * S)).toBe(station);
  expect(onStage(tracks, {}, 20 * S)).toBe(device);
  expect(onStage(tracks, {}, -1)).toBe(station);
  expect(onStage([], {}, 0)).toBeNull();
});

/** A track whose frames stand at these moments; a step goes from the frame of a moment. */
function frames(...times: number[]): Steps {
  const last = (at_us: number) => times.findLast((time) => time <= at_us) ?? null;
  return {
    frameAt: (at_us) => Promise.resolve(last(at_us)),
    step: (at_us, forward) => {
      const here = last(at_us);
      return Promise.resolve((forward ? times.find((time) => time > (here ?? -1)) : times.findLast((time) => time < (here ?? 0))) ?? null);
    },
  };
}

test("steps go from the station's frames to the capture card's and on to the station's again, and back the same way", async () => {
  const [station, card] = [frames(1, 2, 3, 8, 9), frames(4, 5, 6, 7)];
  const of = (at: number) => (at >= 4 && at <= 7 ? { staged: card, other: station } : { staged: station, other: card });
  const walk = async (from: number, forward: boolean) => {
    const seen = [from];
    for (let at: number | null = from; at !== null; at = await stepAmong(of(at).staged, [of(at).other], at, forward)) seen.push(at);
    return seen.slice(1);
  };
  expect(await walk(1, true)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(await walk(9, false)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
  expect(await stepAmong(frames(), [], 5, true)).toBeNull();
});
