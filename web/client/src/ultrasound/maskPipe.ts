/** Takes a card's frames out of one stream, masks them, and puts them into another. Nothing else comes through. */

import { FrameMasker, type MaskState } from "./frameMasker";
import type { SignedProfile } from "./mask";
import { bytesOf, type Format, isMaskable, isPlanar, layoutOf } from "./planes";

export class MaskPipe {
  private masker: FrameMasker;
  private buffer = new Uint8Array(0);
  private told = "";

  constructor(
    profiles: readonly SignedProfile[],
    private readonly tell: (state: MaskState) => void,
  ) {
    this.masker = new FrameMasker(profiles);
  }

  /** Mask by these from the next frame on. */
  useProfiles(profiles: readonly SignedProfile[]): void {
    this.masker = new FrameMasker(profiles);
  }

  /** Until the card ends. Rejects at the first frame that cannot be masked; nothing comes through after it. */
  async run(frames: ReadableStream<VideoFrame>, out: WritableStream<VideoFrame>): Promise<void> {
    const reader = frames.getReader();
    const writer = out.getWriter();
    try {
      for (;;) {
        const { value: frame, done } = await reader.read();
        if (done) break;
        let masked: VideoFrame;
        try {
          masked = await this.masked(frame);
        } finally {
          frame.close();
        }
        await writer.write(masked);
      }
    } finally {
      await Promise.allSettled([reader.cancel(), writer.close()]);
    }
  }

  /** A new frame of the masked bytes; the given one stays its owner's. */
  private async masked(frame: VideoFrame): Promise<VideoFrame> {
    const rect = frame.visibleRect;
    if (rect === null) throw new TypeError("a frame without a picture");
    const { width, height } = rect;
    const format: Format = isMaskable(frame.format) ? frame.format : "RGBA";
    const data = this.bytes(bytesOf(format, width, height));
    // A texture of the graphics card, or a format of its own, is converted by the browser.
    const options: VideoFrameCopyToOptions = { layout: layoutOf(format, width, height), ...(format === frame.format ? {} : { format, colorSpace: "srgb" }) };
    await frame.copyTo(data, options);
    const space = isPlanar(format) ? known(frame.colorSpace.toJSON()) : undefined;
    this.report(this.masker.mask({ format, width, height, full_range: space?.fullRange === true, data }, frame.timestamp));
    return new VideoFrame(data, {
      format,
      codedWidth: width,
      codedHeight: height,
      timestamp: frame.timestamp,
      ...(frame.duration === null ? {} : { duration: frame.duration }),
      ...(space === undefined ? {} : { colorSpace: space }),
    });
  }

  private bytes(length: number): Uint8Array {
    if (this.buffer.length !== length) this.buffer = new Uint8Array(length);
    return this.buffer;
  }

  private report(state: MaskState): void {
    const now = JSON.stringify(state);
    if (now === this.told) return;
    this.told = now;
    this.tell(state);
  }
}

/** What is said of a colour space; older browsers take no null for what is not. */
function known(space: VideoColorSpaceInit): VideoColorSpaceInit {
  return Object.fromEntries(Object.entries(space).filter(([, value]) => value !== null));
}
