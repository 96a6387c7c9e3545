/**
 * Whether the drawing worker still draws. Pure: told of every status and of time, it says how it stands.
 *
 * It counts its own ticks, not the clock: a page that was held up itself gets one tick afterwards, not many,
 * and must not take its own pause for the worker's.
 */

export const TICK_MS = 250;
/** Four statuses that did not come: one second. */
const STOPPED_TICKS = 4;
/** A stall may pass by itself; after two seconds a new worker is the better chance. */
const RESTART_TICKS = 8;
/** A worker's code is fetched and begun before its first status. */
const FIRST_TICKS = 32;
/** After an error, silence means what it seems to mean. */
const FAILED_TICKS = 2;

export type Verdict = "drawing" | "stopped" | "restart";

export class Watchdog {
  private silent_ticks = 0;
  private begun = false;
  private failed = false;
  private restarted = false;

  /** A status came: it is sent only after a frame was drawn. */
  heard(): void {
    this.silent_ticks = 0;
    this.begun = true;
    this.failed = false;
  }

  /** The worker reported an error; whether it goes on, its next status tells. */
  fail(): void {
    this.failed = true;
  }

  /** A hidden page is not drawn at all: its silence says nothing. */
  tick(visible: boolean): Verdict {
    if (!visible) this.silent_ticks = 0;
    else this.silent_ticks += 1;
    if (!this.isStopped) return "drawing";
    if (this.restarted || this.silent_ticks < this.most(RESTART_TICKS)) return "stopped";
    this.restarted = true;
    this.failed = false;
    this.begun = false;
    this.silent_ticks = 0;
    return "restart";
  }

  private get isStopped(): boolean {
    return this.silent_ticks >= this.most(STOPPED_TICKS);
  }

  private most(ticks: number): number {
    if (this.failed) return FAILED_TICKS;
    return this.begun ? ticks : FIRST_TICKS;
  }
}
