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
  /** The marks it has there. */
  mark_ids: readonly string[];
  /** What was measured on it there, whenever it was kept. */
  measured: readonly string[];
}

/** What is drawn on the stage now. */
export interface OnStage {
  still_id: string;
  mark_ids: readonly string[];
}

export class KeepModel {
  keeping = $state(false);
  /** Why the last try kept nothing. */
  fault = $state.raw<unknown>(null);
  /** Each still of this room that was kept, by whomever, by what it is called in the room. */
  readonly kept = new SvelteMap<string, InRecord>();
  /** What was asked for and not answered: asked again, nothing is kept twice. */
  private asked: { body: Omit<KeepStill, "request_id">; drawn: string; request_id: string } | null = null;

  constructor(
    private readonly consult_id: string,
    private readonly onStage: () => OnStage | null = () => null,
  ) {}

  follow(): () => void {
    return socket.on("still_kept", ({ consult_id, still_id, kept_id, number, mark_ids }) => {
      if (consult_id === this.consult_id) this.note(still_id, { id: kept_id, number, mark_ids: mark_ids ?? [], measured: [] });
    });
  }

  /** Whether what is drawn or was measured here since is not in the record: it has to be kept once more. */
  changedSince(card: StillCard, laid: readonly Calipers[]): boolean {
    const in_record = this.kept.get(card.still_id);
    const stage = this.onStage();
    if (in_record === undefined || stage?.still_id !== card.still_id) return false;
    return !isSame(in_record.mark_ids, stage.mark_ids) || measuredOn(card, laid).some((one) => !in_record.measured.includes(one));
  }

  /** What was kept before this page came, or while it was away; without it, it is only not said. */
  async load(): Promise<void> {
    const found = await api.get<KeptStillList>(`/api/consults/${this.consult_id}/kept-stills`).catch(() => null);
    for (const one of found?.stills ?? []) this.note(one.still_id, inRecord(one));
  }

  /** Keep it; `null`: nothing was kept. */
  async keep(card: StillCard, laid: readonly Calipers[]): Promise<InRecord | null> {
    if (this.keeping) return null;
    this.keeping = true;
    this.fault = null;
    try {
      const body = { still_id: card.still_id, measurements: laid.flatMap((one) => claimsOf(one, card)) };
      const kept = await api.post<KeptStillCard>(`/api/consults/${this.consult_id}/stills`, { ...body, request_id: this.requestFor(body) }, LIMIT_MS);
      this.asked = null;
      this.note(card.still_id, inRecord(kept));
    } catch (fault) {
      this.fault = fault;
    }
    this.keeping = false;
    return this.fault === null ? (this.kept.get(card.still_id) ?? null) : null;
  }

  /** Of several records of one still the last one counts, in whichever order they become known. */
  private note(still_id: string, one: InRecord): void {
    const before = this.kept.get(still_id);
    const last = before !== undefined && before.number > one.number ? before : one;
    this.kept.set(still_id, { ...last, measured: [...new Set([...(before?.measured ?? []), ...one.measured])] });
    if (this.keeping || this.asked?.body.still_id !== still_id) return;
    this.asked = this.fault = null; // the answer was lost, or somebody else kept it
  }

  /** What is drawn goes along with the room, so it belongs to what was asked for. */
  private requestFor(body: Omit<KeepStill, "request_id">): string {
    const stage = this.onStage();
    const drawn = JSON.stringify(stage?.still_id === body.still_id ? stage.mark_ids : []);
    const is_same = this.asked !== null && this.asked.drawn === drawn && JSON.stringify(this.asked.body) === JSON.stringify(body);
    this.asked = { body, drawn, request_id: is_same ? this.asked!.request_id : crypto.randomUUID() };
    return this.asked.request_id;
  }
}

function inRecord({ id, number, mark_ids, measurements }: KeptStillCard): InRecord {
  return { id, number, mark_ids, measured: measurements.map(asMeasured) };
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && others.every((one) => some.includes(one));
}

function measuredOn(card: StillCard, laid: readonly Calipers[]): string[] {
  return laid.flatMap((one) => claimsOf(one, card)).map(asMeasured);
}

/** One and the same measurement: one tool at the same places, by the same angle. */
function asMeasured({ tool, points, angle_deg }: Pick<ClaimedMeasurement, "tool" | "points" | "angle_deg">): string {
  return JSON.stringify([tool, points, angle_deg ?? null]);
}

/** What calipers read, with the very points it was reckoned from; nothing where nothing is read. */
export function claimsOf(calipers: Calipers, card: StillCard): ClaimedMeasurement[] {
  const read = readingOf(calipers, card);
  if (read === null || "refused" in read || !calipers.done) return [];
  const points = calipers.points.map(({ x, y }) => [x, y] as [number, number]);
  return read.values.map(({ tool, value, unit, angle_deg }) => ({ tool, points, value, unit, angle_deg, label: "" }));
}
