/**
 * How the server's clock stands to this browser's, by a four-stamp exchange (RFC 5905 section 8).
 *
 * Of the last exchanges the one with the shortest way there and back is believed; half of that way is the
 * most it can be wrong by. A probe with no answer, and nothing else heard, also tells that the line is dead
 * long before TCP notices.
 */

import { socket } from "./events";
import type { ClockProbed } from "./types";

export interface Offset {
  /** Server = browser + offset. */
  offset_us: number;
  uncertainty_us: number;
}

const EVERY_MS = 10_000;
const LOOK_EVERY_MS = 1_000;
const SILENCE_MS = 2_000;
const ANSWER_LIMIT_MS = 2_500;
const KEPT = 8;

/** Microseconds since 1970 on this browser's clock; steady between page load and close. */
export function epoch_us(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}

/** The offset that one exchange shows; `back_us` is the browser's clock when the answer came. */
export function offsetOf(probed: ClockProbed, back_us: number): Offset {
  const { sent_us, received_us, answered_us } = probed;
  return {
    offset_us: Math.round((received_us - sent_us + (answered_us - back_us)) / 2),
    uncertainty_us: Math.max(1, Math.ceil((back_us - sent_us - (answered_us - received_us)) / 2)),
  };
}

let measured: Offset[] = [];
let unanswered: ReturnType<typeof setTimeout> | undefined;
let probed_at_ms = 0;

/** The best known offset; null before the first answer. */
export function serverOffset(): Offset | null {
  return measured.reduce<Offset | null>(
    (best, one) => (best === null || one.uncertainty_us < best.uncertainty_us ? one : best),
    null,
  );
}

/** Milliseconds since 1970 on the server's clock, as well as it is known. */
export function serverNow_ms(): number {
  return (epoch_us() + (serverOffset()?.offset_us ?? 0)) / 1000;
}

function probe(): void {
  if (socket.status !== "connected") return;
  const sent_at_ms = Date.now();
  probed_at_ms = sent_at_ms;
  socket.notice({ type: "probe_clock", sent_us: epoch_us() });
  clearTimeout(unanswered);
  unanswered = setTimeout(() => (socket.heard_at_ms ?? 0) < sent_at_ms && lost(), ANSWER_LIMIT_MS);
}

function lost(): void {
  if (socket.status === "connected") socket.retryNow();
}

/** Time for a probe: the clock's turn, or a line that has fallen silent. */
export function isDue(now_ms: number, probed_ms: number, heard_ms: number): boolean {
  const since_ms = now_ms - probed_ms;
  return since_ms >= EVERY_MS || (now_ms - heard_ms >= SILENCE_MS && since_ms >= ANSWER_LIMIT_MS);
}

function look(): void {
  if (isDue(Date.now(), probed_at_ms, socket.heard_at_ms ?? 0)) probe();
}

/** Measure now and every 10 s while connected, and look after the line. */
export function keepClock(): () => void {
  const stops = [
    socket.on("welcome", () => probe()),
    socket.on("clock_probed", (probed) => {
      clearTimeout(unanswered);
      measured = [...measured, offsetOf(probed, epoch_us())].slice(-KEPT);
    }),
  ];
  const timer = setInterval(look, LOOK_EVERY_MS);
  addEventListener("offline", lost);
  return () => {
    clearInterval(timer);
    removeEventListener("offline", lost);
    clearTimeout(unanswered);
    for (const stop of stops) stop();
  };
}
