import { expect, test } from "vitest";
import { claimTimes, left_s, renewed } from "../../../src/pages/reading/claim";

const AT = "2026-11-23T09:00:00Z";
const at = (minutes: number) => new Date(Date.parse(AT) + minutes * 60_000).toISOString();

test("a claim lasts from when it was made", () => {
  const times = claimTimes({ at: AT, expires_at: at(15) }, null);
  expect(times).toEqual({ expires_ms: Date.parse(at(15)), lasts_ms: 15 * 60_000 });
  expect(left_s(times, Date.parse(at(14)))).toBe(60);
  expect(left_s(times, Date.parse(at(16)))).toBe(0);
});

test("of one that was saved under, it lasts from the saving: that is what the next saving gives again", () => {
  const times = claimTimes({ at: AT, expires_at: at(25) }, at(10));
  expect(times.lasts_ms).toBe(15 * 60_000);
  expect(renewed(times, at(12)).expires_ms).toBe(Date.parse(at(27)));
});

test("a draft of an earlier claim says nothing of this one", () => {
  expect(claimTimes({ at: AT, expires_at: at(15) }, at(-600)).lasts_ms).toBe(15 * 60_000);
});

test("an answer that comes late does not shorten a claim", () => {
  const times = claimTimes({ at: AT, expires_at: at(15) }, null);
  expect(renewed(times, at(-1)).expires_ms).toBe(times.expires_ms);
});
