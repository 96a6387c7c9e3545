import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Claim } from "../../../src/pages/Room/claim";

let on: boolean;
let told: boolean[];
let refuse: boolean;
let claim: Claim;
const passed = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  [on, told, refuse] = [false, [], false];
  claim = new Claim({
    is_on: () => on,
    stop: () => (on = false),
    tell: (wanted) => (told.push(wanted), refuse ? Promise.reject(new Error("rate_limited")) : Promise.resolve()),
  });
});
afterEach(() => void vi.useRealTimers());

it("is asked of the room, whose word comes before its answer", async () => {
  const asked = claim.ask();
  claim.keepTo(true);
  await asked;
  on = true;
  claim.keepTo(true);
  await passed();
  expect([told, claim.is_heard]).toEqual([[true], true]);
});

it("ends here when it ended there, though the room never said that it began", () => {
  on = true;
  claim.keepTo(false);
  expect([on, told]).toEqual([false, []]);
});

it("is given back again and again until it is heard, one word at a time", async () => {
  const stop = claim.follow();
  on = true;
  claim.keepTo(true);
  [on, refuse] = [false, true];
  void claim.giveBack();
  claim.keepTo(true); // somebody else came in meanwhile
  expect(told).toEqual([false]);
  await vi.advanceTimersByTimeAsync(11_000);
  expect(told).toEqual([false, false, false]);
  refuse = false;
  await vi.advanceTimersByTimeAsync(5_000);
  claim.keepTo(false);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told).toHaveLength(4);
  stop();
});

it("ends here without a word when this page is out of the room", async () => {
  const stop = claim.follow();
  on = true;
  claim.keepTo(true);
  claim.left();
  await vi.advanceTimersByTimeAsync(20_000);
  expect([on, told, claim.is_heard]).toEqual([false, [], false]);
  stop();
});
