/** The ECGs of a tape: one a binding, each by its own station's clock, and shown only for as long as that was bound. */

import type { TapeAct, TapeEcg } from "../api/types";
import { type Bound, boundAt, bindingsOf } from "./bindings";
import { type Reading, readingAt } from "./clock";
import { type Stamped, TapeClocks } from "./clocks";
import { type Piece, TapeEcgTrack } from "./ecg";

/** An R wave: its sample, and where it stands on the tape's timeline. */
export interface Wave {
  sample: number;
  at_us: number;
}

export class TapeEcgs {
  private readonly bindings: Bound[];
  private readonly clocks = new Map<string, TapeClocks>();
  private readonly tracks = new Map<string, TapeEcgTrack>();
  /** While nothing is bound: of cards and devices alone. */
  private readonly unbound: TapeClocks;

  constructor(acts: readonly TapeAct[], ecgs: readonly TapeEcg[], bytes: (path: string) => Promise<ArrayBuffer>) {
    this.bindings = bindingsOf(acts);
    this.unbound = new TapeClocks(acts, null);
    for (const { binding_id } of this.bindings) this.clocks.set(binding_id, new TapeClocks(acts, binding_id));
    for (const { binding_id, recording } of ecgs) this.tracks.set(binding_id, new TapeEcgTrack(recording, bytes));
  }

  get any(): boolean {
    return this.tracks.size > 0;
  }

  bindingAt(at_us: number): string | null {
    return boundAt(this.bindings, at_us)?.binding_id ?? null;
  }

  /** How the clocks stood that belong to a moment. */
  clocksAt(at_us: number): TapeClocks {
    return this.clocks.get(this.bindingAt(at_us) ?? "") ?? this.unbound;
  }

  /** The ECG that was bound at a moment; `null`: none, or one that is no longer this resident's. */
  trackAt(at_us: number): TapeEcgTrack | null {
    return this.tracks.get(this.bindingAt(at_us) ?? "") ?? null;
  }

  /** The sample that belongs beside a moment and its picture; `null`: no ECG, or its clock is not known. */
  sampleAt(picture: Stamped | null, at_us: number): number | null {
    const station_us = this.clocksAt(at_us).stationTime(picture, at_us);
    return station_us === null ? null : (this.trackAt(at_us)?.sampleAt(station_us) ?? null);
  }

  /** What is to be drawn around a moment: the ECG of it, and those before and after as far as they reach in. */
  piecesAround(picture: Stamped | null, at_us: number, reach_s: number): Piece[] {
    const sample = this.sampleAt(picture, at_us);
    const reading = this.readingIn(boundAt(this.bindings, at_us), at_us);
    const track = this.trackAt(at_us);
    const middle_us = track === null || sample === null || reading === null ? at_us : track.timeOf(sample) - reading.offset_us;
    return this.bindings.flatMap((bound) => this.piece(bound, bound.binding_id === this.bindingAt(at_us) ? sample : null, middle_us, reach_s) ?? []);
  }

  private piece(bound: Bound, sample: number | null, middle_us: number, reach_s: number): Piece | null {
    const track = this.tracks.get(bound.binding_id);
    const reading = this.readingIn(bound, middle_us);
    if (track === undefined || middle_us < bound.from_us - reach_s * 1e6 || middle_us > bound.until_us + reach_s * 1e6) return null;
    if (reading === null) return sample === null ? null : { track, middle: Math.round(sample), from: -Infinity, until: Infinity };
    const at = (us: number) => track.sampleAt(us + reading.offset_us);
    return { track, middle: Math.round(sample ?? at(middle_us)), from: at(bound.from_us), until: at(bound.until_us) };
  }

  /** The next R wave, or the one before, of whatever ECG was bound there; `null` at the ends. */
  async rWave(at_us: number, sample: number | null, forward: boolean): Promise<Wave | null> {
    const here = this.bindings.filter((one) => (forward ? one.until_us > at_us : one.from_us <= at_us));
    for (const bound of forward ? here : here.reverse()) {
      const track = this.tracks.get(bound.binding_id);
      const reading = this.readingIn(bound, at_us);
      if (track === undefined || reading === null) continue;
      const is_here = bound.binding_id === this.bindingAt(at_us);
      const from = is_here && sample !== null ? sample : track.sampleAt((forward ? bound.from_us : bound.until_us) + reading.offset_us);
      const found = await track.rWave(Math.min(track.recording.sample_count - 1, Math.max(0, Math.round(from))), forward);
      if (found === null) continue;
      const found_us = Math.round(track.timeOf(found) - reading.offset_us);
      if (bound.from_us <= found_us && found_us < bound.until_us) return { sample: found, at_us: found_us };
    }
    return null;
  }

  /** How a binding's clock stood at a moment, or at the moment of it that is nearest. */
  private readingIn(bound: Bound | null, at_us: number): Reading | null {
    const clocks = bound === null ? undefined : this.clocks.get(bound.binding_id);
    return bound === null || clocks === undefined ? null : readingAt(clocks.station, Math.min(bound.until_us, Math.max(bound.from_us, at_us)));
  }
}
