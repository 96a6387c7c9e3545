import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { VideoTrack } from "../../src/tape/video";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("what could not be loaded is asked for again, but not with every refresh", async () => {
  const asked: number[] = [];
  const canvas = { width: 0, height: 0, getContext: () => null } as unknown as HTMLCanvasElement;
  const track = new VideoTrack([0], 5_000_000, (from_us) => (asked.push(from_us), Promise.reject(new Error("busy"))), canvas);
  for (let refresh = 0; refresh < 60; refresh++) await track.show(16_000 * refresh);
  expect(asked).toHaveLength(1);
  vi.advanceTimersByTime(1_000);
  await track.show(1_000_000);
  expect(asked).toHaveLength(2);
  expect(track.shown).toBeNull();
});
