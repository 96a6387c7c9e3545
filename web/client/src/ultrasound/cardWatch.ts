/** Looks at what a capture card gives, twice a second, and tells what is wrong with it. */

import type { PictureTrouble } from "../api/types";
import { Vigilance } from "./vigilance";

const LOOK_EVERY_MS = 500;
const TELL_AGAIN_MS = 5_000;
/** Enough of the picture to know whether it lives, little enough to look at while it is being sent. */
const MOST_SIDE_PX = 320;

/** Watch a card's track; `tell` hears of every change, and again every few seconds. Returns the way to stop. */
export function watchCard(track: MediaStreamTrack, tell: (troubles: PictureTrouble[]) => void): () => void {
  const video = document.createElement("video");
  video.muted = true;
  video.srcObject = new MediaStream([track]);
  video.play().catch(() => undefined);
  const canvas = document.createElement("canvas");
  let vigilance = new Vigilance(performance.now());
  let frames = 0;
  let looked_at = -1;
  let told = "";
  let told_ms = -Infinity;
  const count = () => {
    frames += 1;
    counting = video.requestVideoFrameCallback(count);
  };
  let counting = video.requestVideoFrameCallback(count);

  const timer = setInterval(() => {
    const now_ms = performance.now();
    if (document.hidden) {
      vigilance = new Vigilance(now_ms); // a page behind another is shown no frames: that says nothing of the card
      if (told !== "") tell([]); // nor does what was seen of it before
      told = "";
      return;
    }
    // Only of a frame that came since: the element goes on showing the last one.
    if (frames !== looked_at && video.videoWidth > 0) {
      looked_at = frames;
      vigilance.see(sampled(video, canvas), video.videoWidth, video.videoHeight, now_ms);
    }
    const troubles = vigilance.troubles(now_ms);
    if (troubles.join() === told && now_ms - told_ms < TELL_AGAIN_MS) return;
    told = troubles.join();
    told_ms = now_ms;
    tell(troubles);
  }, LOOK_EVERY_MS);

  return () => {
    clearInterval(timer);
    video.cancelVideoFrameCallback(counting);
    video.srcObject = null;
  };
}

/** Pixels of the picture as they are, not smoothed, at places that depend on its size alone. */
function sampled(video: HTMLVideoElement, canvas: HTMLCanvasElement): Uint8ClampedArray {
  const scale = Math.min(1, MOST_SIDE_PX / Math.max(video.videoWidth, video.videoHeight));
  canvas.width = Math.max(1, Math.round(video.videoWidth * scale));
  canvas.height = Math.max(1, Math.round(video.videoHeight * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.imageSmoothingEnabled = false;
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height).data;
}
