/** Ten seconds of the live ECG: collected, judged, and kept only once somebody has seen how good they are. */

import { api } from "../../api/client";
import { newId } from "../../api/events";
import type { EcgLook, EcgStudyCard, LookAtEcg, StudyUrgency, TakeEcg } from "../../api/types";

const TAKEN_MS = 10_000;
/** The server waits up to 20 s for samples, and judging them takes a few more. */
const LIMIT_MS = 60_000;

export type Stage = "idle" | "collecting" | "filling" | "looked" | "saved";

/** The server and the time, given from outside. */
export interface Surroundings {
  look(consult_id: string, given: LookAtEcg): Promise<EcgLook>;
  keep(consult_id: string, given: TakeEcg): Promise<EcgStudyCard>;
  now_ms(): number;
  after(delay_ms: number, then: () => void): () => void;
}

export const server: Surroundings = {
  look: (consult_id, given) => api.post<EcgLook>(`/api/consults/${consult_id}/ecg-look`, given, LIMIT_MS),
  keep: (consult_id, given) => api.post<EcgStudyCard>(`/api/consults/${consult_id}/ecg-studies`, given, LIMIT_MS),
  now_ms: () => performance.now(),
  after(delay_ms, then) {
    const timer = setTimeout(then, delay_ms);
    return () => clearTimeout(timer);
  },
};

export class TenSeconds {
  stage = $state<Stage>("idle");
  looked = $state.raw<EcgLook | null>(null);
  saved = $state.raw<EcgStudyCard | null>(null);
  /** Whose electrodes they were: what was collected under one binding is never kept under another. */
  binding_id = $state<string | null>(null);
  /** Who else is taking ten seconds now. */
  other_id = $state<string | null>(null);
  private other_until_ms = 0;
  private stopOther: () => void = () => {};
  private began_ms = 0;
  private run = 0;
  private request_id = "";
  private stopTimer: () => void = () => {};

  constructor(
    private readonly consult_id: string,
    private readonly around: Surroundings = server,
  ) {}

  /** Seconds that are still to be collected. */
  left_s(): number {
    return Math.max(0, Math.ceil((TAKEN_MS - (this.around.now_ms() - this.began_ms)) / 1000));
  }

  /** Somebody else takes the next seconds: the patient is to lie still for so long. */
  otherTakes(participant_id: string, seconds: number): void {
    this.stopOther();
    this.other_id = participant_id;
    this.other_until_ms = this.around.now_ms() + seconds * 1000;
    this.stopOther = this.around.after(seconds * 1000, () => (this.other_id = null));
  }

  /** Seconds that are still to be collected by whoever else collects. */
  otherLeft_s(): number {
    return Math.max(0, Math.ceil((this.other_until_ms - this.around.now_ms()) / 1000));
  }

  /** Collect the next ten seconds and have them judged; nothing is kept by it. Throws what the server refused. */
  async collect(binding_id: string): Promise<void> {
    this.forget();
    const run = this.run;
    this.stage = "collecting";
    this.binding_id = binding_id;
    this.began_ms = this.around.now_ms();
    this.request_id = newId();
    this.stopTimer = this.around.after(TAKEN_MS, () => (this.stage = "filling"));
    try {
      const looked = await this.around.look(this.consult_id, { binding_id, next_ten: true });
      if (run !== this.run) return; // given up meanwhile
      this.stopTimer();
      this.looked = looked;
      this.stage = "looked";
    } catch (fault) {
      if (run !== this.run) return;
      this.forget();
      throw fault;
    }
  }

  /** Keep exactly the seconds that were judged, to be read. The same again, after a lost line, keeps nothing twice. */
  async keep(urgency: StudyUrgency): Promise<void> {
    const { looked, binding_id } = this;
    if (looked === null || binding_id === null) return;
    const saved = await this.around.keep(this.consult_id, { request_id: this.request_id, binding_id, first: looked.first, urgency });
    if (this.looked !== looked) return;
    this.saved = saved;
    this.looked = null;
    this.stage = "saved";
  }

  /** Nothing of it is kept; the stream itself is stored all the same. */
  forget(): void {
    this.run += 1;
    this.stopTimer();
    this.stage = "idle";
    this.looked = null;
    this.saved = null;
    this.binding_id = null;
  }
}
