/** An earlier ECG of the resident over ten seconds of the live one, taken or frozen. */

import { api } from "../../api/client";
import type { CompareEcg, EcgComparisonPage, EcgStudyCard, EcgStudyList } from "../../api/types";
import { Attempt } from "../../ui/attempt.svelte";

/** The server waits for samples, measures and compares. */
const LIMIT_MS = 60_000;
const COMPARED_S = 10;

/** The server, given from outside. */
export interface Surroundings {
  list(consult_id: string): Promise<EcgStudyList>;
  compare(consult_id: string, given: CompareEcg): Promise<EcgComparisonPage>;
}

const server: Surroundings = {
  list: (consult_id) => api.get<EcgStudyList>(`/api/consults/${consult_id}/earlier-ecgs`),
  compare: (consult_id, given) => api.post<EcgComparisonPage>(`/api/consults/${consult_id}/ecg-comparison`, given, LIMIT_MS),
};

/** The sample at which the last ten seconds of a frozen page begin. */
export function firstOfFrozen(end: number, rate_hz: number): number {
  return Math.max(0, Math.round(end) - Math.ceil(COMPARED_S * rate_hz));
}

export class EarlierEcg {
  /** Which seconds are compared; `null`: nothing is. */
  seconds = $state.raw<{ binding_id: string; first: number } | null>(null);
  /** What they can be compared with; `null`: not known yet. */
  studies = $state.raw<EcgStudyCard[] | null>(null);
  chosen = $state("");
  page = $state.raw<EcgComparisonPage | null>(null);
  busy = $state(false);
  attempt = $state.raw(new Attempt());
  private run = 0;

  constructor(
    private readonly consult_id: string,
    private readonly around: Surroundings = server,
  ) {}

  /** Compare these seconds with the last ECG of the resident from before this consult. */
  async open(binding_id: string, first: number): Promise<void> {
    this.close();
    this.seconds = { binding_id, first };
    const run = this.run;
    await this.tried(run, async () => {
      const { studies } = await this.around.list(this.consult_id);
      if (run !== this.run) return;
      this.studies = studies;
      this.chosen = (studies.find((one) => one.consult_id !== this.consult_id) ?? studies[0])?.id ?? "";
    });
    if (run === this.run && this.chosen !== "") await this.compare();
  }

  /** Compare the same seconds with another of them. */
  async choose(id: string): Promise<void> {
    this.chosen = id;
    await this.compare();
  }

  close(): void {
    this.run += 1;
    this.seconds = null;
    this.studies = null;
    this.chosen = "";
    this.page = null;
    this.busy = false;
    this.attempt = new Attempt();
  }

  private async compare(): Promise<void> {
    const { seconds, chosen: earlier } = this;
    if (seconds === null) return;
    const run = ++this.run;
    this.page = null; // never another's picture under this one's name
    await this.tried(run, async () => {
      const page = await this.around.compare(this.consult_id, { ...seconds, earlier });
      if (run === this.run) this.page = page;
    });
  }

  /** What is under way, and what was refused, is the last run's alone. */
  private async tried(run: number, work: () => Promise<void>): Promise<void> {
    const attempt = (this.attempt = new Attempt());
    this.busy = true;
    await attempt.run(work);
    if (run === this.run) this.busy = false;
  }
}
