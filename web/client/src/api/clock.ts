/**
 * How the server's clock stands to this browser's, by a four-stamp exchange (RFC 5905 section 8).
 *
 * Of the last exchanges the one that can be the least wrong by now is believed: by half its way there and back, and
 * by what the two clocks drift apart since. One that contradicts those before it says that a clock was set: those are
 * forgotten. A probe with no answer, and nothing else heard, also tells that the line is dead
 * long before TCP notices.
 */

import { socket } from "./events";
import type { ClockProbed } from "./types";

export interface Offset {
  /** Server = browser + offset. */
  offset_us: number;
  uncertainty_us: number;
}

/** An offset as it was when the answer came. */
export interface Exchange extends Offset {
  back_us: number;
}

const EVERY_MS = 10_000;
const LOOK_EVERY_MS = 1_000;
const SILENCE_MS = 2_000;
const ANSWER_LIMIT_MS = 2_500;
/** The media line has gone: the socket's may have gone with it, as when the network changed. */
const SUSPECTED_LIMIT_MS = 1_200;
const KEPT = 8;
/** What two quartz clocks that nobody steers drift apart at the most (docs/time.md). */
const DRIFT_PPM = 100;

/** Microseconds since 1970 on this browser's clock; steady between page load and close. */
export function epoch_us(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}

/** What one exchange shows; `back_us` is the browser's clock when the answer came. null: a clock was set in between. */
export function offsetOf(probed: ClockProbed, back_us: number): Exchange | null {
  const { sent_us, received_us, answered_us } = probed;
  const way_us = back_us - sent_us - (answered_us - received_us);
  if (way_us < 0) return null;
  return {
    offset_us: Math.round((received_us - sent_us + (answered_us - back_us)) / 2),
    uncertainty_us: Math.max(1, Math.ceil(way_us / 2)),
    back_us,
  };
}

function error_us(one: Exchange, now_us: number): number {
  return one.uncertainty_us + Math.ceil((Math.max(0, now_us - one.back_us) * DRIFT_PPM) / 1e6);
}

/** The exchanges with one more: the last ones, as far as they can be true of two clocks that only drifted. */
export function withExchange(kept: readonly Exchange[], one: Exchange | null): readonly Exchange[] {
  if (one === null) return kept;
  const agrees = (before: Exchange): boolean =>
    Math.abs(before.offset_us - one.offset_us) <= error_us(before, one.back_us) + one.uncertainty_us + 1;
  return (kept.every(agrees) ? [...kept, one] : [one]).slice(-KEPT);
}

/** The offset that can be the least wrong now; null before the first answer. */
export function leastWrong(kept: readonly Exchange[], now_us: number): Offset | null {
  let best: Offset | null = null;
  for (const one of kept) {
    const uncertainty_us = error_us(one, now_us);
    if (best === null || uncertainty_us < best.uncertainty_us) best = { offset_us: one.offset_us, uncertainty_us };
  }
  return best;
}

let measured: readonly Exchange[] = [];
let unanswered: ReturnType<typeof setTimeout> | undefined;
let probed_at_ms = 0;

/** The best known offset; null before the first answer. */
export function serverOffset(): Offset | null {
  return leastWrong(measured, epoch_us());
}

/** Milliseconds since 1970 on the server's clock, as well as it is known. */
export function serverNow_ms(): number {
  return (epoch_us() + (serverOffset()?.offset_us ?? 0)) / 1000;
}

/** See soon whether the socket still carries; one that does not is opened anew. */
export function suspectLine(): void {
  probe(SUSPECTED_LIMIT_MS);
}

function probe(limit_ms = ANSWER_LIMIT_MS): void {
  if (socket.status !== "connected") return;
  const sent_at_ms = Date.now();
  probed_at_ms = sent_at_ms;
  socket.notice({ type: "probe_clock", sent_us: epoch_us() });
  clearTimeout(unanswered);
  unanswered = setTimeout(() => (socket.heard_at_ms ?? 0) < sent_at_ms && lost(), limit_ms);
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
      measured = withExchange(measured, offsetOf(probed, epoch_us()));
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
