/**
 * The pictures of a clip, decoded in the browser one at a time.
 *
 * A picture or MJPEG stands alone. A packet of H.264 is decoded after those from its key frame on, by WebCodecs
 * where the browser has it; HEVC by few browsers, and by none of ours: then the clip can be fetched, not seen.
 */

import type { Clip, ClipFrame } from "./clipFile";

/** A decoded picture; whoever drew it closes it. */
export type Picture = ImageBitmap | VideoFrame;

export interface ClipPictures {
  /** The picture of the frame at this place of the file; `null`: it cannot be decoded. */
  at(place: number): Promise<Picture | null>;
  close(): void;
}

/** How a clip is decoded here; `null`: not at all. */
export async function picturesOf(clip: Clip): Promise<ClipPictures | null> {
  const codecs = new Set(clip.head.frames.map(({ codec }) => codec));
  if (!codecs.has("h264") && !codecs.has("hevc")) return new StillPictures(clip);
  if (codecs.size > 1 || codecs.has("hevc")) return null;
  const config = configOf(clip);
  const can = config !== null && typeof VideoDecoder === "function" && (await VideoDecoder.isConfigSupported(config).catch(() => null))?.supported === true;
  return can ? new PacketPictures(clip, config) : null;
}

const TYPES: Partial<Record<ClipFrame["codec"], string>> = { mjpeg: "image/jpeg", png: "image/png" };

class StillPictures implements ClipPictures {
  constructor(private readonly clip: Clip) {}

  at(place: number): Promise<Picture | null> {
    const [frame, bytes] = [this.clip.head.frames[place], this.clip.bytes[place]];
    if (frame === undefined || bytes === undefined) return Promise.resolve(null);
    const picture = new Blob([bytes], { type: TYPES[frame.codec] ?? "" });
    return createImageBitmap(picture, { colorSpaceConversion: "none", premultiplyAlpha: "none" }).catch(() => null);
  }

  close(): void {}
}

/** Chunks are told apart by their place in the file, in the field that carries a time. */
const STEP_US = 1000;

/** Goes on where it stands; a place before that begins anew at its key frame. */
export class PacketPictures implements ClipPictures {
  private decoder: VideoDecoder | null = null;
  private readonly ready = new Map<number, VideoFrame>();
  private fed = 0;
  private passed = -1;
  private flushed = false;
  private broken = false;

  constructor(
    private readonly clip: Clip,
    private readonly config: VideoDecoderConfig,
  ) {}

  async at(place: number): Promise<Picture | null> {
    if (this.decoder === null || place <= this.passed) this.begin(place);
    while (!this.ready.has(place) && !this.broken) {
      if (this.fed < this.clip.bytes.length) await this.feed();
      else if (!this.flushed) await this.flush();
      else break;
    }
    for (const [at, frame] of this.ready) {
      if (at >= place) continue;
      frame.close();
      this.ready.delete(at);
    }
    const found = this.ready.get(place) ?? null;
    this.ready.delete(place);
    this.passed = place;
    if (this.broken) this.close(); // the next one begins anew
    return found;
  }

  close(): void {
    if (this.decoder !== null && this.decoder.state !== "closed") this.decoder.close();
    this.decoder = null;
    for (const frame of this.ready.values()) frame.close();
    this.ready.clear();
  }

  private begin(place: number): void {
    this.close();
    const before = this.clip.head.frames.slice(0, place + 1);
    this.fed = Math.max(0, before.findLastIndex(({ is_key }) => is_key));
    this.passed = -1;
    [this.flushed, this.broken] = [false, false];
    const decoder = new VideoDecoder({
      output: (frame) => (decoder === this.decoder ? this.ready.set(Math.round(frame.timestamp / STEP_US), frame) : frame.close()),
      error: () => (this.broken = true),
    });
    decoder.configure(this.config);
    this.decoder = decoder;
  }

  private async feed(): Promise<void> {
    const place = this.fed++;
    const frame = this.clip.head.frames[place]!;
    const lead = frame.is_key && this.config.description === undefined ? bytesOf(frame.header) : new Uint8Array();
    const data = new Uint8Array(lead.length + this.clip.bytes[place]!.length);
    data.set(lead);
    data.set(this.clip.bytes[place]!, lead.length);
    const { decoder } = this;
    if (decoder === null) return;
    try {
      decoder.decode(new EncodedVideoChunk({ type: frame.is_key ? "key" : "delta", timestamp: place * STEP_US, data }));
    } catch {
      this.broken = true;
      return;
    }
    if (decoder.decodeQueueSize > 0) await new Promise((then) => decoder.addEventListener("dequeue", then, { once: true }));
  }

  private async flush(): Promise<void> {
    this.flushed = true;
    await this.decoder?.flush().catch(() => (this.broken = true));
  }
}

/** What the decoder is to be told; `null`: the clip does not say what it is. */
export function configOf({ head, bytes }: Clip): VideoDecoderConfig | null {
  const place = head.frames.findIndex(({ is_key }) => is_key);
  const [frame, packet] = [head.frames[place], bytes[place]];
  if (frame === undefined || packet === undefined) return null;
  const header = bytesOf(frame.header);
  // ISO/IEC 14496-15 5.3.3.1: an avcC begins with 1, and profile, constraints, level follow; its packets carry lengths.
  if (header[0] === 1 && header.length > 6) return { codec: avc(header.subarray(1, 4)), description: header };
  const set = parameterSet(header) ?? parameterSet(packet);
  return set === null ? null : { codec: avc(set) };
}

function avc(profile: Uint8Array): string {
  return `avc1.${[...profile].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** Profile, constraints and level of the first sequence parameter set in an Annex B stream (ITU-T H.264 7.3.2.1.1). */
function parameterSet(stream: Uint8Array): Uint8Array | null {
  for (let i = 0; i + 6 < stream.length; i++) {
    if (stream[i] === 0 && stream[i + 1] === 0 && stream[i + 2] === 1 && (stream[i + 3]! & 0x1f) === 7) return stream.subarray(i + 4, i + 7);
  }
  return null;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
