/** Fetching a large answer with word of how much of it is here. */

import { refusal, unreachable } from "./client";

/**
 * The body of a path; nothing of it is kept by the browser. Raises `ApiError`; an abort ends as unreachable.
 *
 * `came`: called with the bytes that are here, as they come.
 */
export async function download(path: string, came: (bytes: number) => void, signal: AbortSignal): Promise<Blob> {
  const answer = await fetch(path, { cache: "no-store", signal }).catch(() => Promise.reject(unreachable()));
  if (!answer.ok) throw refusal(answer.status, await answer.text());
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  try {
    for (const reader = answer.body!.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(value);
      bytes += value.byteLength;
      came(bytes);
    }
  } catch {
    throw unreachable();
  }
  return new Blob(pieces);
}
