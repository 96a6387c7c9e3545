/**
 * Whether pixels are those that were captured: by the SHA-256 that travels with an exact still.
 *
 * What is hashed is what is shown: the pixels as the browser decoded them, not the file they came in. A browser
 * that changes colours (a colour profile, a guard against fingerprints) must not say EXACT.
 */

/** What a still says of its pixels. */
export interface Claimed {
  width: number;
  height: number;
  grey: boolean;
  /** Hexadecimal. */
  pixels_sha256: string;
}

/** Pixels as they are to be shown. */
export interface Shown {
  width: number;
  height: number;
  /** Red, green, blue, opacity; row by row from the upper left. */
  data: Uint8ClampedArray;
}

export type Verdict = "exact" | "differs" | "cannot_check";

/** Compare the pixels with what the still claims; only "exact" is EXACT. */
export async function verdictOf(shown: Shown, claimed: Claimed): Promise<Verdict> {
  const subtle = (globalThis.crypto as Crypto | undefined)?.subtle;
  if (subtle === undefined) return "cannot_check"; // only over HTTPS or on the same machine
  if (shown.width !== claimed.width || shown.height !== claimed.height) return "differs";
  const bytes = hashedBytes(shown.data, claimed.grey);
  if (bytes === null) return "differs";
  const hash = hex(new Uint8Array(await subtle.digest("SHA-256", bytes)));
  return hash === claimed.pixels_sha256.toLowerCase() ? "exact" : "differs";
}

/** One byte a pixel when grey, else red, green, blue; `null`: they are not grey, or not opaque. */
export function hashedBytes(rgba: Uint8ClampedArray, grey: boolean): Uint8Array<ArrayBuffer> | null {
  const count = rgba.length / 4;
  const each = grey ? 1 : 3;
  const bytes = new Uint8Array(count * each);
  for (let i = 0, from = 0, to = 0; i < count; i++, from += 4, to += each) {
    const [r, g, b] = [rgba[from]!, rgba[from + 1]!, rgba[from + 2]!];
    if (rgba[from + 3] !== 255 || (grey && (r !== g || g !== b))) return null;
    bytes[to] = r;
    if (!grey) {
      bytes[to + 1] = g;
      bytes[to + 2] = b;
    }
  }
  return bytes;
}

export function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Decode a PNG to the pixels in it, with no colour changed on the way; rejects for what is no picture. */
export async function decodeStill(png: Blob): Promise<ImageData> {
  const picture = await createImageBitmap(png, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen?.drawImage(picture, 0, 0);
  picture.close();
  if (pen === null || pen === undefined) throw new Error("no canvas");
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

/** The first and last of a hash, to compare by eye and voice: `9f3c…71e2`. */
export function shortHash(hash: string): string {
  return `${hash.slice(0, 4)}…${hash.slice(-4)}`;
}
