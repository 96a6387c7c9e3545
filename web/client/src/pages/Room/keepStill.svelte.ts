/** Keeping the exact picture on the stage with the record: its marks are the room's, what is measured goes along. */

import { SvelteMap } from "svelte/reactivity";
import { api } from "../../api/client";
import { socket } from "../../api/events";
import type { ClaimedMeasurement, KeepStill, KeptStillCard, KeptStillList, StillCard } from "../../api/types";
import type { Calipers } from "../../ultrasound/calipers";
import { readingOf } from "../../ultrasound/readings";

const LIMIT_MS = 30_000;

/** A still of the room as it is in the record. */
export interface InRecord {
  id: string;
  number: string;
}

export class KeepModel {
  keeping = $state(false);
  /** Why the last try kept nothing. */
  fault = $state.raw<unknown>(null);
  /** Each still of this room that was kept, by whomever, by what it is called in the room. */
  readonly kept = new SvelteMap<string, InRecord>();
  /** What was asked for and not answered: asked again, nothing is kept twice. */
  private asked: { body: Omit<KeepStill, "request_id">; request_id: string } | null = null;

  constructor(private readonly consult_id: string) {}

  follow(): () => void {
    return socket.on("still_kept", ({ consult_id, still_id, kept_id, number }) => {
      if (consult_id === this.consult_id) this.kept.set(still_id, { id: kept_id, number });
    });
  }

  /** What was kept before this page came; without it, it is only not said. */
  async load(): Promise<void> {
    const found = await api.get<KeptStillList>(`/api/consults/${this.consult_id}/kept-stills`).catch(() => null);
    for (const { still_id, id, number } of found?.stills ?? []) if (!this.kept.has(still_id)) this.kept.set(still_id, { id, number });
  }

  /** Keep it; `null`: nothing was kept. */
  async keep(card: StillCard, laid: readonly Calipers[]): Promise<InRecord | null> {
    if (this.keeping) return null;
    this.keeping = true;
    this.fault = null;
    try {
      const body = { still_id: card.still_id, measurements: laid.flatMap((one) => claimsOf(one, card)) };
      const kept = await api.post<KeptStillCard>(`/api/consults/${this.consult_id}/stills`, { ...body, request_id: this.requestFor(body) }, LIMIT_MS);
      this.kept.set(card.still_id, { id: kept.id, number: kept.number });
      this.asked = null;
    } catch (fault) {
      this.fault = fault;
    }
    this.keeping = false;
    return this.fault === null ? (this.kept.get(card.still_id) ?? null) : null;
  }

  private requestFor(body: Omit<KeepStill, "request_id">): string {
    const same = this.asked !== null && JSON.stringify(this.asked.body) === JSON.stringify(body);
    this.asked = { body, request_id: same ? this.asked!.request_id : crypto.randomUUID() };
    return this.asked.request_id;
  }
}

/** What calipers read, with the very points it was reckoned from; nothing where nothing is read. */
export function claimsOf(calipers: Calipers, card: StillCard): ClaimedMeasurement[] {
  const read = readingOf(calipers, card);
  if (read === null || "refused" in read || !calipers.done) return [];
  const points = calipers.points.map(({ x, y }) => [x, y] as [number, number]);
  return read.values.map(({ tool, value, unit, angle_deg }) => ({ tool, points, value, unit, angle_deg, label: "" }));
}
