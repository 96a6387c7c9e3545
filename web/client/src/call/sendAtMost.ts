/**
 * How much is sent at most on an m-line. This page has wishes of a kind (a capture card beside a face), the
 * server says what the viewers' lines carry: both are kept, and the smaller holds.
 */

/** Below this a browser's video encoder gives nothing that is worth its packets. */
const LEAST_BPS = 30_000;

/** The smaller of two limits; `null`: none. */
export function smaller(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}

/**
 * Limit a sender; 0: nothing is sent, `null`: the browser's own estimate holds. False when the browser
 * refuses: it then sends by its own estimate. One after the other: what a browser is asked twice at once is
 * refused.
 */
export function sendAtMost(sender: RTCRtpSender, most_bps: number | null): Promise<boolean> {
  const before = underWay.get(sender) ?? Promise.resolve(true);
  const now = before.then(() => set(sender, most_bps));
  underWay.set(sender, now);
  return now;
}

const underWay = new WeakMap<RTCRtpSender, Promise<boolean>>();

async function set(sender: RTCRtpSender, most_bps: number | null): Promise<boolean> {
  try {
    const parameters = sender.getParameters();
    const encoding = parameters.encodings?.[0];
    if (encoding === undefined) return false;
    const active = most_bps === null || most_bps >= LEAST_BPS || sender.track?.kind === "audio";
    const bps = most_bps === null ? undefined : Math.max(most_bps, LEAST_BPS);
    if ((encoding.active ?? true) === active && encoding.maxBitrate === bps) return true;
    encoding.active = active;
    if (bps === undefined) delete encoding.maxBitrate;
    else encoding.maxBitrate = bps;
    await sender.setParameters(parameters);
    return true;
  } catch {
    return false; // the connection went meanwhile, or REMB still holds the whole
  }
}
