import { expect, test } from "vitest";
import type { EcgStudyCard } from "../../../src/api/types";
import { late_s, waited_s } from "../../../src/pages/reading/waits";

const READ_MS = 1_000_000;
const card = (fields: Partial<EcgStudyCard>) => ({ state: "waiting", waited_s: 100, target_s: 120, ...fields }) as EcgStudyCard;

test("what waits goes on waiting by this page's clock", () => {
  expect(waited_s(card({}), READ_MS, READ_MS + 7_900)).toBe(107);
});

test("a clock that goes back shortens no waiting", () => {
  expect(waited_s(card({}), READ_MS, READ_MS - 5_000)).toBe(100);
});

test("waiting ends with the last signature, or with the rejection", () => {
  for (const state of ["final", "rejected"] as const) expect(waited_s(card({ state }), READ_MS, READ_MS + 60_000)).toBe(100);
});

test("late is only what is over its target, by how much, and is still to be read", () => {
  expect(late_s(card({}), READ_MS, READ_MS + 20_000)).toBeNull();
  expect(late_s(card({}), READ_MS, READ_MS + 21_000)).toBe(1);
  expect(late_s(card({ state: "signed", waited_s: 500 }), READ_MS, READ_MS)).toBe(380);
  expect(late_s(card({ state: "final", waited_s: 500 }), READ_MS, READ_MS)).toBeNull();
});
