import { expect, test } from "vitest";
import { ApiError } from "../../src/api/client";
import type { Opinion, SaveDraft } from "../../src/api/types";
import { Draft } from "../../src/pages/opinion/draft.svelte";

const NOTHING: Opinion = {
  id: "o",
  consult_id: "c",
  author_id: "a",
  state: "draft",
  version: 0,
  findings: "",
  impression: "",
  advice: null,
  advice_text: "",
  plan: [],
  saved_at: "2026-11-23T10:46:03Z",
  simulated: true,
  signed_at: null,
  digest: "", chest_pain: [],
};

/** The server: keeps one draft, refuses an overtaken version, can be away. */
class FakeDesk {
  kept: Opinion = NOTHING;
  away = false;
  timers: { delay_ms: number; then: () => void }[] = [];

  async save(draft: SaveDraft): Promise<Opinion> {
    if (this.away) throw new ApiError(0, { code: "unreachable", sentence: "", fields: {} });
    if (draft.version !== this.kept.version) throw new ApiError(409, { code: "changed_meanwhile", sentence: "", fields: {} });
    this.kept = { ...this.kept, ...draft, version: draft.version + 1 };
    return this.kept;
  }

  async read(): Promise<Opinion> {
    return this.kept;
  }

  after(delay_ms: number, then: () => void): () => void {
    const timer = { delay_ms, then };
    this.timers.push(timer);
    return () => (this.timers = this.timers.filter((one) => one !== timer));
  }
}

function written(desk: FakeDesk, findings: string): Draft {
  const draft = new Draft(desk, null);
  draft.findings = findings;
  draft.changed();
  return draft;
}

test("a draft is saved once after the last change", async () => {
  const desk = new FakeDesk();
  const draft = written(desk, "窦性心律");
  draft.changed();
  expect(desk.timers).toHaveLength(1);
  expect(await draft.save()).toBe(true);
  expect(desk.kept.findings).toBe("窦性心律");
  expect([draft.version, draft.dirty]).toEqual([1, false]);
});

test("what could not be saved stays on the page and is tried again", async () => {
  const desk = new FakeDesk();
  desk.away = true;
  const draft = written(desk, "text");
  expect(await draft.save()).toBe(false);
  expect([draft.dirty, draft.findings, desk.timers.length]).toEqual([true, "text", 1]);
  desk.away = false;
  expect(await draft.save()).toBe(true);
});

test("what is typed while a save is under way is saved after it", async () => {
  const desk = new FakeDesk();
  const draft = written(desk, "a");
  const saving = draft.save();
  draft.findings = "ab";
  draft.changed();
  await saving;
  expect(draft.dirty).toBe(true);
  await draft.save();
  expect(desk.kept.findings).toBe("ab");
});

test("an overtaken draft is never written over by itself", async () => {
  const desk = new FakeDesk();
  const draft = written(desk, "mine");
  desk.kept = { ...NOTHING, findings: "theirs", version: 3 };
  expect(await draft.save()).toBe(false);
  expect(draft.conflict?.findings).toBe("theirs");
  expect(desk.kept.findings).toBe("theirs");
});

test("a person decides which version stays", async () => {
  const desk = new FakeDesk();
  const mine = written(desk, "mine");
  desk.kept = { ...NOTHING, findings: "theirs", version: 3 };
  await mine.save();
  await mine.keepMine();
  expect([desk.kept.findings, desk.kept.version, mine.dirty]).toEqual(["mine", 4, false]);

  const other = written(desk, "third");
  await other.save();
  other.takeOther();
  expect([other.findings, other.version, other.dirty]).toEqual(["mine", 4, false]);
});

test("a colleague's draft that may not be read is a conflict, too, and is replaced only when a person says so", async () => {
  const desk = new FakeDesk();
  const draft = written(desk, "mine");
  draft.version = 2;
  desk.kept = { ...NOTHING, findings: "hers", version: 5 };
  desk.read = () => Promise.reject(new ApiError(404, { code: "not_found", sentence: "", fields: {} }));
  expect(await draft.save()).toBe(false);
  expect([draft.replaced, draft.undecided, desk.timers.length, desk.kept.findings]).toEqual([true, true, 0, "hers"]);
  desk.kept = { ...desk.kept, version: 0 }; // the server lets a new author begin with version 0
  await draft.keepMine();
  expect([desk.kept.findings, draft.undecided]).toEqual(["mine", false]);
});

test("a refusal is shown and not tried again for ever", async () => {
  const desk = new FakeDesk();
  const draft = written(desk, "text");
  desk.save = () => Promise.reject(new ApiError(409, { code: "not_the_specialist", sentence: "", fields: {} }));
  expect(await draft.save()).toBe(false);
  expect([desk.timers.length, draft.dirty, draft.fault === null]).toEqual([0, true, false]);
});

test("a signature needs findings, opinion and advice", () => {
  const draft = written(new FakeDesk(), "窦性心律");
  expect(draft.missing).toEqual(["impression", "advice"]);
});

test("empty lines of the plan are not stored", async () => {
  const desk = new FakeDesk();
  const draft = written(desk, "x");
  draft.plan = [{ text: "  ", due_on: null, owner: "" }, { text: "复查心电图", due_on: "2026-12-04", owner: "周敏" }];
  await draft.save();
  expect(desk.kept.plan).toEqual([{ text: "复查心电图", due_on: "2026-12-04", owner: "周敏" }]);
});
