/** A physician's report on an ECG while it is written. */

import type { ChosenTerm, Conclusion, EcgReport, Measure, Phrase, SaveEcgReport, Term } from "../../api/types";
import { AutosavedDraft, type Desk } from "../../autosave.svelte";
import { readTyped } from "./measures";

/** What a signature still needs, or what stands in its way. */
export type Lacking = "conclusion" | "critical_value" | "terms" | "corrections";

/** A term as it is edited, with the texts it will be signed with. */
export interface EditedTerm extends ChosenTerm {
  zh: string;
  en: string;
}

/** What stands beside the machine's measurement: a figure as it was typed, or that it cannot be measured. */
export interface EditedCorrection {
  text: string;
  none: boolean;
}

export class ReportDraft extends AutosavedDraft<SaveEcgReport, EcgReport> {
  conclusion = $state<Conclusion | null>(null);
  terms = $state<EditedTerm[]>([]);
  text = $state("");
  corrections = $state<Partial<Record<Measure, EditedCorrection>>>({});
  critical_value = $state<boolean | null>(null);

  /** `pressing`: the program found a possible critical value, on which the physician's own word is needed. */
  constructor(
    desk: Desk<SaveEcgReport, EcgReport>,
    report: EcgReport | null,
    private readonly pressing: boolean,
  ) {
    super(desk);
    if (report !== null) this.take(report);
  }

  get lacking(): Lacking[] {
    const fields: Lacking[] = [];
    if (this.conclusion === null) fields.push("conclusion");
    if (this.pressing && this.critical_value === null) fields.push("critical_value");
    if (this.terms.length === 0 && this.text.trim() === "") fields.push("terms");
    if (this.wrong.length > 0) fields.push("corrections");
    return fields;
  }

  /** Measurements in whose place something stands that is no possible figure. */
  get wrong(): Measure[] {
    return this.edited.filter(([measure, one]) => !one.none && readTyped(one.text, measure).kind === "wrong").map(([measure]) => measure);
  }

  choose(term: Pick<Term, "code" | "zh" | "en">): void {
    if (this.terms.some((one) => one.code === term.code)) return;
    this.terms.push({ code: term.code, zh: term.zh, en: term.en, leads: [], note: "" });
    this.changed();
  }

  drop(code: string): void {
    this.terms = this.terms.filter((one) => one.code !== code);
    this.changed();
  }

  /** Put a phrase in: its words after what is written, its terms, and its conclusion where none was chosen yet. */
  use(phrase: Phrase, words: string, known: readonly Term[]): void {
    for (const { code } of phrase.terms) {
      const term = known.find((one) => one.code === code);
      if (term !== undefined) this.choose(term);
    }
    const before = this.text.trimEnd();
    if (words !== "" && !before.includes(words)) this.text = before === "" ? words : `${before}\n${words}`;
    this.conclusion ??= phrase.conclusion;
    this.changed();
  }

  correct(measure: Measure, correction: EditedCorrection): void {
    this.corrections[measure] = correction;
    this.changed();
  }

  /** The corrected value; `undefined`: the machine's stands; `null`: it cannot be measured. */
  corrected(measure: Measure): number | null | undefined {
    const edited = this.corrections[measure];
    if (edited === undefined) return undefined;
    if (edited.none) return null;
    const typed = readTyped(edited.text, measure);
    return typed.kind === "value" ? typed.value : undefined;
  }

  protected override content(): SaveEcgReport {
    const corrections = this.edited.flatMap(([measure]) => {
      const value = this.corrected(measure);
      return value === undefined ? [] : [{ measure, value }];
    });
    const terms = this.terms.map(({ code, leads, note }) => ({ code, leads: [...leads], note }));
    return { version: this.version, conclusion: this.conclusion, terms, text: this.text, corrections, critical_value: this.critical_value };
  }

  protected override show(report: EcgReport): void {
    ({ conclusion: this.conclusion, text: this.text, critical_value: this.critical_value } = report);
    this.terms = report.terms.map((one) => ({ ...one, leads: [...one.leads] }));
    this.corrections = Object.fromEntries(report.corrections.map(({ measure, value }) => [measure, { text: value === null ? "" : String(value), none: value === null }]));
  }

  private get edited(): [Measure, EditedCorrection][] {
    return Object.entries(this.corrections) as [Measure, EditedCorrection][];
  }
}
