/**
 * How far the ECG sample laid under a shown frame was taken from that frame's instant, measured frame by frame.
 *
 * Samples stand apart, so it is never zero; more than half a sample means that samples are missing there.
 */

const KEPT = 300;

export interface Residual {
  median_ms: number;
  p95_ms: number;
  frames: number;
}

export class ResidualMeter {
  private values: number[] = [];

  /** The capture times of a shown frame and of the sample under it. */
  add(frame_us: number, sample_us: number): void {
    this.values.push(Math.abs(sample_us - frame_us) / 1000);
    if (this.values.length > KEPT) this.values.shift();
  }

  /** Over the last 300 frames that had a sample; `null` before the first. */
  read(): Residual | null {
    if (this.values.length === 0) return null;
    const sorted = [...this.values].sort((a, b) => a - b);
    const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
    return { median_ms: rank(0.5), p95_ms: rank(0.95), frames: sorted.length };
  }

  clear(): void {
    this.values = [];
  }
}
