/** Deriving from what was measured on the kept stills of this consult: parts chosen, the figure at once, then kept. */

import { api } from "../../api/client";
import { socket } from "../../api/events";
import type { Derivation, Derive, DerivedMeasurement, MeasuredOfConsult } from "../../api/types";
import { type Candidate, candidatesOf } from "../../ultrasound/deriving";
import { derive, isFor, type PartKind, scalesDiffer, TAKES } from "../../ultrasound/measuring/derived";
import type { Measured, Refused } from "../../ultrasound/measuring/measured";

const LIMIT_MS = 30_000;

export class DeriveModel {
  shown = $state(false);
  derivation = $state<Derivation>("biplane");
  /** The keys of the parts that are chosen, in the order they are taken; "": not yet. */
  chosen = $state.raw<readonly string[]>(["", ""]);
  label = $state("");
  measured = $state.raw<MeasuredOfConsult | null>(null);
  keeping = $state(false);
  /** Why nothing was loaded, or kept at the last try. */
  fault = $state.raw<unknown>(null);
  private loads = 0;
  private asked: { body: string; request_id: string } | null = null;

  constructor(private readonly consult_id: string) {}

  follow(): () => void {
    const changed = ({ consult_id }: { consult_id: string }) => {
      if (consult_id === this.consult_id && this.shown) void this.load();
    };
    const stops = [socket.on("still_kept", changed), socket.on("measurement_derived", changed)];
    return () => stops.forEach((stop) => stop());
  }

  toggle(): void {
    this.shown = !this.shown;
    if (this.shown) void this.load();
  }

  use(derivation: Derivation): void {
    this.derivation = derivation;
    this.chosen = TAKES[derivation].map(() => "");
    this.label = "";
    this.fault = null;
  }

  choose(place: number, key: string): void {
    this.chosen = this.chosen.map((one, k) => (k === place ? key : one));
    this.fault = null;
  }

  get wanted(): readonly PartKind[] {
    return TAKES[this.derivation];
  }

  private readonly candidates = $derived<readonly Candidate[]>(this.measured === null ? [] : candidatesOf(this.measured));

  /** What may stand in a place. */
  fitting(place: number): Candidate[] {
    return this.candidates.filter(({ part }) => isFor(part, this.wanted[place]!));
  }

  /** The chosen parts, once all are. */
  get parts(): Candidate[] | null {
    const parts = this.chosen.map((key) => this.candidates.find(({ part }) => part.key === key));
    return parts.some((one) => one === undefined) ? null : (parts as Candidate[]);
  }

  /** What the chosen parts make, or why nothing. */
  get result(): (Measured & { scales_differ: boolean }) | Refused | null {
    const parts = this.parts?.map((one) => one.part) ?? null;
    if (parts === null) return null;
    const made = derive(this.derivation, parts);
    return "refused" in made ? made : { ...made, scales_differ: scalesDiffer(parts) };
  }

  /** The place that is to be filled next; as many as there are: all are. */
  get step(): number {
    const open = this.chosen.findIndex((key) => !this.candidates.some(({ part }) => part.key === key));
    return open < 0 ? this.chosen.length : open;
  }

  get derived(): readonly DerivedMeasurement[] {
    return this.measured?.derived ?? [];
  }

  async load(): Promise<void> {
    const number = ++this.loads;
    try {
      const measured = await api.get<MeasuredOfConsult>(`/api/consults/${this.consult_id}/measured`);
      if (number === this.loads) this.measured = measured;
    } catch (fault) {
      if (number === this.loads) this.fault = fault;
    }
  }

  async keep(): Promise<void> {
    const [{ parts, result }, derivation] = [this, this.derivation];
    if (this.keeping || parts === null || result === null || "refused" in result) return;
    this.keeping = true;
    this.fault = null;
    try {
      const { value, unit } = result;
      const body: Omit<Derive, "request_id"> = { derivation, parts: parts.map(({ name }) => name), value, unit, label: this.label.trim() };
      await api.post<DerivedMeasurement>(`/api/consults/${this.consult_id}/derived`, { ...body, request_id: this.requestFor(JSON.stringify(body)) }, LIMIT_MS);
      this.asked = null;
      this.use(derivation);
      await this.load();
    } catch (fault) {
      this.fault = fault;
    }
    this.keeping = false;
  }

  /** Asked again after no answer, nothing is kept twice. */
  private requestFor(body: string): string {
    const request_id = this.asked?.body === body ? this.asked.request_id : crypto.randomUUID();
    this.asked = { body, request_id };
    return request_id;
  }
}
