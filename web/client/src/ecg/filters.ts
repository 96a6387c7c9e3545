/**
 * The filters of the view: the twin of `ecg/signal/filters.py`, sample by sample, with its state.
 *
 * Raw samples are what is stored and sent; a filter belongs to one viewer's picture and is printed on it. The
 * order of operations is that of the twin, so a report shows what the screen showed; both are held to the same
 * golden vectors.
 */

import { type Biquad, firstOrderHighPass, notch, secondOrderLowPass, settled, steadyGain } from "./biquads";

/** 5 Hz wide at 50 Hz: mains may drift by 1 Hz, and ringing after a QRS stays below 15 uV. */
const NOTCH_Q = 10;
/** A hole up to this long keeps the baseline that was found; after a longer one it is found anew. */
const RESTART_AFTER_S = 0.2;
/** Of the sample rate; above it the bilinear transform leaves nothing of the wanted slope. */
const HIGHEST_CORNER = 0.45;
/** What a high-pass of first order still holds of a level after this many seconds at its 0.05 Hz: 0.2 %. */
export const LEAD_IN_S = 20;

export const HIGH_PASSES_HZ = [0.05, 0.5, 0.67] as const;
export const LOW_PASSES_HZ = [150, 100, 40] as const;
export const MAINS_HZ = [50, 60] as const;

/** Which filters a picture is drawn with; `null`: none of that kind. */
export interface FilterSetting {
  /** What takes the baseline away; of first order. */
  high_pass_hz: (typeof HIGH_PASSES_HZ)[number] | null;
  /** What takes fast noise away; Butterworth of second order. */
  low_pass_hz: (typeof LOW_PASSES_HZ)[number] | null;
  /** The mains frequency that is notched out. */
  mains_hz: (typeof MAINS_HZ)[number] | null;
}

/** The band of a diagnostic ECG of adults (AHA/ACC/HRS 2007). */
export const DIAGNOSTIC: FilterSetting = { high_pass_hz: 0.05, low_pass_hz: 150, mains_hz: null };

/** Whether ST levels may be read: above 0.05 Hz a high-pass of first order shifts them. */
export function isStValid({ high_pass_hz }: FilterSetting): boolean {
  return high_pass_hz === null || high_pass_hz <= 0.05;
}

/** Whether the band is a diagnostic one; a notch does not take that away. */
export function isDiagnostic(setting: FilterSetting): boolean {
  return isStValid(setting) && (setting.low_pass_hz === null || setting.low_pass_hz >= 150);
}

/** Of what is wanted, what can be done at a sample rate: a corner too near to half of it cannot. */
export function possibleAt(wanted: FilterSetting, rate_hz: number): FilterSetting {
  const fits = (hz: number | null) => hz !== null && hz <= HIGHEST_CORNER * rate_hz;
  return {
    high_pass_hz: wanted.high_pass_hz,
    low_pass_hz: fits(wanted.low_pass_hz) ? wanted.low_pass_hz : null,
    mains_hz: fits(wanted.mains_hz) ? wanted.mains_hz : null,
  };
}

/** The sections in the order they are applied; the setting must be possible at the rate. */
export function sectionsOf(setting: FilterSetting, rate_hz: number): Biquad[] {
  const sections: Biquad[] = [];
  if (setting.high_pass_hz !== null) sections.push(firstOrderHighPass(setting.high_pass_hz, rate_hz));
  if (setting.mains_hz !== null) sections.push(notch(setting.mains_hz, rate_hz, NOTCH_Q));
  if (setting.low_pass_hz !== null) sections.push(secondOrderLowPass(setting.low_pass_hz, rate_hz));
  return sections;
}

/** Where a filter stands between two samples: nothing of it is shared with the filter. */
export type FilterState = Float64Array;

/**
 * A cascade of sections on one lead, fed sample by sample.
 *
 * It begins as if its first value had stood for ever. A missing sample is not-a-number, in and out; a hole up to
 * 0.2 s keeps the state, a longer one begins anew.
 */
export class LeadFilter {
  private readonly memory: Float64Array;
  private begun = false;
  private missed = 0;
  private readonly restart_after: number;

  constructor(
    private readonly sections: readonly Biquad[],
    rate_hz: number,
  ) {
    this.memory = new Float64Array(2 * sections.length);
    this.restart_after = roundHalfEven(RESTART_AFTER_S * rate_hz);
  }

  /** Microvolts in, microvolts out. */
  next(uv: number): number {
    if (Number.isNaN(uv)) {
      this.missed += 1;
      return uv;
    }
    if (!this.begun || this.missed > this.restart_after) this.settle(uv);
    this.missed = 0;
    return this.through(uv);
  }

  /** Forget the past: the next sample does not follow the last one. */
  restart(): void {
    this.begun = false;
    this.missed = 0;
  }

  /** To go on from here later. */
  get state(): FilterState {
    return Float64Array.of(Number(this.begun), this.missed, ...this.memory);
  }

  set state(kept: FilterState) {
    this.begun = kept[0] === 1;
    this.missed = kept[1]!;
    this.memory.set(kept.subarray(2));
  }

  private settle(level: number): void {
    this.begun = true;
    this.sections.forEach((section, i) => {
      this.memory.set(settled(section, level), 2 * i);
      level *= steadyGain(section);
    });
  }

  /** Transposed direct form II, one section after the other. */
  private through(uv: number): number {
    const { memory, sections } = this;
    let value = uv;
    for (let i = 0; i < sections.length; i++) {
      const { b0, b1, b2, a1, a2 } = sections[i]!;
      const x = value;
      const y = b0 * x + memory[2 * i]!;
      memory[2 * i] = b1 * x - a1 * y + memory[2 * i + 1]!;
      memory[2 * i + 1] = b2 * x - a2 * y;
      value = y;
    }
    return value;
  }
}

/** As Python rounds: a half goes to the even number. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
