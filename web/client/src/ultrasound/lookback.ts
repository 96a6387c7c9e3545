/**
 * The last seconds of ultrasound frames with their capture times, to look back at, and single frames that are
 * kept longer because somebody looks at them. Pure: what a picture is, its owner knows.
 */

/** A frame as it was decoded, and when it was captured (the clock the picture carries). */
export interface KeptFrame<P> {
  capture_us: number;
  bytes: number;
  picture: P;
}

/** Two clients reckon the same frame's capture time to within this; frames at 60 a second stand 16 ms apart. */
export const SAME_FRAME_US = 8_000;
/** One frame may be copied twice; its capture time is then reckoned from two different ones. */
const SAME_COPY_US = 2_000;
/** A busy page copies a few frames late; while it copies none at all, what it kept is not what is shown. */
const STILL_SHOWN_US = 500_000;
const MOST_US = 5_000_000;
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_PINNED = 12;

export class LookBack<P> {
  private frames: KeptFrame<P>[] = [];
  private readonly pinned = new Map<number, KeptFrame<P>>();
  private bytes = 0;

  /** Oldest first. */
  get all(): readonly KeptFrame<P>[] {
    return this.frames;
  }

  /** The frame that stands for what is shown at an instant: the newest, unless it is long gone from the screen. */
  shownAt(capture_us: number | null): KeptFrame<P> | null {
    const newest = this.frames.at(-1) ?? null;
    if (newest === null || capture_us === null) return null;
    return Math.abs(capture_us - newest.capture_us) <= STILL_SHOWN_US ? newest : null;
  }

  /** Keep a frame; frames may come in out of order. What is too old or too much goes, the oldest first. */
  add(frame: KeptFrame<P>): void {
    let at = this.frames.length;
    while (at > 0 && this.frames[at - 1]!.capture_us > frame.capture_us) at--;
    if ([at - 1, at].some((beside) => Math.abs((this.frames[beside]?.capture_us ?? Infinity) - frame.capture_us) <= SAME_COPY_US)) return;
    this.frames.splice(at, 0, frame);
    this.bytes += frame.bytes;
    while (this.frames.length > 1 && this.isOver()) this.bytes -= this.frames.shift()!.bytes;
  }

  /** The frame of this instant, among those kept and those pinned; `null` when it is not here. */
  find(capture_us: number): KeptFrame<P> | null {
    const every = [...this.frames, ...this.pinned.values()];
    return nearest(every, capture_us);
  }

  /** Keep the frame of an instant beyond the last seconds; false when it is not here. */
  pin(capture_us: number): boolean {
    const frame = this.find(capture_us);
    if (frame === null) return false;
    this.pinned.delete(frame.capture_us);
    this.pinned.set(frame.capture_us, frame);
    if (this.pinned.size > MOST_PINNED) this.pinned.delete(this.pinned.keys().next().value!);
    return true;
  }

  /** Hand over the last seconds, to stand still, and begin to keep anew. */
  take(): readonly KeptFrame<P>[] {
    const taken = this.frames;
    this.frames = [];
    this.bytes = 0;
    return taken;
  }

  clear(): void {
    this.take();
    this.pinned.clear();
  }

  private isOver(): boolean {
    return this.bytes > MOST_BYTES || this.frames.at(-1)!.capture_us - this.frames[0]!.capture_us > MOST_US;
  }
}

/** The frame nearest to an instant, if it is the same one. */
export function nearest<P>(frames: readonly KeptFrame<P>[], capture_us: number): KeptFrame<P> | null {
  let best: KeptFrame<P> | null = null;
  for (const frame of frames) {
    const off = Math.abs(frame.capture_us - capture_us);
    if (off <= SAME_FRAME_US && (best === null || off < Math.abs(best.capture_us - capture_us))) best = frame;
  }
  return best;
}

/** The frame `by` places from the shown one; the last or first beyond the ends. */
export function stepped<P>(frames: readonly KeptFrame<P>[], capture_us: number, by: number): KeptFrame<P> | null {
  if (frames.length === 0) return null;
  const at = frames.findIndex((frame) => frame.capture_us >= capture_us - SAME_FRAME_US);
  const from = at < 0 ? frames.length - 1 : at;
  return frames[Math.max(0, Math.min(frames.length - 1, from + by))]!;
}

/** Which of the frames is the one of this instant; `null`: none of them is. */
export function placeIn<P>(frames: readonly KeptFrame<P>[], capture_us: number | null): number | null {
  const kept = capture_us === null ? null : nearest(frames, capture_us);
  return kept === null ? null : frames.indexOf(kept);
}
