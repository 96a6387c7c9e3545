/** How loud a microphone is, and a tone to try the speaker with (Web Audio). */

export class SoundMeter {
  private readonly context = new AudioContext();
  private readonly analyser: AnalyserNode;
  private readonly values: Uint8Array<ArrayBuffer>;

  constructor(microphone: MediaStreamTrack) {
    this.analyser = this.context.createAnalyser();
    this.analyser.fftSize = 512;
    this.values = new Uint8Array(this.analyser.fftSize);
    this.context.createMediaStreamSource(new MediaStream([microphone])).connect(this.analyser);
  }

  /** 0 (silent) to 1. */
  level(): number {
    this.analyser.getByteTimeDomainData(this.values);
    return loudnessOf(this.values);
  }

  close(): void {
    void this.context.close();
  }

  /** Half a second of a soft tone. */
  static playTone(): void {
    const context = new AudioContext();
    const tone = context.createOscillator();
    const volume = context.createGain();
    volume.gain.value = 0.1;
    tone.frequency.value = 660;
    tone.connect(volume).connect(context.destination);
    tone.onended = () => void context.close();
    tone.start();
    tone.stop(context.currentTime + 0.5);
  }
}

/** The largest swing around the middle of 8-bit samples, 0 to 1. */
export function loudnessOf(values: Uint8Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value - 128)), 0) / 128;
}
