/** The voices of a tape, played from a moment on. Silence where a voice is missing. */

import { readFrames } from "./frames";
import type { Fetch } from "./video";

const AHEAD_US = 4_000_000;
const PIECE_US = 5_000_000;
const RATE_HZ = 48_000;

/** Plays every voice at once; made anew for each press of play. */
export class Sound {
  private readonly context = new AudioContext({ sampleRate: RATE_HZ });
  private readonly begun_s = this.context.currentTime + 0.1;
  private readonly decoders: AudioDecoder[] = [];
  private stopped = false;

  constructor(
    private readonly from_us: number,
    private readonly speed: number,
    voices: readonly { end_us: number; fetch: Fetch }[],
  ) {
    for (const voice of voices) void this.play(voice.end_us, voice.fetch).catch(() => undefined);
  }

  stop(): void {
    this.stopped = true;
    for (const one of this.decoders) if (one.state !== "closed") one.close();
    void this.context.close();
  }

  private async play(end_us: number, fetch: Fetch): Promise<void> {
    const decoder = new AudioDecoder({ output: (data) => this.heard(data), error: () => undefined });
    this.decoders.push(decoder);
    decoder.configure({ codec: "opus", sampleRate: RATE_HZ, numberOfChannels: 2 });
    let after_us = -1;
    for (let at_us = this.from_us; at_us < end_us && !this.stopped; at_us += PIECE_US) {
      const frames = readFrames(await fetch(at_us, at_us + PIECE_US)) ?? [];
      for (const frame of frames) {
        if (frame.at_us <= after_us || this.stopped) continue;
        after_us = frame.at_us;
        decoder.decode(new EncodedAudioChunk({ type: "key", timestamp: frame.at_us, data: frame.data }));
      }
      await this.until(at_us + PIECE_US - AHEAD_US);
    }
  }

  private until(at_us: number): Promise<void> {
    const wait_ms = ((at_us - this.from_us) / 1000 / this.speed) - (this.context.currentTime - this.begun_s) * 1000;
    return new Promise((done) => setTimeout(done, Math.max(0, wait_ms)));
  }

  private heard(data: AudioData): void {
    const at_s = this.begun_s + (data.timestamp - this.from_us) / 1e6 / this.speed;
    if (!this.stopped && at_s >= this.context.currentTime) {
      const buffer = this.context.createBuffer(data.numberOfChannels, data.numberOfFrames, data.sampleRate);
      for (let channel = 0; channel < data.numberOfChannels; channel++) {
        data.copyTo(buffer.getChannelData(channel), { planeIndex: channel, format: "f32-planar" });
      }
      const source = this.context.createBufferSource();
      source.buffer = buffer;
      source.playbackRate.value = this.speed;
      source.connect(this.context.destination);
      source.start(at_s);
    }
    data.close();
  }
}
