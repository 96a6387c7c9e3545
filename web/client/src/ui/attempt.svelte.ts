/** One thing a page tries to do on the server: is it under way, and what was wrong with it. */

import { ApiError } from "../api/client";
import { sentenceOf } from "../words/refusal";

export class Attempt {
  busy = $state(false);
  private refused = $state.raw<unknown>(null);

  /** What to say to the person; "" when nothing is wrong. */
  get fault(): string {
    return this.refused === null ? "" : sentenceOf(this.refused);
  }

  /** What is wrong field by field, as the server's codes. */
  get fields(): Record<string, string> {
    return this.refused instanceof ApiError ? this.refused.problem.fields : {};
  }

  get code(): string {
    return this.refused instanceof ApiError ? this.refused.problem.code : "";
  }

  /** Do it, unless it is under way; true when it was done. `taken` says of a refusal that the page shows it itself. */
  async run(work: () => Promise<unknown>, taken: (fault: unknown) => boolean = () => false): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.refused = null;
    try {
      await work();
      return true;
    } catch (fault) {
      this.refused = taken(fault) ? null : fault;
      return false;
    } finally {
      this.busy = false;
    }
  }

  clear(): void {
    this.refused = null;
  }
}
