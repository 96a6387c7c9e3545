import { expect, test } from "vitest";
import type { EcgLook, EcgStudyCard, LookAtEcg, TakeEcg } from "../../../src/api/types";
import { TenSeconds } from "../../../src/pages/Room/tenSeconds.svelte";

const LOOK = { first: 12_000, quality: "good", quality_score: 97, quality_notes: [], missing_samples: 0 } as unknown as EcgLook;

/** The server, which answers when a test lets it, and a clock that a test moves. */
class Fake {
  looks: LookAtEcg[] = [];
  kept: TakeEcg[] = [];
  timers: (() => void)[] = [];
  ms = 0;
  answer: { resolve(look: EcgLook): void; reject(fault: unknown): void } | null = null;

  look(_id: string, given: LookAtEcg): Promise<EcgLook> {
    this.looks.push(given);
    return new Promise((resolve, reject) => (this.answer = { resolve, reject }));
  }

  async keep(_id: string, given: TakeEcg): Promise<EcgStudyCard> {
    this.kept.push(given);
    return { id: "s", number: "XD-1" } as EcgStudyCard;
  }

  now_ms(): number {
    return this.ms;
  }

  after(_delay_ms: number, then: () => void): () => void {
    this.timers.push(then);
    return () => (this.timers = this.timers.filter((one) => one !== then));
  }
}

test("it counts down, fills, and keeps nothing by looking", async () => {
  const fake = new Fake();
  const taking = new TenSeconds("c", fake);
  const looking = taking.collect("b");
  expect([taking.stage, taking.left_s()]).toEqual(["collecting", 10]);
  fake.ms = 7_200;
  expect(taking.left_s()).toBe(3);
  fake.ms = 11_000;
  fake.timers[0]!();
  expect([taking.stage, taking.left_s()]).toEqual(["filling", 0]);
  fake.answer!.resolve(LOOK);
  await looking;
  expect([taking.stage, taking.looked, fake.kept.length]).toEqual(["looked", LOOK, 0]);
  expect(fake.looks).toEqual([{ binding_id: "b", next_ten: true }]);
});

test("that somebody else takes them is told for as long as they take", () => {
  const fake = new Fake();
  const taking = new TenSeconds("c", fake);
  taking.otherTakes("chen", 10);
  fake.ms = 2_500;
  expect([taking.other_id, taking.otherLeft_s(), taking.stage]).toEqual(["chen", 8, "idle"]);
  taking.otherTakes("zhao", 10); // the timer of the first ends nothing
  expect(fake.timers.length).toBe(1);
  fake.timers[0]!();
  expect(taking.other_id).toBeNull();
});

test("what is kept is exactly what was judged, once for a request", async () => {
  const fake = new Fake();
  const taking = new TenSeconds("c", fake);
  const looking = taking.collect("b");
  fake.answer!.resolve(LOOK);
  await looking;
  await taking.keep("urgent");
  expect(fake.kept).toMatchObject([{ binding_id: "b", first: 12_000, urgency: "urgent" }]);
  await taking.keep("urgent");
  expect([taking.stage, taking.saved?.number, fake.kept.length]).toEqual(["saved", "XD-1", 1]);
});

test("given up while it collects, a late answer changes nothing", async () => {
  const fake = new Fake();
  const taking = new TenSeconds("c", fake);
  const looking = taking.collect("b");
  taking.forget();
  fake.answer!.resolve(LOOK);
  await looking;
  expect([taking.stage, taking.looked, fake.timers.length]).toEqual(["idle", null, 0]);
  await taking.keep("urgent");
  expect(fake.kept).toEqual([]);
});

test("a refusal is told, and the next one begins anew", async () => {
  const fake = new Fake();
  const taking = new TenSeconds("c", fake);
  const refusal = new Error("too_few_samples");
  const looking = taking.collect("b");
  fake.answer!.reject(refusal);
  await expect(looking).rejects.toBe(refusal);
  expect([taking.stage, taking.binding_id]).toEqual(["idle", null]);
});
