import { expect, test } from "vitest";
import type { TapeAct } from "../../src/api/types";
import { guidingAt, marksOf } from "../../src/tape/acts";

const S = 1_000_000;
const guided = (at_s: number, id: string, state: string, participant_id = "p-陈立"): TapeAct => ({
  at_us: at_s * S,
  message: { type: "guided", guiding: { id, state, participant_id, word: { movement: "tilt", toward: "head", hour: null, little: false } } },
});
const ACTS = [guided(1, "g1", "asked"), guided(3, "g1", "seen"), guided(6, "g1", "done"), guided(8, "g2", "asked"), guided(9, "g3", "asked", "p-赵")];

test("each word is a mark to jump to, once", () => {
  expect(marksOf(ACTS).map(({ kind, at_us }) => [kind, at_us / S])).toEqual([["guiding", 1], ["guiding", 8], ["guiding", 9]]);
});

test("at a moment each guide's last word stands as it then stood", () => {
  const at = (at_s: number) => guidingAt(ACTS, at_s * S).map(({ id, state }) => [id, state]);
  expect(at(0)).toEqual([]);
  expect(at(4)).toEqual([["g1", "seen"]]);
  expect(at(7)).toEqual([["g1", "done"]]);
  expect(at(9)).toEqual([["g2", "asked"], ["g3", "asked"]]);
});

const remote = (at_s: number, event: string, participant_id: string): TapeAct => ({
  at_us: at_s * S,
  message: { type: "guided", guiding: { id: `${event}${at_s}`, state: "done", participant_id, word: null, remote: event } },
});

test("that the scanner may be turned stands until it ended, whoever ended it", () => {
  const acts = [remote(1, "allowed", "p-周"), guided(2, "g1", "asked"), remote(5, "taken_back", "p-吴")];
  const at = (at_s: number) => guidingAt(acts, at_s * S).map((one) => one.remote ?? one.state);
  expect(at(3)).toEqual(["allowed", "asked"]);
  expect(at(6)).toEqual(["taken_back", "asked"]);
  expect(marksOf(acts).map(({ kind, at_us }) => [kind, at_us / S])).toEqual([["guiding", 1], ["guiding", 2], ["guiding", 5]]);
});
