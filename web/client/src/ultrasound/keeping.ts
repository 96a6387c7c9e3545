/** Copying the frame that a `<video>` shows, as it was decoded, and drawing it again. */

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

/** Draw a kept frame on a canvas of its size. */
export function drawPicture(kept: KeptPicture, canvas: HTMLCanvasElement): void {
  const frame = new VideoFrame(kept.data, kept.setting);
  canvas.width = kept.width;
  canvas.height = kept.height;
  canvas.getContext("2d")?.drawImage(frame, 0, 0, kept.width, kept.height);
  frame.close();
}
