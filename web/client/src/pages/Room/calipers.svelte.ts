/** Calipers on the still ECG: one's own, and those of the others as they move. */

import { SvelteMap } from "svelte/reactivity";
import { socket } from "../../api/events";
import type { EcgCalipers } from "../../api/types";
import { type CaliperKind, type Limb, type Limbs, moved, type NoTangent, onTrace, type Piece, read, type Reading, type Refusal, refusal, rrAround, tangentEnd } from "../../ecg/calipers";
import type { StillStatus } from "../../ecg/protocol";
import type { EcgModel } from "./ecg.svelte";
import { Telling } from "./telling";

const FIRST_APART_S = 0.4;

/** What is read between somebody's limbs, or why nothing may be. */
export type Measured = { reading: Reading } | { refused: Refusal };

export class CaliperModel {
  own = $state.raw<Limbs | null>(null);
  active = $state<Limb>("second");
  measured = $state.raw<Measured | null>(null);
  /** Why the last wish for a tangent was not met; gone once anything moves. */
  no_tangent = $state.raw<NoTangent | null>(null);
  /** Of the others on this binding's ECG, by participant. */
  readonly others = new SvelteMap<string, EcgCalipers>();
  private piece: Piece | null = null;
  private fetched = 0;
  private readonly telling = new Telling(() => this.send());

  constructor(
    private readonly consult_id: string,
    private readonly ecg: EcgModel,
  ) {}

  private get still(): StillStatus | null {
    return this.ecg.still;
  }

  private get rate_hz(): number | null {
    return this.ecg.status?.meta?.rate_hz ?? null;
  }

  follow(): () => void {
    const stop = socket.on("ecg_measured", ({ consult_id, participant_id, calipers }) => {
      if (consult_id !== this.consult_id) return;
      if (calipers === null || calipers.binding_id !== this.ecg.binding?.id) this.others.delete(participant_id);
      else this.others.set(participant_id, calipers);
    });
    return () => {
      stop();
      this.telling.stop();
    };
  }

  /** Lay calipers on the middle of the still page; the ECG is frozen first when it is live. */
  open(): void {
    if (this.own !== null) return this.putAway();
    if (this.still === null) {
      this.ecg.toggleFreeze();
      void this.afterFreeze();
    } else this.lay();
  }

  putAway(): void {
    if (this.own === null) return;
    this.own = null;
    this.measured = null;
    this.no_tangent = null;
    this.piece = null;
    this.telling.now();
  }

  /** The page turned, or live is back: calipers that are not on it any more are put away. */
  paged(): void {
    const { own, still } = this;
    if (own === null) return;
    if (still === null) return this.putAway();
    void this.look(own.lead);
  }

  setKind(kind: CaliperKind): void {
    if (this.own === null) return;
    this.own = { ...this.own, kind };
    this.no_tangent = null;
    if (kind === "qt") this.correct();
    this.changed();
  }

  setLead(lead: string): void {
    if (this.own === null || this.own.lead === lead) return;
    this.own = { ...this.own, lead };
    this.no_tangent = null;
    void this.look(lead);
  }

  /** Put a limb on a sample. */
  put(limb: Limb, index: number): void {
    if (this.own === null || this.still === null) return;
    this.move(limb, Math.round(index) - this.own[limb]);
  }

  move(limb: Limb, by: number): void {
    const { own, still } = this;
    if (own === null || still === null) return;
    this.active = limb;
    this.no_tangent = null;
    this.own = moved(own, limb, by, Math.ceil(still.first), still.end);
    if (own.kind === "qt") this.correct();
    this.changed();
  }

  /** Lay the second limb where the tangent says that T ends, or say in `no_tangent` why none can be laid. */
  tangent(): void {
    const { own, piece, rate_hz } = this;
    if (own === null || piece === null || rate_hz === null) return;
    const onset = Math.min(own.first, own.second);
    const end = tangentEnd(onset, piece, rate_hz);
    if (typeof end === "number") {
      this.own = { ...own, first: onset, second: end };
      this.no_tangent = null;
      this.changed();
    } else this.no_tangent = end;
  }

  private async afterFreeze(): Promise<void> {
    for (let tries = 0; tries < 200 && this.still === null; tries++) await new Promise((done) => setTimeout(done, 50));
    this.lay();
  }

  private lay(): void {
    const { still, rate_hz, ecg } = this;
    if (still === null || rate_hz === null) return;
    const middle = Math.round((still.first + still.end) / 2);
    const lead = ecg.leads.includes("II") ? "II" : ecg.leads[0];
    if (lead === undefined) return;
    const apart = Math.round((FIRST_APART_S * rate_hz) / 2);
    this.own = { kind: "interval", lead, first: Math.max(Math.ceil(still.first), middle - apart), second: Math.min(still.end - 1, middle + apart), first_uv: 0, second_uv: 0, rr: null };
    this.active = "second";
    void this.look(lead);
  }

  private async look(lead: string): Promise<void> {
    const number = ++this.fetched;
    const piece = await this.ecg.piece(lead);
    if (number !== this.fetched || this.own === null) return;
    this.piece = piece;
    if (this.own.kind === "qt") this.correct();
    this.changed();
  }

  /** The RR before, by which QT is corrected. */
  private correct(): void {
    const { own, piece, rate_hz } = this;
    if (own === null || rate_hz === null) return;
    this.own = { ...own, rr: piece === null ? null : rrAround(Math.min(own.first, own.second), piece, rate_hz) };
  }

  private changed(): void {
    const { own, piece, rate_hz } = this;
    if (own === null || rate_hz === null) return;
    const refused = piece === null ? "gap" : refusal(own, piece);
    this.own = piece === null ? own : onTrace(own, piece);
    this.measured = refused === null ? { reading: read(this.own, rate_hz) } : { refused };
    this.telling.soon();
  }

  private send(): void {
    const { own } = this;
    const binding_id = this.ecg.binding?.id;
    if (binding_id === undefined) return;
    const calipers = own === null || (this.measured !== null && "refused" in this.measured) ? null : ({ ...own, binding_id } as EcgCalipers);
    socket.notice({ type: "measure_ecg", consult_id: this.consult_id, calipers });
  }
}
