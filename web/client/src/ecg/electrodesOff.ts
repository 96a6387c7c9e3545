/** Which electrodes to show as off, steadily: a contact that comes and goes neither flickers nor is said twice. Pure. */

import { type Electrode, ELECTRODES } from "./wire";

/**
 * What is lost with them: `cable`: all ten, so that the plug is looked at first; `reference`: RL, without which no lead
 * is measured; `limb`: RA, LA or LL, of which all twelve are made (Wilson's terminal); `own`: only the leads of the
 * electrodes that are off.
 */
export type Loss = "cable" | "reference" | "limb" | "own";

export interface OffSight {
  /** Off now, or a moment ago, in the body's order. */
  off: Electrode[];
  /** Of those, the ones that are on again: shown as such for a moment. */
  back: Electrode[];
  /** Long enough to be said aloud; changes only when what is to be said has changed. */
  said: Electrode[];
  /** What was said to be off is on again, all of it. */
  all_on: boolean;
}

export const NOTHING_OFF: OffSight = { off: [], back: [], said: [], all_on: false };
/** On again for so long before it is no more shown. */
const BACK_MS = 2000;
/** Off, or all on, for so long before it is said. */
const SAID_MS = 1000;

export function lossOf(off: readonly Electrode[]): Loss {
  if (off.length === ELECTRODES.length) return "cable";
  if (off.includes("RL")) return "reference";
  return off.some((one) => !one.startsWith("V")) ? "limb" : "own";
}

/** Follows what the device says, told a few times a second. */
export class OffElectrodes {
  private readonly last_off_ms = new Map<Electrode, number>();
  private now_off = "";
  private since_ms = 0;
  private said: Electrode[] = [];
  private all_on = false;

  take(electrodes_off: readonly Electrode[], now_ms: number): OffSight {
    for (const one of electrodes_off) this.last_off_ms.set(one, now_ms);
    for (const [one, at_ms] of this.last_off_ms) if (now_ms - at_ms >= BACK_MS) this.last_off_ms.delete(one);
    const off = ELECTRODES.filter((one) => this.last_off_ms.has(one));
    this.say(ELECTRODES.filter((one) => electrodes_off.includes(one)), now_ms);
    return { off, back: off.filter((one) => !electrodes_off.includes(one)), said: this.said, all_on: this.all_on };
  }

  /** Another patient, or nothing is known of the electrodes any more: none of them is called on. */
  forget(): void {
    this.last_off_ms.clear();
    this.now_off = "";
    this.said = [];
    this.all_on = false;
  }

  private say(off: Electrode[], now_ms: number): void {
    const key = off.join();
    if (key !== this.now_off) {
      this.now_off = key;
      this.since_ms = now_ms;
    }
    if (now_ms - this.since_ms < SAID_MS || key === this.said.join()) return;
    this.said = off;
    this.all_on = off.length === 0;
  }
}

/** Whether two sights show and say the same. */
export function isSameSight(one: OffSight, other: OffSight): boolean {
  return one.off.join() === other.off.join() && one.back.join() === other.back.join() && one.said === other.said && one.all_on === other.all_on;
}
