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

/** Copy the frame that is shown now; `null` when there is none, or it cannot be read. */
export async function keepPicture(video: HTMLVideoElement): Promise<KeptPicture | null> {
  let frame: VideoFrame;
  try {
    frame = new VideoFrame(video, { timestamp: 0 });
  } catch {
    return null; // nothing decoded yet
  }
  try {
    const data = new ArrayBuffer(frame.allocationSize());
    const layout = await frame.copyTo(data);
    const { format, codedWidth, codedHeight, displayWidth, displayHeight, visibleRect } = frame;
    if (format === null) return null;
    const width = visibleRect?.width ?? codedWidth;
    const height = visibleRect?.height ?? codedHeight;
    const colorSpace = frame.colorSpace.toJSON();
    const setting = { format, layout, codedWidth: width, codedHeight: height, displayWidth, displayHeight, timestamp: 0, colorSpace };
    return { data, setting, width: displayWidth, height: displayHeight };
  } catch {
    return null; // a frame that lives where it cannot be copied from
  } finally {
    frame.close();
  }
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
