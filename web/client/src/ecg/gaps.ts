/**
 * Which missing samples to ask the server for, and when.
 *
 * A hole of the live stream is asked for once it is 300 ms old (a repeat in the next packets mostly fills it), at most
 * five times a second; one that no repeat can fill, at once. What stays missing is asked for again, ever more seldom, but never while an answer still comes.
 * A long hole is asked for in parts, the next as soon as the one before is coming: so many samples are on their way
 * at once as the line carries quickly.
 */

import type { Gap } from "./ring";

/** How patiently holes are asked for. */
export interface Patience {
  ripe_ms: number;
  between_ms: number;
}

/** Longer than any packet's repeats reach, or packets overtake each other. */
const LONG_S = 1;

export const LIVE: Patience = { ripe_ms: 300, between_ms: 200 };
/** Nothing but an answer fills what was taken long ago. */
export const STORED: Patience = { ripe_ms: 0, between_ms: 50 };

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 10_000;
/** An answer within this was no burden to the line, one after more than that was. */
const QUICK_MS = 500;
const SLOW_MS = 2000;
const LEAST_SHARE = 1 / 4;
const USUAL_S = 10;
/** The longest the server gives at once, of any rate. */
const MOST_S = 30;

/** How many samples may be on their way at once: more while answers come quickly, fewer on a slow line. */
export class AskedAtOnce {
  private now_samples: number;

  /** `long`: what no repeat in the next packets fills. */
  constructor(
    private readonly usual: number,
    private readonly most = usual,
    readonly long = Infinity,
  ) {
    this.now_samples = usual;
  }

  /** Of a stream of this rate. */
  static at(rate_hz: number): AskedAtOnce {
    return new AskedAtOnce(Math.ceil(USUAL_S * rate_hz), Math.ceil(MOST_S * rate_hz), LONG_S * rate_hz);
  }

  get samples(): number {
    return this.now_samples;
  }

  /** All of these that one request asked for have come. A few that come quickly say nothing of many. */
  answered(samples: number, took_ms: number): void {
    if (took_ms <= QUICK_MS && samples >= this.now_samples / 2) this.now_samples = Math.min(this.most, this.now_samples * 2);
    else if (took_ms > SLOW_MS) this.now_samples = Math.max(Math.ceil(this.usual * LEAST_SHARE), Math.ceil(this.now_samples / 2));
  }
}

interface Request {
  readonly asked_ms: number;
  readonly samples: number;
  readonly tries: number;
  /** From when on what is left of it may be asked for again. */
  again_ms: number;
  /** Samples of it that have not come. */
  left: number;
}

/** A stretch of a hole, all of it asked for by one request or by none. */
interface Part {
  first: number;
  end: number;
  seen_ms: number;
  request: Request | null;
}

export class GapSeeker {
  private parts: Part[] = [];
  private last_ask_ms = -Infinity;

  constructor(
    private readonly at_once: AskedAtOnce,
    private readonly patience: Patience = LIVE,
  ) {}

  /** The range to ask for now, or `null`. `gaps`: what is missing now, oldest first; `from`: nothing before is wanted. */
  next(gaps: Gap[], now_ms: number, from = 0): Gap | null {
    this.forgetBefore(from);
    this.remember(gaps, now_ms);
    if (now_ms - this.last_ask_ms < this.patience.between_ms) return null;
    const at = this.parts.findIndex((part) => this.isDue(part, now_ms));
    if (at < 0) return null;
    const room = this.at_once.samples - this.onTheWay(now_ms);
    const { first, end } = this.dueFrom(at, now_ms);
    const count = Math.min(end - first, room);
    if (count < Math.min(end - first, this.at_once.samples / 2)) return null; // in larger pieces, as room is made
    this.ask(first, first + count, now_ms);
    return { first, count };
  }

  /** What was asked for on a line that is gone was asked in vain. */
  askAnew(): void {
    for (const part of this.parts) part.request = null;
  }

