/**
 * An opinion while it is written: saved by itself a moment after the last change, never over somebody else's.
 *
 * What could not be saved stays on the page. It is tried again when the server was not reached or failed; what
 * the server refused is shown and waits for the next change. A version that was overtaken is a conflict that a
 * person decides.
 */

import { ApiError } from "../../api/client";
import type { Advice, Opinion, PlanItem, SaveDraft } from "../../api/types";

const SAVE_AFTER_MS = 1_200;
const RETRY_AFTER_MS = 5_000;
/** A draft that is not there yet: the server then begins a new one. */
const NO_VERSION = 0;

/** The server's side of a draft. */
export interface Desk {
  save(draft: SaveDraft): Promise<Opinion>;
  read(): Promise<Opinion>;
  after(delay_ms: number, then: () => void): () => void;
}

export type Field = "findings" | "impression" | "advice";

export class Draft {
  findings = $state("");
  impression = $state("");
  advice = $state<Advice | null>(null);
  advice_text = $state("");
  plan = $state<PlanItem[]>([]);
  simulated = $state(false);
  version = $state(0);
  saved_at = $state<string | null>(null);
  saving = $state(false);
  /** Why the last saving failed. */
  fault = $state.raw<unknown>(null);
  /** The newer draft of another page, until it is decided which one stays. */
  conflict = $state.raw<Opinion | null>(null);
  /** A colleague's draft, which is not to be read here, stands in this one's place; a person decides. */
  replaced = $state(false);
  dirty = $state(false);
  private changes = 0;
  private stopTimer: () => void = () => {};

  constructor(
    private readonly desk: Desk,
    opinion: Opinion | null,
  ) {
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

  get undecided(): boolean {
    return this.conflict !== null || this.replaced;
  }

  /** Something was typed: save it soon. */
  changed(): void {
    this.changes += 1;
    this.dirty = true;
    if (!this.undecided) this.later(SAVE_AFTER_MS);
  }

  /** Save what is not saved; true when nothing is left to save. */
  async save(): Promise<boolean> {
    this.stopTimer();
    if (!this.dirty || this.undecided || this.saving) return !this.dirty;
    this.saving = true;
    const changes = this.changes;
    try {
      this.stored(await this.desk.save(this.content()), changes);
    } catch (fault) {
      await this.refused(fault);
    } finally {
      this.saving = false;
    }
    return !this.dirty;
  }

  /** Write this page's text over the newer draft. */
  async keepMine(): Promise<void> {
    if (!this.undecided) return;
    this.version = this.conflict?.version ?? NO_VERSION;
    this.conflict = null;
    this.replaced = false;
    this.dirty = true;
    await this.save();
  }

  takeOther(): void {
    if (this.conflict !== null) this.take(this.conflict);
    this.conflict = null;
  }

  /** Nothing is tried again after this; what is unsaved is sent once more. */
  close(): void {
    this.stopTimer();
    if (this.dirty) void this.save().finally(() => this.stopTimer());
  }

  private content(): SaveDraft {
    const plan = this.plan.filter((item) => item.text.trim() !== "").map((item) => ({ ...item, due_on: item.due_on || null }));
    return { version: this.version, findings: this.findings, impression: this.impression, advice: this.advice, advice_text: this.advice_text, plan };
  }

  private stored(opinion: Opinion, changes: number): void {
    this.version = opinion.version;
    this.saved_at = opinion.saved_at;
    this.simulated = opinion.simulated;
    this.fault = null;
    this.dirty = this.changes !== changes;
    if (this.dirty) this.later(SAVE_AFTER_MS);
  }

  private async refused(fault: unknown): Promise<void> {
    if (fault instanceof ApiError && fault.problem.code === "changed_meanwhile" && (await this.overtaken())) return;
    this.fault = fault;
    if (mayPass(fault)) this.later(RETRY_AFTER_MS);
  }

  /** Learn what overtook this draft; false when that cannot be learnt now. */
  private async overtaken(): Promise<boolean> {
    try {
      this.conflict = await this.desk.read();
    } catch (fault) {
      if (!(fault instanceof ApiError) || fault.status !== 404) return false;
      this.replaced = true;
    }
    this.fault = null;
    return true;
  }

  private take(opinion: Opinion): void {
    ({ findings: this.findings, impression: this.impression, advice: this.advice, advice_text: this.advice_text } = opinion);
    this.plan = opinion.plan.map((item) => ({ ...item }));
    ({ version: this.version, saved_at: this.saved_at, simulated: this.simulated } = opinion);
    this.fault = null;
    this.dirty = false;
  }

  private later(delay_ms: number): void {
    this.stopTimer();
    this.stopTimer = this.desk.after(delay_ms, () => void this.save());
  }
}

/** A refusal stands until something changes; a line or a server that failed may come back by itself. */
function mayPass(fault: unknown): boolean {
  if (!(fault instanceof ApiError)) return true;
  const { status, problem } = fault;
  return status === 0 || status === 401 || status === 408 || status === 429 || status >= 500 || problem.code === "changed_meanwhile";
}
