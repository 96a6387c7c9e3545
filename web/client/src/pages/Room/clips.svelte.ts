/** Clips of the last seconds, kept with the record at the quality they were captured in: asked for, and how far they are. */

import { socket } from "../../api/events";
import type { ClipView } from "../../api/types";

const SECONDS = 10;

export class ClipModel {
  /** By id, in the order they were asked for. */
  all = $state.raw<readonly ClipView[]>([]);
  /** Why the last one was not asked for. */
  fault = $state.raw<unknown>(null);
  asking = $state(false);
  private read_id = $state<string | null>(null);

  constructor(private readonly consult_id: string) {}

  follow(): () => void {
    return socket.on("clip_changed", ({ consult_id, clip }) => {
      if (consult_id !== this.consult_id) return;
      const known = this.all.some((one) => one.clip_id === clip.clip_id);
      this.all = known ? this.all.map((one) => (one.clip_id === clip.clip_id ? clip : one)) : [...this.all, clip];
    });
  }

  /** The one asked for last, until what became of it was read. */
  get last(): ClipView | null {
    const last = this.all.at(-1);
    return last === undefined || last.clip_id === this.read_id ? null : last;
  }

  /** What became of the last one was read. */
  read(): void {
    this.read_id = this.all.at(-1)?.clip_id ?? null;
    this.fault = null;
  }

  /** Keep the ten seconds before the frozen frame, or before now. */
  async take(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    this.fault = null;
    try {
      await socket.command({ type: "take_clip", consult_id: this.consult_id, seconds: SECONDS });
    } catch (fault) {
      this.fault = fault;
    }
    this.asking = false;
  }
}
