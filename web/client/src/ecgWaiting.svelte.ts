/** How many ECGs wait to be read, for whoever has another page open. Names nobody. */

import { api } from "./api/client";
import { socket } from "./api/events";
import type { EcgReadingFigures, ReadingFigures } from "./api/types";
import { session } from "./session.svelte";

/** Many moves at once are one look. */
const SETTLE_MS = 400;

class EcgWaiting {
  private figures = $state.raw<readonly ReadingFigures[]>([]);
  /** Whether the site wants a second physician's signature; `null`: not known yet. */
  two_signatures = $state<boolean | null>(null);
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Nobody reads these yet, of every class. */
  readonly waiting = $derived(this.figures.reduce((sum, one) => sum + one.waiting, 0));
  /** Of them those that must be read at once. */
  readonly critical = $derived(this.figures.find((one) => one.urgency === "critical")?.waiting ?? 0);

  look(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.read(), SETTLE_MS);
  }

  private async read(): Promise<void> {
    if (!session.may("read_ecg")) {
      this.figures = [];
      return;
    }
    try {
      ({ figures: this.figures, two_signatures: this.two_signatures } = await api.get<EcgReadingFigures>("/api/ecg-reading/figures"));
    } catch {
      // what was known stays; the next move, or the line that comes back, looks again
    }
  }
}

export const ecgWaiting = new EcgWaiting();

/** Follow the socket. Called once, when the page starts. */
export function followEcgs(): void {
  socket.on("welcome", () => ecgWaiting.look());
  socket.on("ecg_study_changed", () => ecgWaiting.look());
}
