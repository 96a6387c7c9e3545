/**
 * A capture card's track as it may be published: masked in the page, before anything else has it.
 *
 * Where the browser has streams of frames (Chromium), a worker masks them plane by plane; elsewhere each frame is drawn
 * on a canvas of the page's own, masked there, and only then put on the one that is captured. The published track
 * gives nothing until the first masked frame, and ends when masking does.
 */

import type { SignedProfile } from "./mask";
import { FrameMasker, type MaskState } from "./frameMasker";
import type { FromMaskWorker, ToMaskWorker } from "./maskWorker";

type Processor = new (init: { track: MediaStreamTrack; maxBufferSize?: number }) => { readable: ReadableStream<VideoFrame> };
type Generator = new (init: { kind: "video" }) => MediaStreamTrack & { writable: WritableStream<VideoFrame> };

export interface MaskOutside {
  /** What is to be said of the mask, at every change. */
  tell(state: MaskState): void;
  /** Masking has ended, and the track with it: the card was pulled out, or (`why`) could not be masked. */
  ended(why: string | null): void;
}

/** The only thing that is published of a card. Made by `maskTrack` alone. */
export class MaskedTrack {
  constructor(
    readonly track: MediaStreamTrack,
    private readonly use: (profiles: readonly SignedProfile[]) => void,
    private readonly stop: () => void,
  ) {}

  /** Mask by these from the next frame on. */
  useProfiles(profiles: readonly SignedProfile[]): void {
    this.use(profiles);
  }

  /** End it, and the card's own track with it. */
  close(): void {
    this.stop();
    this.track.stop();
  }
}

export function maskTrack(raw: MediaStreamTrack, profiles: readonly SignedProfile[], outside: MaskOutside): MaskedTrack {
  const { MediaStreamTrackProcessor, MediaStreamTrackGenerator } = globalThis as {
    MediaStreamTrackProcessor?: Processor;
    MediaStreamTrackGenerator?: Generator;
  };
  return MediaStreamTrackProcessor !== undefined && MediaStreamTrackGenerator !== undefined
    ? byWorker(raw, profiles, outside, MediaStreamTrackProcessor, MediaStreamTrackGenerator)
    : byCanvas(raw, profiles, outside);
}

function byWorker(raw: MediaStreamTrack, profiles: readonly SignedProfile[], outside: MaskOutside, Frames: Processor, Out: Generator): MaskedTrack {
  const worker = new Worker(new URL("./maskWorker.ts", import.meta.url), { type: "module" });
  const masked = new Out({ kind: "video" });
  let closed = false;
  const stop = () => {
    closed = true;
    raw.stop();
    worker.terminate();
  };
  const end = (why: string | null) => {
    if (closed) return;
    stop();
    masked.stop();
    outside.ended(why);
  };
  worker.onmessage = ({ data: message }: MessageEvent<FromMaskWorker>) => {
    if (message.type === "masked") outside.tell(message.state);
    else end(message.type === "failed" ? message.why : null);
  };
  worker.onerror = (event) => end(event.message || "the masking worker could not be loaded");
  // Few frames wait: one that is late is of no use.
  const frames = new Frames({ track: raw, maxBufferSize: 2 }).readable;
  const send = (message: ToMaskWorker, transfer: Transferable[] = []) => worker.postMessage(message, transfer);
  send({ type: "begin", frames, out: masked.writable, profiles }, [frames, masked.writable]);
  return new MaskedTrack(masked, (now) => send({ type: "profiles", profiles: now }), stop);
}

function byCanvas(raw: MediaStreamTrack, profiles: readonly SignedProfile[], outside: MaskOutside): MaskedTrack {
  const video = document.createElement("video");
  video.muted = true;
  video.srcObject = new MediaStream([raw]);
  video.play().catch(() => undefined);
  const [unseen, shown] = [document.createElement("canvas"), document.createElement("canvas")];
  const [from, to] = [unseen.getContext("2d", { willReadFrequently: true })!, shown.getContext("2d", { alpha: false })!];
  const masked = shown.captureStream(0).getVideoTracks()[0] as MediaStreamTrack & { requestFrame(): void };
  let masker = new FrameMasker(profiles);
  let told = "";
  let closed = false;
  const stop = () => {
    closed = true;
    raw.stop();
    video.srcObject = null;
  };
  const end = (why: string | null) => {
    if (closed) return;
    stop();
    masked.stop();
    outside.ended(why);
  };
  raw.addEventListener("ended", () => end(null));
  const draw = (now_ms: number) => {
    if (closed) return;
    try {
      const { videoWidth: width, videoHeight: height } = video;
      if (width > 0) {
        if (unseen.width !== width || unseen.height !== height) Object.assign(unseen, { width, height }), Object.assign(shown, { width, height });
        from.drawImage(video, 0, 0);
        const pixels = from.getImageData(0, 0, width, height);
        const data = new Uint8Array(pixels.data.buffer);
        const state = masker.mask({ format: "RGBA", width, height, full_range: true, data }, now_ms * 1000);
        to.putImageData(pixels, 0, 0);
        masked.requestFrame();
        const now = JSON.stringify(state);
        if (now !== told) outside.tell(state);
        told = now;
      }
    } catch (fault) {
      return end(String(fault));
    }
    video.requestVideoFrameCallback(draw);
  };
  video.requestVideoFrameCallback(draw);
  return new MaskedTrack(masked, (now) => (masker = new FrameMasker(now)), stop);
}
