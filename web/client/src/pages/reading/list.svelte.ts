/** The reading list as this page knows it: read anew whenever something moved, and what it knew kept meanwhile. */

import { api } from "../../api/client";
import { serverNow_ms } from "../../api/clock";
import type { EcgReadingList, EcgStudyCard, ReadingFigures, StudyUrgency } from "../../api/types";

export type ClassFilter = "all" | StudyUrgency;
/** Many moves at once are one look. */
const SETTLE_MS = 250;

export class ReadingListModel {
  list = $state.raw<EcgReadingList | null>(null);
  /** When the server said what is shown. */
  read_ms = $state(0);
  /** Why the last look failed; what was known before is still shown. */
  fault = $state.raw<unknown>(null);
  filter = $state<ClassFilter>("all");
  private timer: ReturnType<typeof setTimeout> | undefined;
  private reading = false;
  private again = false;

  readonly shown = $derived(ofClass(this.list?.studies ?? [], this.filter));

  async read(): Promise<void> {
    if (this.reading) {
      this.again = true;
      return;
    }
    this.reading = true;
    try {
      this.list = await api.get<EcgReadingList>("/api/ecg-reading");
      this.read_ms = serverNow_ms();
      this.fault = null;
    } catch (fault) {
      this.fault = fault;
    } finally {
      this.reading = false;
    }
    if (!this.again) return;
    this.again = false;
    await this.read();
  }

  /** Something moved: look soon. */
  moved(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.read(), SETTLE_MS);
  }

  close(): void {
    clearTimeout(this.timer);
  }

  figuresOf(urgency: StudyUrgency): ReadingFigures | undefined {
    return this.list?.figures.find((one) => one.urgency === urgency);
  }
}

/** The studies of one class, in the server's order. */
export function ofClass(studies: readonly EcgStudyCard[], filter: ClassFilter): EcgStudyCard[] {
  return studies.filter((one) => filter === "all" || one.urgency === filter);
}

/** Of the figures of all classes the sum of one. */
export function total(figures: readonly ReadingFigures[], of: "waiting" | "being_read" | "awaiting_second" | "overdue" | "finished_today" | "rejected_today"): number {
  return figures.reduce((sum, one) => sum + one[of], 0);
}
