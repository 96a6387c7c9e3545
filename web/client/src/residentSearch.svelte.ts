/** Find residents by name, pinyin initials or record number; the words searched for are in no address. */

import { api } from "./api/client";
import type { ResidentCard, ResidentList } from "./api/types";

const PAUSE_MS = 250;

export class ResidentSearch {
  query = $state("");
  found = $state.raw<ResidentCard[]>([]);
  more = $state(false);
  looking = $state(false);
  fault = $state.raw<unknown>(null);
  private asked = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Search soon: typing goes on. */
  soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.now(), PAUSE_MS);
  }

  async now(): Promise<void> {
    clearTimeout(this.timer);
    const asked = ++this.asked;
    this.looking = true;
    try {
      const list = await api.post<ResidentList>("/api/residents/search", { query: this.query.trim() });
      if (asked !== this.asked) return; // a newer question was asked meanwhile
      [this.found, this.more, this.fault] = [list.residents, list.more, null];
    } catch (fault) {
      if (asked === this.asked) this.fault = fault;
    } finally {
      if (asked === this.asked) this.looking = false;
    }
  }
}
