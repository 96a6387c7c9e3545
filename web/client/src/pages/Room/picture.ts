/** Taking the frame that a `<video>` shows right now, for a freeze or as the last picture of a lost line. */

import type { PicturePart } from "../../api/types";

/**
 * Draw the shown frame on a canvas; false when there is none. A frame that is a part of a captured picture is
 * drawn where it was captured, on a canvas of the captured size.
 */
export function keepFrame(video: HTMLVideoElement, canvas: HTMLCanvasElement, part: PicturePart | null = null): boolean {
  if (video.videoWidth === 0) return false;
  canvas.width = part?.captured_width ?? video.videoWidth;
  canvas.height = part?.captured_height ?? video.videoHeight;
  const pen = canvas.getContext("2d");
  if (part === null) pen?.drawImage(video, 0, 0);
  else pen?.drawImage(video, part.left, part.top, part.width, part.height);
  return true;
}

/** hh:mm:ss.mmm of a capture time in microseconds since 1970, in this computer's time zone. */
export function captureClock(capture_us: number): string {
  const at = new Date(capture_us / 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  const ms = String(Math.floor(capture_us / 1000) % 1000).padStart(3, "0");
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${ms}`;
}
