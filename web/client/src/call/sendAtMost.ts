/** Holding what is sent on an m-line below what the server says the line carries. */

/** Below this a browser's video encoder gives nothing that is worth its packets. */
const LEAST_BPS = 30_000;

/** Limit a sender; 0: nothing is sent. False when the browser refuses: it then sends by its own estimate. */
export async function sendAtMost(sender: RTCRtpSender, bits_per_second: number): Promise<boolean> {
  const parameters = sender.getParameters();
  const encoding = parameters.encodings[0];
  if (encoding === undefined) return false;
  encoding.active = bits_per_second >= LEAST_BPS || sender.track?.kind === "audio";
  encoding.maxBitrate = Math.max(bits_per_second, LEAST_BPS);
  try {
    await sender.setParameters(parameters);
    return true;
  } catch {
    return false; // REMB still holds the whole
  }
}
