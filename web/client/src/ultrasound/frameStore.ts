/** The frames of one earlier picture as they come: those around the shown one first, no more than fit in memory. */

/** A decoded frame; closed when it is let go. */
export interface StoredFrame {
  width: number;
  height: number;
  close(): void;
}

const MOST_BYTES = 192 * 1024 * 1024;
const LEAST_FRAMES = 8;
const AT_ONCE = 3;
const AHEAD = 12;

export class FrameStore<F extends StoredFrame> {
  private readonly here = new Map<number, F>();
  private readonly coming = new Set<number>();
  private middle = 0;
  private closed = false;
  private readonly most: number;

  /** `load`: one frame, counted from 0. `came`, `failed`: one is here, or will not come. */
  constructor(
    private readonly frames: number,
    frame_bytes: number,
    private readonly load: (frame: number) => Promise<F>,
    private readonly came: (frame: number) => void,
    private readonly failed: (fault: unknown) => void,
  ) {
    this.most = Math.max(LEAST_FRAMES, Math.floor(MOST_BYTES / Math.max(1, frame_bytes)));
  }

  get(frame: number): F | null {
    return this.here.get(frame) ?? null;
  }

  /** This one is wanted, and those after it. */
  want(frame: number): void {
    this.middle = frame;
    this.fill();
  }

  close(): void {
    this.closed = true;
    for (const one of this.here.values()) one.close();
    this.here.clear();
  }

  private fill(): void {
    const ahead = Math.min(AHEAD, this.most - 1, this.frames - 1);
    for (let i = 0; i <= ahead && this.coming.size < AT_ONCE; i++) {
      const frame = (this.middle + i) % this.frames;
      if (!this.here.has(frame) && !this.coming.has(frame)) void this.bring(frame);
    }
  }

  private async bring(frame: number): Promise<void> {
    this.coming.add(frame);
    try {
      const one = await this.load(frame);
      this.coming.delete(frame);
      if (this.closed) return one.close();
      this.here.set(frame, one);
      this.letGo();
      this.came(frame);
      this.fill();
    } catch (fault) {
      this.coming.delete(frame);
      if (!this.closed) this.failed(fault);
    }
  }

  /** What is furthest behind the shown one goes first. */
  private letGo(): void {
    while (this.here.size > this.most) {
      const behind = (frame: number) => (frame - this.middle + this.frames) % this.frames;
      const furthest = [...this.here.keys()].reduce((a, b) => (behind(b) > behind(a) ? b : a));
      this.here.get(furthest)?.close();
      this.here.delete(furthest);
    }
  }
}
