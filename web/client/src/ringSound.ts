/**
 * The ring: two soft notes falling by a fourth, every three seconds.
 *
 * Chosen unlike the alarm sounds of monitors (IEC 60601-1-8 uses bursts of three, five and ten): nobody
 * should turn to the bed when a consult rings.
 */

const NOTES_HZ = [587.33, 440]; // D5, A4
const NOTE_S = 0.42;
const EVERY_MS = 3_000;
const LOUDNESS = 0.16;

export class RingSound {
  onRunning: () => void = () => {};
  private context: AudioContext | null = null;
  private timer: ReturnType<typeof setInterval> | null = null;

  /** False while the browser holds the sound back. */
  get running(): boolean {
    return this.context?.state === "running";
  }

  start(): void {
    if (this.timer !== null) return;
    void this.unlock();
    this.play();
    this.timer = setInterval(() => this.play(), EVERY_MS);
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }

  /** Let the sound begin; works inside a click. */
  async unlock(): Promise<void> {
    try {
      this.context ??= new AudioContext();
      this.context.onstatechange = () => this.running && this.onRunning();
      if (this.context.state === "suspended") await this.context.resume();
    } catch {
      this.context = null; // no sound device: the page and the notification still ring
    }
  }

  /** Play it once. */
  play(): void {
    const context = this.context;
    if (context === null || context.state !== "running") return;
    NOTES_HZ.forEach((hz, at) => note(context, hz, context.currentTime + at * NOTE_S * 0.8));
  }
}

function note(context: AudioContext, hz: number, at_s: number): void {
  const tone = context.createOscillator();
  const loudness = context.createGain();
  tone.type = "sine";
  tone.frequency.value = hz;
  loudness.gain.setValueAtTime(0, at_s);
  loudness.gain.linearRampToValueAtTime(LOUDNESS, at_s + 0.04);
  loudness.gain.exponentialRampToValueAtTime(0.001, at_s + NOTE_S);
  tone.connect(loudness).connect(context.destination);
  tone.start(at_s);
  tone.stop(at_s + NOTE_S);
}
