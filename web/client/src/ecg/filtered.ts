/**
 * The ring's samples as they are drawn: filtered, beside the raw ones, up to the pen.
 *
 * The filter follows the pen, not the newest packet: whatever comes before the pen gets there is in order. What
 * comes after it was passed is taken in by going back to the last state kept before it, so a gap that is filled
 * ends in the same numbers as if nothing had ever been missing.
 */

import type { Shown } from "./columns";
import { Presence } from "./cells";
import { type FilterSetting, type FilterState, LeadFilter, possibleAt, sectionsOf } from "./filters";
import type { Ring } from "./ring";
import { MISSING } from "./wire";

const KEEP_STATE_EVERY_S = 1;

interface Kept {
  index: number;
  states: FilterState[];
}

/** Filters for some leads, one sample of each after the other. */
export class LeadFilters {
  private readonly leads: LeadFilter[];
  private readonly uv_per_lsb: number;

  constructor(setting: FilterSetting, rate_hz: number, lead_count: number, nv_per_lsb: number) {
    const sections = sectionsOf(possibleAt(setting, rate_hz), rate_hz);
    this.leads = Array.from({ length: lead_count }, () => new LeadFilter(sections, rate_hz));
    this.uv_per_lsb = nv_per_lsb / 1000;
  }

  /** One sample of a lead in steps of the converter; not-a-number where there is none. */
  next(lead: number, value: number): number {
    return this.leads[lead]!.next(value === MISSING ? Number.NaN : value * this.uv_per_lsb);
  }

  restart(): void {
    for (const lead of this.leads) lead.restart();
  }

  get states(): FilterState[] {
    return this.leads.map((lead) => lead.state);
  }

  set states(kept: FilterState[]) {
    this.leads.forEach((lead, i) => (lead.state = kept[i]!));
  }
}

/** What is filtered from: samples by their index. */
export interface Raw {
  readonly lead_count: number;
  readonly rate_hz: number;
  presenceOf(index: number): Presence;
  value(lead: number, index: number): number;
}

/** Run the filters over one index; `put` is given each lead's value. */
export function filterAt(filters: LeadFilters, raw: Raw, index: number, put: (lead: number, uv: number) => void): void {
  if (raw.presenceOf(index) === Presence.AfterBreak) filters.restart();
  for (let lead = 0; lead < raw.lead_count; lead++) put(lead, filters.next(lead, raw.value(lead, index)));
}

export class FilteredRing implements Shown {
  private readonly values: Float32Array;
  private filters: LeadFilters;
  /** Index after the last one that was filtered; `null` before the first. */
  private done: number | null = null;
  private changed_from = Infinity;
  private kept: Kept[] = [];

  constructor(
    private readonly ring: Ring,
    private readonly nv_per_lsb: number,
    private setting: FilterSetting,
  ) {
    this.values = new Float32Array(ring.capacity * ring.lead_count).fill(Number.NaN);
    this.filters = this.anew();
  }

  get empty(): boolean {
    return this.ring.empty;
  }

  get start(): number {
    return this.ring.start;
  }

  /** Index after the last sample that can be drawn. */
  get end(): number {
    return this.done ?? 0;
  }

  presenceOf(index: number): Presence {
    return this.ring.presenceOf(index);
  }

  isUnusable(lead: number, index: number): boolean {
    return this.ring.isUnusable(lead, index);
  }

  uv(lead: number, index: number): number {
    if (this.done === null || index >= this.done || index < this.ring.start) return Number.NaN;
    return this.values[(index % this.ring.capacity) * this.ring.lead_count + lead]!;
  }

  /** Draw with other filters from now on. */
  use(setting: FilterSetting): void {
    this.setting = setting;
    this.changed_from = -Infinity;
  }

  /** Samples came from `first` on; those that were passed already are taken in by the next `redo`. */
  changed(first: number): void {
    if (this.done !== null && first < this.done) this.changed_from = Math.min(this.changed_from, first);
  }

  /** Filter on, to `end`. */
  follow(end: number): void {
    const from = this.done ?? this.ring.start;
    this.run(Math.max(from, this.ring.start), Math.min(end, this.ring.end));
  }

  /** Go back to before whatever has changed, and filter from there to `end`. */
  redo(end: number): void {
    if (this.changed_from < Infinity) this.goBack(this.changed_from);
    this.changed_from = Infinity;
    this.follow(end);
  }

  private goBack(index: number): void {
    this.kept = index === -Infinity ? [] : this.kept.filter((one) => one.index <= index && one.index >= this.ring.start);
    const last = this.kept.at(-1);
    if (last === undefined) this.filters = this.anew();
    else this.filters.states = last.states;
    this.done = last?.index ?? this.ring.start;
  }

  private run(from: number, end: number): void {
    const { ring, values, filters } = this;
    const step = Math.ceil(ring.rate_hz * KEEP_STATE_EVERY_S);
    for (let index = from; index < end; index++) {
      if (index % step === 0 && this.kept.at(-1)?.index !== index) this.keep(index);
      const place = (index % ring.capacity) * ring.lead_count;
      filterAt(filters, ring, index, (lead, uv) => (values[place + lead] = uv));
    }
    this.done = Math.max(this.done ?? 0, end, from);
  }

  private keep(index: number): void {
    this.kept.push({ index, states: this.filters.states });
    while (this.kept[0]!.index < this.ring.start) this.kept.shift();
  }

  private anew(): LeadFilters {
    return new LeadFilters(this.setting, this.ring.rate_hz, this.ring.lead_count, this.nv_per_lsb);
  }
}
