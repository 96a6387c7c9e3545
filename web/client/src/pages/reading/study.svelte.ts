/** One kept ECG on its page: what is known of it, whose it is to read now, and what can be done with it. */

import { api, ApiError } from "../../api/client";
import { serverNow_ms } from "../../api/clock";
import type { EcgReport, EcgStudyCard, EcgStudyPage, EcgTermList, RejectEcg, SaveEcgReport } from "../../api/types";
import { type ClaimTimes, claimTimes, renewed } from "./claim";
import { ReportDraft } from "./report.svelte";

/** How a claim was lost while its report was open. What was written stays on the page, and with the server. */
export type Lost = "expired" | "taken" | "over";

export class StudyModel {
  page = $state.raw<EcgStudyPage | null>(null);
  /** Why the page could not be read. */
  fault = $state.raw<unknown>(null);
  /** When the server said what is shown. */
  read_ms = $state(0);
  draft = $state.raw<ReportDraft | null>(null);
  claim = $state.raw<ClaimTimes | null>(null);
  lost = $state<Lost | null>(null);
  terms = $state.raw<EcgTermList | null>(null);
  private readonly path: string;

  constructor(
    readonly id: string,
    private readonly account_id: string,
  ) {
    this.path = `/api/ecg-studies/${id}`;
  }

  get card(): EcgStudyCard | null {
    return this.page?.study ?? null;
  }

  /** It is this physician's to write on now. */
  get mine(): boolean {
    return this.card?.state === "reading" && this.card.claimed_by?.id === this.account_id && this.lost === null;
  }

  /** The report that waits for a second signature. */
  get awaiting(): EcgReport | null {
    return this.card?.state === "signed" ? (this.page?.reports.findLast((one) => one.kind === "reading") ?? null) : null;
  }

  async read(): Promise<void> {
    try {
      this.show(await api.get<EcgStudyPage>(this.path));
    } catch (refused) {
      if (this.draft !== null && refused instanceof ApiError && refused.status === 404) this.lost = "taken";
      else if (this.page === null) this.fault = refused;
    }
  }

  /** It moved on elsewhere, as the server's event says. */
  moved(version: number): void {
    if (this.card === null || version > this.card.version) void this.read();
  }

  async take(): Promise<void> {
    await api.post(`${this.path}/claim`);
    await this.read();
    if (this.draft?.dirty) await this.draft.save();
  }

  async release(): Promise<void> {
    await this.stored();
    await api.post(`${this.path}/release`);
    this.forget();
    await this.read();
  }

  async reject(given: RejectEcg): Promise<void> {
    await api.post(`${this.path}/reject`, given);
    this.forget();
    await this.read();
  }

  /** Sign exactly what is on the page. */
  async sign(): Promise<void> {
    await this.stored();
    await api.post(`${this.path}/report/sign`, { version: this.draft?.version ?? 0 });
    this.forget();
    await this.read();
  }

  async cosign(report: EcgReport): Promise<void> {
    await api.post(`${this.path}/report/cosign`, { report_id: report.id, digest: report.digest });
    await this.read();
  }

  async giveBack(reason: string): Promise<void> {
    await api.post(`${this.path}/report/return`, { reason });
    await this.read();
  }

  async add(text: string): Promise<void> {
    await api.post(`${this.path}/addenda`, { text });
    await this.read();
  }

  close(): void {
    if (this.lost === null) this.draft?.close();
  }

  private show(page: EcgStudyPage): void {
    this.page = page;
    this.read_ms = serverNow_ms();
    this.fault = null;
    const held = page.study.state === "reading" && page.study.claimed_by?.id === this.account_id && page.details.claim !== null;
    if (held) this.hold(page);
    else if (this.draft !== null) this.lost = page.study.state === "waiting" ? "expired" : page.study.state === "reading" ? "taken" : "over";
  }

  private hold(page: EcgStudyPage): void {
    this.claim = claimTimes(page.details.claim!, page.own_draft?.saved_at ?? null);
    this.lost = null;
    this.draft ??= new ReportDraft(this.desk, page.own_draft, page.study.critical_rules.length > 0);
    if (this.terms === null) void this.readTerms();
  }

  private readonly desk = {
    save: async (content: SaveEcgReport): Promise<EcgReport> => {
      const report = await api.put<EcgReport>(`${this.path}/report`, content);
      if (this.claim !== null) this.claim = renewed(this.claim, report.saved_at);
      return report;
    },
    read: async (): Promise<EcgReport> => {
      const { own_draft } = await api.get<EcgStudyPage>(this.path);
      if (own_draft === null) throw new ApiError(404, { code: "not_found", sentence: "", fields: {} });
      return own_draft;
    },
    after(delay_ms: number, then: () => void) {
      const timer = setTimeout(then, delay_ms);
      return () => clearTimeout(timer);
    },
  };

  async readTerms(): Promise<void> {
    try {
      this.terms = await api.get<EcgTermList>("/api/ecg-terms");
    } catch {
      // a report can be written in words; the picker offers to try again
    }
  }

  private async stored(): Promise<void> {
    const { draft } = this;
    if (draft === null || (await draft.save())) return;
    throw draft.fault ?? new Error("unsaved");
  }

  private forget(): void {
    this.draft = null;
    this.claim = null;
    this.lost = null;
  }
}
