/** Copying the frame that a `<video>` shows, as it was decoded, and drawing it again. */

import type { PicturePart } from "../api/types";

/** The planes of one decoded frame. */
export interface KeptPicture {
  data: ArrayBuffer;
  setting: VideoFrameBufferInit;
  width: number;
  height: number;
}

/** Whether this browser can copy decoded frames (W3C WebCodecs). */
export function canKeep(): boolean {
  return "VideoFrame" in globalThis;
}

/** Which frame a copy is of, in the copied frame's own words. */
export interface CopiedOf {
  /** `null`: this browser's frames do not say, or it did not come by RTP. */
  rtp_timestamp: number | null;
  /** On the media timeline, as `mediaTime` of a shown frame. */
  media_us: number;
}

/**
 * Copy the frame that the video holds now; `null` when there is none, or it cannot be read.
 *
 * That is not always the frame the page was just told of: a page that is told late finds the next ones in
 * the video already (measured in Chromium 156: all frames after a main thread busy for 120 ms). So a copy
 * says itself which frame it is of.
 */
export async function keepPicture(video: HTMLVideoElement): Promise<{ picture: KeptPicture; of: CopiedOf } | null> {
  let frame: VideoFrame;
  try {
    frame = new VideoFrame(video);
  } catch {
    return null; // nothing decoded yet
  }
  try {
    const of = { rtp_timestamp: rtpTimestampOf(frame), media_us: frame.timestamp };
    const data = new ArrayBuffer(frame.allocationSize());
    const layout = await frame.copyTo(data);
    const { format, codedWidth, codedHeight, displayWidth, displayHeight, visibleRect } = frame;
    if (format === null) return null;
    const width = visibleRect?.width ?? codedWidth;
    const height = visibleRect?.height ?? codedHeight;
    const colorSpace = frame.colorSpace.toJSON();
    const setting = { format, layout, codedWidth: width, codedHeight: height, displayWidth, displayHeight, timestamp: 0, colorSpace };
    return { picture: { data, setting, width: displayWidth, height: displayHeight }, of };
  } catch {
    return null; // a frame that lives where it cannot be copied from
  } finally {
    frame.close();
  }
}

/** VideoFrameMetadata's `rtpTimestamp` (W3C WebCodecs registry); the browser's types lack it. */
function rtpTimestampOf(frame: VideoFrame): number | null {
  const metadata = (frame as { metadata?: () => { rtpTimestamp?: number } }).metadata?.call(frame);
  return metadata?.rtpTimestamp ?? null;
}

/** Draw a kept frame on a canvas of its size; one that is a part of a captured picture, where it was captured. */
export function drawPicture(kept: KeptPicture, canvas: HTMLCanvasElement, part: PicturePart | null = null): void {
  const frame = new VideoFrame(kept.data, kept.setting);
  canvas.width = part?.captured_width ?? kept.width;
  canvas.height = part?.captured_height ?? kept.height;
  const { left, top, width, height } = part ?? { left: 0, top: 0, width: kept.width, height: kept.height };
  canvas.getContext("2d")?.drawImage(frame, left, top, width, height);
  frame.close();
}
