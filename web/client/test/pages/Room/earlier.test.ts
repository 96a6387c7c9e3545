import { expect, test } from "vitest";
import { ApiError } from "../../../src/api/client";
import type { CompareEcg, EcgComparisonPage, EcgStudyCard, EcgStudyList } from "../../../src/api/types";
import { EarlierEcg, firstOfFrozen } from "../../../src/pages/Room/earlier.svelte";
import { comparisonFault } from "../../../src/pages/reading/compared";
import { w } from "../../../src/words/index.svelte";

/** A server that answers each comparison when a test lets it. */
class Fake {
  asked: CompareEcg[] = [];
  answers: { resolve(page: EcgComparisonPage): void; reject(fault: unknown): void }[] = [];

  constructor(private readonly studies: { id: string; consult_id: string | null }[]) {}

  async list(): Promise<EcgStudyList> {
    return { studies: this.studies as EcgStudyCard[] };
  }

  compare(_id: string, given: CompareEcg): Promise<EcgComparisonPage> {
    this.asked.push(given);
    return new Promise((resolve, reject) => this.answers.push({ resolve, reject }));
  }
}

const page = (number: string) => ({ earlier: { number } }) as EcgComparisonPage;
const settled = () => new Promise((resolve) => setTimeout(resolve));

test("the last one from before this consult is compared with at once", async () => {
  const fake = new Fake([{ id: "now", consult_id: "c" }, { id: "before", consult_id: null }, { id: "old", consult_id: "b" }]);
  const earlier = new EarlierEcg("c", fake);
  const opening = earlier.open("b1", 4000);
  await settled();
  expect([earlier.chosen, earlier.busy, earlier.page]).toEqual(["before", true, null]);
  fake.answers[0]!.resolve(page("XD-1"));
  await opening;
  expect(fake.asked).toEqual([{ binding_id: "b1", first: 4000, earlier: "before" }]);
  expect([earlier.page?.earlier.number, earlier.busy]).toEqual(["XD-1", false]);
});

test("an answer that comes after another was chosen is not shown under its name", async () => {
  const fake = new Fake([{ id: "a", consult_id: null }, { id: "b", consult_id: null }]);
  const earlier = new EarlierEcg("c", fake);
  void earlier.open("b1", 0);
  await settled();
  void earlier.choose("b");
  fake.answers[0]!.resolve(page("of a"));
  await settled();
  expect([earlier.page, earlier.busy]).toEqual([null, true]);
  fake.answers[1]!.resolve(page("of b"));
  await settled();
  expect([earlier.page?.earlier.number, earlier.busy]).toEqual(["of b", false]);
});

test("what comes after it was put away is not shown", async () => {
  const fake = new Fake([{ id: "a", consult_id: null }]);
  const earlier = new EarlierEcg("c", fake);
  void earlier.open("b1", 0);
  await settled();
  earlier.close();
  fake.answers[0]!.resolve(page("of a"));
  await settled();
  expect([earlier.page, earlier.seconds, earlier.chosen, earlier.busy]).toEqual([null, null, "", false]);
});

test("a refusal is told by its reason", async () => {
  const fake = new Fake([{ id: "a", consult_id: null }]);
  const earlier = new EarlierEcg("c", fake);
  void earlier.open("b1", 0);
  await settled();
  fake.answers[0]!.reject(new ApiError(409, { code: "not_comparable", sentence: "", fields: { why: "poor_signal" } }));
  await settled();
  expect(comparisonFault(earlier.attempt)).toBe(w.ecgCompare.refused["poor_signal"]);
  expect([earlier.page, earlier.busy]).toEqual([null, false]);
});

test("a resident without an earlier one has nothing to compare with", async () => {
  const fake = new Fake([]);
  const earlier = new EarlierEcg("c", fake);
  await earlier.open("b1", 0);
  expect([earlier.studies, fake.asked.length, earlier.busy]).toEqual([[], 0, false]);
});

test("of a frozen page its last ten seconds are taken, and never what was before the stream", () => {
  expect(firstOfFrozen(60_000, 1000)).toBe(50_000);
  expect(firstOfFrozen(7_000, 1000)).toBe(0);
  expect(firstOfFrozen(4_999.6, 250)).toBe(2_500);
});
