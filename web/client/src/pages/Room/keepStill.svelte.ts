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
  /** The marks it has there; only their number when it was kept before this page came, `null` when it was not on this page's stage. */
  marks: readonly string[] | number | null;
  /** What this page measured and gave along, each as it was sent. */
  claims: readonly string[];
}

/** What stands on the stage now. */
export interface OnStage {
  still_id: string;
  marks: readonly string[];
}

export class KeepModel {
  keeping = $state(false);
  /** Why the last try kept nothing. */
  fault = $state.raw<unknown>(null);
  /** Each still of this room that was kept, by whomever, by what it is called in the room. */
  readonly kept = new SvelteMap<string, InRecord>();
  /** What was asked for and not answered: asked again, nothing is kept twice. */
  private asked: { body: Omit<KeepStill, "request_id">; request_id: string } | null = null;

  constructor(
    private readonly consult_id: string,
    private readonly onStage: () => OnStage | null = () => null,
  ) {}

  follow(): () => void {
    return socket.on("still_kept", ({ consult_id, still_id, kept_id, number }) => {
      if (consult_id === this.consult_id) this.note(still_id, kept_id, number);
    });
  }

  /** Whether what is drawn or was measured here since is not in the record: it has to be kept once more. */
  changedSince(card: StillCard, laid: readonly Calipers[]): boolean {
    const in_record = this.kept.get(card.still_id);
    const stage = this.onStage();
    if (in_record === undefined || stage?.still_id !== card.still_id) return false;
    return !sameMarks(in_record.marks, stage.marks) || claimsAsSent(card, laid).some((one) => !in_record.claims.includes(one));
  }

  /** What was kept before this page came; without it, it is only not said. */
  async load(): Promise<void> {
    const found = await api.get<KeptStillList>(`/api/consults/${this.consult_id}/kept-stills`).catch(() => null);
    for (const { still_id, id, number, marks } of found?.stills ?? []) if (!this.kept.has(still_id)) this.kept.set(still_id, { id, number, marks, claims: [] });
  }

  /** Keep it; `null`: nothing was kept. */
  async keep(card: StillCard, laid: readonly Calipers[]): Promise<InRecord | null> {
    if (this.keeping) return null;
    this.keeping = true;
    this.fault = null;
    try {
      const body = { still_id: card.still_id, measurements: laid.flatMap((one) => claimsOf(one, card)) };
      const kept = await api.post<KeptStillCard>(`/api/consults/${this.consult_id}/stills`, { ...body, request_id: this.requestFor(body) }, LIMIT_MS);
      this.note(card.still_id, kept.id, kept.number, claimsAsSent(card, laid));
      this.asked = null;
    } catch (fault) {
      this.fault = fault;
    }
    this.keeping = false;
    return this.fault === null ? (this.kept.get(card.still_id) ?? null) : null;
  }

  /** The room tells it as well as the answer: whichever comes first has the marks of that moment. */
  private note(still_id: string, id: string, number: string, claims: readonly string[] = []): void {
    const before = this.kept.get(still_id);
    const stage = this.onStage();
    const marks = before?.id === id ? before.marks : stage?.still_id === still_id ? stage.marks : null;
    this.kept.set(still_id, { id, number, marks, claims: before?.id === id ? [...before.claims, ...claims] : claims });
  }

  private requestFor(body: Omit<KeepStill, "request_id">): string {
    const same = this.asked !== null && JSON.stringify(this.asked.body) === JSON.stringify(body);
    this.asked = { body, request_id: same ? this.asked!.request_id : crypto.randomUUID() };
    return this.asked.request_id;
  }
}

function sameMarks(kept: InRecord["marks"], now: readonly string[]): boolean {
  if (kept === null) return true; // not known
  if (typeof kept === "number") return kept === now.length;
  return kept.length === now.length && now.every((id) => kept.includes(id));
}

function claimsAsSent(card: StillCard, laid: readonly Calipers[]): string[] {
  return laid.flatMap((one) => claimsOf(one, card)).map((claim) => JSON.stringify(claim));
}

/** What calipers read, with the very points it was reckoned from; nothing where nothing is read. */
export function claimsOf(calipers: Calipers, card: StillCard): ClaimedMeasurement[] {
  const read = readingOf(calipers, card);
  if (read === null || "refused" in read || !calipers.done) return [];
  const points = calipers.points.map(({ x, y }) => [x, y] as [number, number]);
  return read.values.map(({ tool, value, unit, angle_deg }) => ({ tool, points, value, unit, angle_deg, label: "" }));
}
