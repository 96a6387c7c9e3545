/**
 * What the browser's statistics say of the connection, as figures and as words.
 *
 * Works on plain report objects (W3C webrtc-stats), so it needs no browser. A figure that is not there is
 * `null`, never 0.
 */

/** One entry of RTCStatsReport, as far as it is read here. */
export interface StatsEntry {
  id: string;
  type: string;
  timestamp: number;
  [key: string]: unknown;
}

/** Figures of the whole connection. */
export interface Figures {
  round_trip_ms: number | null;
  loss_percent: number | null;
  down_mbps: number | null;
  up_mbps: number | null;
  freezes: number | null;
  /** Everything received, for watching the path. */
  packets: number | null;
}

export const NO_FIGURES: Figures = {
  round_trip_ms: null,
  loss_percent: null,
  down_mbps: null,
  up_mbps: null,
  freezes: null,
  packets: null,
};

export const enum QualityWord {
  Unknown = "unknown",
  Good = "good",
  Fair = "fair",
  Poor = "poor",
}

interface Totals {
  at_ms: number;
  received: number;
  lost: number;
  bytes_in: number;
  bytes_out: number;
}

/** Keeps the totals of the last look and tells what happened since. */
export class QualityMeter {
  private last: Totals | null = null;

  /** Figures since the last call; loss and rates are `null` at the first. */
  read(entries: StatsEntry[]): Figures {
    const pair = selectedPair(entries);
    const now = totals(entries, pair);
    const before = this.last;
    this.last = now;
    return {
      round_trip_ms: inMs(number(pair?.["currentRoundTripTime"])),
      loss_percent: before === null ? null : loss(before, now),
      down_mbps: before === null ? null : rate(now.bytes_in - before.bytes_in, now.at_ms - before.at_ms),
      up_mbps: before === null ? null : rate(now.bytes_out - before.bytes_out, now.at_ms - before.at_ms),
      freezes: sum(inbound(entries, "video"), "freezeCount"),
      packets: number(pair?.["packetsReceived"]) ?? sum(inbound(entries), "packetsReceived"),
    };
  }

  /** A new peer connection counts from nothing. */
  reset(): void {
    this.last = null;
  }
}

/** The connection in one word, for a sentence. */
export function wordFor(figures: Figures): QualityWord {
  const { round_trip_ms, loss_percent } = figures;
  if (round_trip_ms === null && loss_percent === null) return QualityWord.Unknown;
  if ((round_trip_ms ?? 0) > 400 || (loss_percent ?? 0) > 5) return QualityWord.Poor;
  if ((round_trip_ms ?? 0) > 200 || (loss_percent ?? 0) > 1.5) return QualityWord.Fair;
  return QualityWord.Good;
}

/** Bars of 4 for the same word. */
export function barsFor(word: QualityWord): number {
  return { [QualityWord.Unknown]: 0, [QualityWord.Poor]: 1, [QualityWord.Fair]: 2, [QualityWord.Good]: 4 }[word];
}

function selectedPair(entries: StatsEntry[]): StatsEntry | undefined {
  const transport = entries.find((entry) => entry.type === "transport" && entry["selectedCandidatePairId"] !== undefined);
  const id = transport?.["selectedCandidatePairId"];
  const pairs = entries.filter((entry) => entry.type === "candidate-pair");
  return pairs.find((pair) => pair.id === id) ?? pairs.find((pair) => pair["nominated"] === true && pair["state"] === "succeeded");
}

function totals(entries: StatsEntry[], pair: StatsEntry | undefined): Totals {
  const streams = inbound(entries);
  return {
    at_ms: pair?.timestamp ?? entries[0]?.timestamp ?? 0,
    received: sum(streams, "packetsReceived") ?? 0,
    lost: sum(streams, "packetsLost") ?? 0,
    bytes_in: number(pair?.["bytesReceived"]) ?? sum(streams, "bytesReceived") ?? 0,
    bytes_out: number(pair?.["bytesSent"]) ?? 0,
  };
}

function inbound(entries: StatsEntry[], kind?: string): StatsEntry[] {
  return entries.filter((entry) => entry.type === "inbound-rtp" && (kind === undefined || entry["kind"] === kind));
}

function sum(entries: StatsEntry[], key: string): number | null {
  const values = entries.map((entry) => number(entry[key])).filter((value) => value !== null);
  return values.length === 0 ? null : values.reduce((a, b) => a + b, 0);
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function inMs(seconds: number | null): number | null {
  return seconds === null ? null : seconds * 1000;
}

function loss(before: Totals, now: Totals): number | null {
  const lost = Math.max(0, now.lost - before.lost);
  const received = Math.max(0, now.received - before.received);
  return lost + received === 0 ? null : (100 * lost) / (lost + received);
}

function rate(bytes: number, ms: number): number | null {
  return ms <= 0 || bytes < 0 ? null : (bytes * 8) / ms / 1000;
}
