/** Watching the frames of one `<video>`: each shown frame with its capture time. */

import type { CopiedOf } from "./keeping";
import { captureTime_us, type SyncSource, ticksBetween, TICKS_PER_MS } from "./stage";

/** A frame that has been put on the screen. */
export interface ShownFrame {
  /** This computer's monotonic clock. */
  now_ms: number;
  /** When the page was told of it, microseconds since 1970 on this computer's clock. */
  shown_us: number;
  /** When it is expected on the screen itself: up to two refreshes later. */
  displayed_us: number;
  rtp_timestamp: number | null;
  /** Where it lies on the element's media timeline: tells frames apart that carry no RTP timestamp. */
  media_us: number;
  /** Station clock; `null` when the stream carries no capture time. */
  capture_us: number | null;
  width: number;
  height: number;
}

const SAME_MEDIA_US = 500;

/**
 * When a copied frame was captured, by what is known of the frame that was shown as it was copied; `null`
 * when they are not surely the same and no RTP timestamp leads from one to the other.
 */
export function copiedCapture_us(of: CopiedOf, shown: ShownFrame): number | null {
  if (shown.capture_us === null) return null;
  if (of.rtp_timestamp !== null && shown.rtp_timestamp !== null) {
    return shown.capture_us + Math.round((ticksBetween(shown.rtp_timestamp, of.rtp_timestamp) * 1000) / TICKS_PER_MS);
  }
  return Math.abs(of.media_us - shown.media_us) <= SAME_MEDIA_US ? shown.capture_us : null;
}

/** Call `seen` for every shown frame until the returned function is called. */
export function watchFrames(
  video: HTMLVideoElement,
  receiver: () => RTCRtpReceiver | null,
  seen: (frame: ShownFrame) => void,
): () => void {
  let handle = 0;
  let stopped = false;
  const next: VideoFrameRequestCallback = (now_ms, metadata) => {
    if (stopped) return;
    seen(shownFrame(now_ms, metadata, receiver()));
    handle = video.requestVideoFrameCallback(next);
  };
  handle = video.requestVideoFrameCallback(next);
  return () => {
    stopped = true;
    video.cancelVideoFrameCallback(handle);
  };
}

function shownFrame(now_ms: number, metadata: VideoFrameCallbackMetadata, receiver: RTCRtpReceiver | null): ShownFrame {
  const rtp_timestamp = metadata.rtpTimestamp ?? null;
  const source = receiver?.getSynchronizationSources()[0] as SyncSource | undefined;
  return {
    now_ms,
    shown_us: (performance.timeOrigin + performance.now()) * 1000,
    displayed_us: (performance.timeOrigin + displayed_ms(metadata)) * 1000,
    rtp_timestamp,
    media_us: Math.round(metadata.mediaTime * 1e6),
    capture_us: rtp_timestamp === null ? ownCapture_us(metadata) : captureTime_us(rtp_timestamp, source),
    width: metadata.width,
    height: metadata.height,
  };
}

/** A device of this very computer: its frame carries no RTP timestamp but its own capture time. */
function ownCapture_us(metadata: VideoFrameCallbackMetadata): number | null {
  const { captureTime } = metadata;
  return captureTime === undefined ? null : Math.round((performance.timeOrigin + captureTime) * 1000);
}

const ABSURD_MS = 100;

/** When the browser expects the frame on the screen; now, where what it says cannot be. */
function displayed_ms(metadata: VideoFrameCallbackMetadata): number {
  const now_ms = performance.now();
  const ahead_ms = metadata.expectedDisplayTime - now_ms;
  return ahead_ms > 0 && ahead_ms < ABSURD_MS ? metadata.expectedDisplayTime : now_ms;
}
