/** Taking the frame that a `<video>` shows right now, for a freeze or as the last picture of a lost line. */

/** Draw the shown frame on a canvas; false when there is none. */
export function keepFrame(video: HTMLVideoElement, canvas: HTMLCanvasElement): boolean {
  if (video.videoWidth === 0) return false;
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  return true;
}

/** hh:mm:ss.mmm of a capture time in microseconds since 1970, in this computer's time zone. */
export function captureClock(capture_us: number): string {
  const at = new Date(capture_us / 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  const ms = String(Math.floor(capture_us / 1000) % 1000).padStart(3, "0");
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${ms}`;
}
