/** An opinion while it is written. */

import type { Advice, Opinion, PlanItem, SaveDraft } from "../../api/types";
import { AutosavedDraft, type Desk } from "../../autosave.svelte";

export type Field = "findings" | "impression" | "advice";

export class Draft extends AutosavedDraft<SaveDraft, Opinion> {
  findings = $state("");
  impression = $state("");
  advice = $state<Advice | null>(null);
  advice_text = $state("");
  plan = $state<PlanItem[]>([]);

  constructor(desk: Desk<SaveDraft, Opinion>, opinion: Opinion | null) {
    super(desk);
    if (opinion !== null) this.take(opinion);
  }

  /** What a signature still needs. */
  get missing(): Field[] {
    const fields: Field[] = [];
    if (this.findings.trim() === "") fields.push("findings");
    if (this.impression.trim() === "") fields.push("impression");
    if (this.advice === null) fields.push("advice");
    return fields;
  }

  /** Write a line under the findings. */
  add(line: string): void {
    const before = this.findings.trimEnd();
    this.findings = before === "" ? line : `${before}\n${line}`;
    this.changed();
  }

  protected override content(): SaveDraft {
    const plan = this.plan.filter((item) => item.text.trim() !== "").map((item) => ({ ...item, due_on: item.due_on || null }));
    return { version: this.version, findings: this.findings, impression: this.impression, advice: this.advice, advice_text: this.advice_text, plan };
  }

  protected override show(opinion: Opinion): void {
    ({ findings: this.findings, impression: this.impression, advice: this.advice, advice_text: this.advice_text } = opinion);
    this.plan = opinion.plan.map((item) => ({ ...item }));
  }
}
