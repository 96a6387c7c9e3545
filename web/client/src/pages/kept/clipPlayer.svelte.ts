/** A kept clip: fetched part by part, held to its hash, played at its own frame times. */

import { download } from "../../api/download";
import type { UltrasoundClip } from "../../api/types";
import { type ClipCodec, joined, readClip } from "../../ultrasound/clipFile";
import { type ClipPictures, type Picture, picturesOf } from "../../ultrasound/clipPictures";
import { ClipReel } from "../../ultrasound/clipReel";
import { hex } from "../../ultrasound/exact";

export type ClipState =
  | { kind: "fetching"; bytes: number }
  | { kind: "failed"; fault: unknown }
  /** What came is not what was kept. */
  | { kind: "damaged" }
  /** Whole, but not to be decoded here. */
  | { kind: "unplayable"; whole: Uint8Array<ArrayBuffer> }
  | { kind: "ready" };

/** What a player needs of the page around it. */
export interface Around {
  draw(picture: Picture | null): void;
  /** Calls at the next frame of the screen, with the time in milliseconds; returns the way to stop it. */
  next(then: (now_ms: number) => void): () => void;
}

export class ClipPlayer {
  state = $state.raw<ClipState>({ kind: "fetching", bytes: 0 });
  /** Whether its hash was compared: only over HTTPS, or on the same machine. */
  checked = $state(false);
  codecs = $state.raw<ClipCodec[]>([]);
  reel = $state.raw<ClipReel | null>(null);
  /** The frame that is seen, or about to be. */
  at = $state(0);
  playing = $state(false);
  speed = $state(1);
  private pictures: ClipPictures | null = null;
  private readonly leaving = new AbortController();
  private drawing = false;
  private drawn = -1;
  private stop: (() => void) | null = null;

  constructor(
    readonly clip: UltrasoundClip,
    private readonly around: Around,
  ) {}

  async open(): Promise<void> {
    this.state = { kind: "fetching", bytes: 0 };
    try {
      await this.take(await this.fetch());
    } catch (fault) {
      this.settle({ kind: "failed", fault });
    }
  }

  close(): void {
    this.leaving.abort();
    this.pause();
    this.pictures?.close();
    this.pictures = null;
  }

  private async fetch(): Promise<Uint8Array<ArrayBuffer>> {
    const parts: ArrayBuffer[] = [];
    let before = 0;
    for (let part = 0; part < this.clip.parts.length; part++) {
      const came = await download(`/api/kept-clips/${this.clip.id}/parts/${part}`, (bytes) => this.settle({ kind: "fetching", bytes: before + bytes }), this.leaving.signal);
      before += came.size;
      parts.push(await came.arrayBuffer());
    }
    return joined(parts);
  }

  private async take(whole: Uint8Array<ArrayBuffer>): Promise<void> {
    const subtle = (globalThis.crypto as Crypto | undefined)?.subtle;
    const hash = subtle === undefined ? null : hex(new Uint8Array(await subtle.digest("SHA-256", whole)));
    const clip = hash !== null && hash !== this.clip.sha256.toLowerCase() ? null : readClip(whole);
    if (clip === null || whole.length !== this.clip.size_bytes) return this.settle({ kind: "damaged" });
    this.checked = hash !== null;
    this.codecs = [...new Set(clip.head.frames.map(({ codec }) => codec))];
    const pictures = await picturesOf(clip);
    if (pictures === null) return this.settle({ kind: "unplayable", whole });
    if (this.leaving.signal.aborted) return pictures.close();
    this.pictures = pictures;
    this.reel = new ClipReel(clip);
    this.settle({ kind: "ready" });
    this.show(0);
  }

  private settle(state: ClipState): void {
    if (!this.leaving.signal.aborted) this.state = state;
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  play(): void {
    const { reel } = this;
    if (reel === null || reel.length < 2 || this.playing) return;
    if (this.at === reel.length - 1) this.show(0);
    this.playing = true;
    let [last_ms, time_s] = [NaN, reel.times_s[this.at] ?? 0];
    const on = (now_ms: number) => {
      time_s += Number.isNaN(last_ms) ? 0 : ((now_ms - last_ms) / 1000) * this.speed;
      last_ms = now_ms;
      if (time_s > reel.seconds) time_s = 0; // again from its beginning
      this.show(reel.at(time_s));
      this.stop = this.around.next(on);
    };
    this.stop = this.around.next(on);
  }

  pause(): void {
    this.playing = false;
    this.stop?.();
    this.stop = null;
  }

  step(by: number): void {
    this.pause();
    this.show(this.at + by);
  }

  seek(at: number): void {
    this.pause();
    this.show(at);
  }

  /** A machine that falls behind shows fewer frames, none of them late. */
  private show(at: number): void {
    const last = (this.reel?.length ?? 1) - 1;
    this.at = Math.min(Math.max(at, 0), last);
    if (!this.drawing) void this.draw();
  }

  private async draw(): Promise<void> {
    this.drawing = true;
    while (this.pictures !== null && this.reel !== null && this.drawn !== this.at) {
      const at = this.at;
      const picture = await this.pictures.at(this.reel.places[at]!);
      if (!this.leaving.signal.aborted) this.around.draw(picture);
      picture?.close();
      this.drawn = at;
    }
    this.drawing = false;
  }
}
