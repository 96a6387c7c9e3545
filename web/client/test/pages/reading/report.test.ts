import { expect, test } from "vitest";
import { ApiError } from "../../../src/api/client";
import type { EcgReport, SaveEcgReport, Term } from "../../../src/api/types";
import { ReportDraft } from "../../../src/pages/reading/report.svelte";

const SINUS: Term = { code: "AHA-22", group: "sinus", zh: "窦性心动过缓", en: "Sinus bradycardia" };
const KEPT = { version: 1, saved_at: "2026-11-23T10:46:03Z", simulated: true, conclusion: null, terms: [], text: "", corrections: [], critical_value: null } as unknown as EcgReport;

class FakeDesk {
  sent: SaveEcgReport[] = [];
  refusal: ApiError | null = null;

  async save(content: SaveEcgReport): Promise<EcgReport> {
    if (this.refusal !== null) throw this.refusal;
    this.sent.push(content);
    return { ...KEPT, version: content.version + 1 };
  }

  async read(): Promise<EcgReport> {
    return KEPT;
  }

  after(): () => void {
    return () => {};
  }
}

function begun(pressing = false): { draft: ReportDraft; desk: FakeDesk } {
  const desk = new FakeDesk();
  return { draft: new ReportDraft(desk, null, pressing), desk };
}

test("a signature needs a conclusion, and a term or words", () => {
  const { draft } = begun();
  expect(draft.lacking).toEqual(["conclusion", "terms"]);
  draft.conclusion = "abnormal";
  draft.text = "  ";
  expect(draft.lacking).toEqual(["terms"]);
  draft.choose(SINUS);
  expect(draft.lacking).toEqual([]);
});

test("on a possible critical value her own word is needed, and no is a word", () => {
  const { draft } = begun(true);
  expect(draft.lacking).toContain("critical_value");
  draft.critical_value = false;
  expect(draft.lacking).not.toContain("critical_value");
});

test("a figure that is none blocks the signature and is not sent", async () => {
  const { draft, desk } = begun();
  draft.correct("pr", { text: "2160000", none: false });
  draft.correct("rate", { text: "48", none: false });
  draft.correct("qt", { text: "", none: true });
  expect([draft.wrong, draft.lacking.includes("corrections")]).toEqual([["pr"], true]);
  await draft.save();
  expect(desk.sent[0]!.corrections).toEqual([{ measure: "rate", value: 48 }, { measure: "qt", value: null }]);
});

test("what was typed and taken away again leaves the machine's value", async () => {
  const { draft, desk } = begun();
  draft.correct("pr", { text: "216", none: false });
  draft.correct("pr", { text: "", none: false });
  await draft.save();
  expect(desk.sent[0]!.corrections).toEqual([]);
});

test("a term stands once, goes with its leads and its note", async () => {
  const { draft, desk } = begun();
  draft.choose(SINUS);
  draft.choose(SINUS);
  draft.terms[0]!.leads = ["II"];
  draft.terms[0]!.note = "48/min";
  draft.changed();
  await draft.save();
  expect(desk.sent[0]!.terms).toEqual([{ code: "AHA-22", leads: ["II"], note: "48/min" }]);
});

test("a phrase adds its words and terms; it writes over nothing and changes no conclusion", () => {
  const { draft } = begun();
  draft.text = "已写。";
  draft.conclusion = "abnormal";
  const phrase = { name_zh: "正常", name_en: "Normal", text_zh: "窦性心律。", text_en: "Sinus rhythm.", conclusion: "normal", terms: [{ code: "AHA-22", leads: [] as string[], note: "" }] } as const;
  draft.use({ ...phrase, terms: [...phrase.terms] }, phrase.text_zh, [SINUS]);
  draft.use({ ...phrase, terms: [...phrase.terms] }, phrase.text_zh, [SINUS]);
  expect([draft.text, draft.conclusion, draft.terms.length]).toEqual(["已写。\n窦性心律。", "abnormal", 1]);
});

test("what was kept is shown as it was: also that something cannot be measured", () => {
  const kept = { ...KEPT, corrections: [{ measure: "qt", unit: "ms", value: null, machine_value: 400 }, { measure: "pr", unit: "ms", value: 216, machine_value: 188 }] } as unknown as EcgReport;
  const draft = new ReportDraft(new FakeDesk(), kept, false);
  expect([draft.corrected("qt"), draft.corrected("pr"), draft.corrected("rate"), draft.version]).toEqual([null, 216, undefined, 1]);
});

test("a claim that another took is a refusal that stays, and what was written stays as well", async () => {
  const { draft, desk } = begun();
  draft.text = "mine";
  draft.changed();
  desk.refusal = new ApiError(409, { code: "ecg_taken", sentence: "", fields: {} });
  expect(await draft.save()).toBe(false);
  expect([draft.text, draft.dirty, draft.fault]).toEqual(["mine", true, desk.refusal]);
});
