/** One page of a kept ECG: its samples as they are drawn, filtered, and what of them is missing. */

import type { DeviceSpan } from "../api/types";
import { Presence } from "./cells";
import type { Shown } from "./columns";
import { type Stretch, unusableOf } from "./deviceSaid";
import { type FilterSetting, LEAD_IN_S, LeadFilter, possibleAt, sectionsOf } from "./filters";
import { type StudySamples, uvOf } from "./studySamples";

/** A row of the sheet: the standard lead's name, or the channel's own where it is none, or is there already. */
export interface StudyLead {
  name: string;
  channel: number;
  derived: boolean;
}

/** Which channels are drawn under which name. */
export function studyLeads({ head }: StudySamples): StudyLead[] {
  const taken = new Set<string>();
  return head.channels.map(({ lead, name, derived }, channel) => {
    const free = [lead, name, `${name} ${channel + 1}`].find((one) => one !== "" && !taken.has(one)) ?? `${channel + 1}`;
    taken.add(free);
    return { name: free, channel, derived };
  });
}

/** Samples before a page that its filter needs: live and report begin theirs as early. */
export function leadInSamples(rate_hz: number): number {
  return Math.ceil(LEAD_IN_S * rate_hz);
}

export class StudyPage implements Shown {
  readonly empty = false;
  readonly start: number;
  private readonly from: number;
  private readonly values: Float32Array[];
  private readonly unusable: Uint8Array[];

  /** Samples [first, end) of the study; `breaks`: those that do not continue what was before; `spans`: what the device said. */
  constructor(
    private readonly samples: StudySamples,
    private readonly leads: readonly StudyLead[],
    filters: FilterSetting,
    readonly first: number,
    readonly end: number,
    private readonly breaks: ReadonlySet<number>,
    spans: readonly DeviceSpan[] = [],
  ) {
    const { head } = samples;
    this.start = Math.floor(first);
    this.from = Math.max(head.first, this.start - leadInSamples(head.rate_hz));
    const sections = sectionsOf(possibleAt(filters, head.rate_hz), head.rate_hz);
    this.unusable = leads.map(({ name }) => this.marked(unusableOf(spans, name)));
    this.values = leads.map(({ channel }) => this.filtered(channel, new LeadFilter(sections, head.rate_hz)));
  }

  presenceOf(index: number): Presence {
    if (this.isEmpty(index)) return Presence.Absent;
    return this.breaks.has(index) ? Presence.AfterBreak : Presence.Present;
  }

  isUnusable(lead: number, index: number): boolean {
    return this.unusable[lead]![index - this.start] === 1;
  }

  uv(lead: number, index: number): number {
    const at = index - this.from;
    return at < 0 || index >= this.end ? Number.NaN : this.values[lead]![at]!;
  }

  /** Samples of the page that lack a value, in the lead that lacks most. */
  get missing(): number {
    return Math.max(0, ...this.values.map((row) => row.subarray(this.start - this.from).reduce((sum, uv) => sum + Number(Number.isNaN(uv)), 0)));
  }

  private isEmpty(index: number): boolean {
    return this.leads.every((_, lead) => Number.isNaN(this.uv(lead, index)));
  }

  private marked(stretches: readonly Stretch[]): Uint8Array {
    const row = new Uint8Array(Math.max(0, this.end - this.start));
    for (const { first, end } of stretches) row.fill(1, Math.max(0, first - this.start), Math.max(0, end - this.start));
    return row;
  }

  private filtered(channel: number, filter: LeadFilter): Float32Array {
    const row = new Float32Array(Math.max(0, this.end - this.from));
    for (let i = 0; i < row.length; i++) {
      if (this.breaks.has(this.from + i)) filter.restart();
      row[i] = filter.next(uvOf(this.samples, channel, this.from + i));
    }
    return row;
  }
}