  /** Whether a first answer is still to come for any of the holes, as they were at the last `next`. */
  isWaiting(now_ms: number): boolean {
    return this.parts.some(({ request }) => request === null || (request.tries === 1 && now_ms < request.again_ms));
  }

  /** What is wanted no more was not answered either. */
  private forgetBefore(from: number): void {
    for (const part of this.parts) {
      const forgotten = Math.min(Math.max(from - part.first, 0), part.end - part.first);
      part.first += forgotten;
      if (part.request !== null) part.request.left -= forgotten;
    }
    this.parts = this.parts.filter((part) => part.first < part.end);
  }

  /** What was known of a hole holds of whatever is left of it, wherever it begins now. */
  private remember(gaps: Gap[], now_ms: number): void {
    const requests = [...new Set(this.parts.map((part) => part.request))].filter((request) => request !== null);
    this.parts = gaps.flatMap((gap) => known(this.parts, gap.first, gap.first + gap.count, gap.count >= this.at_once.long ? -Infinity : now_ms));
    const left = requests.map((request) => samplesOf(this.parts.filter((part) => part.request === request)));
    const coming_ms = Math.min(...requests.filter((request, i) => request.left !== left[i]).map((request) => request.asked_ms));
    requests.forEach((request, i) => request.asked_ms >= coming_ms && this.follow(request, left[i]!, now_ms));
  }

  /** The answer is coming, or is queued behind one that is: answers come in the order of the requests. */
  private follow(request: Request, left: number, now_ms: number): void {
    request.left = left;
    request.again_ms = Math.max(request.again_ms, now_ms + wait_ms(request.tries));
    if (left === 0) this.at_once.answered(request.samples, now_ms - request.asked_ms);
  }

  private isDue({ seen_ms, request }: Part, now_ms: number): boolean {
    return request === null ? now_ms - seen_ms >= this.patience.ripe_ms : now_ms >= request.again_ms;
  }

  /** Asked for, missing, and not given up. */
  private onTheWay(now_ms: number): number {
    return samplesOf(this.parts.filter((part) => part.request !== null && !this.isDue(part, now_ms)));
  }

  /** From a part on, all that is due without anything between. */
  private dueFrom(at: number, now_ms: number): { first: number; end: number } {
    const { first } = this.parts[at]!;
    let { end } = this.parts[at]!;
    for (const next of this.parts.slice(at + 1)) {
      if (next.first !== end || !this.isDue(next, now_ms)) break;
      end = next.end;
    }
    return { first, end };
  }

  private ask(first: number, end: number, now_ms: number): void {
    const tries = 1 + Math.max(...this.parts.filter((part) => part.first < end && part.end > first).map((part) => part.request?.tries ?? 0));
    const request = { asked_ms: now_ms, samples: end - first, tries, again_ms: now_ms + wait_ms(tries), left: end - first };
    this.parts = this.parts.flatMap((part) => cut(part, [first, end])).map((part) => (part.first >= first && part.end <= end ? { ...part, request } : part));
    this.last_ask_ms = now_ms;
  }
}

function wait_ms(tries: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1));
}

function samplesOf(parts: Part[]): number {
  return parts.reduce((sum, part) => sum + part.end - part.first, 0);
}

/** [first, end) in parts: as they were known, and what was not known as seen at this moment. */
function known(parts: Part[], first: number, end: number, seen_ms: number): Part[] {
  const found: Part[] = [];
  let from = first;
  for (const part of parts) {
    if (part.end <= from || part.first >= end) continue;
    if (part.first > from) found.push({ first: from, end: part.first, seen_ms, request: null });
    from = Math.min(part.end, end);
    found.push({ ...part, first: Math.max(part.first, first), end: from });
  }
  if (from < end) found.push({ first: from, end, seen_ms, request: null });
  return found;
}

/** A part in pieces, none of them across any of these places. */
function cut(part: Part, places: number[]): Part[] {
  const ends = [...places.filter((place) => place > part.first && place < part.end), part.end];
  return ends.map((end, i) => ({ ...part, first: i === 0 ? part.first : ends[i - 1]!, end }));
}
