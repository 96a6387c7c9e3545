/**
 * What weak lines make this room do without, as it is told: one's own line by the server, the station's by
 * the station. Pure; the words are the page's.
 */

import type { GivenUp } from "../api/types";

export interface WeakLine {
  own: readonly GivenUp[];
  station: readonly GivenUp[];
}

export const NOTHING_GIVEN_UP: WeakLine = { own: [], station: [] };

/** How long "it is over" is said, and how long pictures must have come by then. */
export const OVER_SAID_MS = 6000;
export const OVER_SURE_MS = 1500;

export interface WeakWords {
  own: (what: string) => string;
  station: (what: string) => string;
  over: string;
  facesOnly: string;
  what: Record<GivenUp, string>;
}

export function isWeak(line: WeakLine): boolean {
  return line.own.length > 0 || line.station.length > 0;
}

/** The sentences to say, one's own line first; none when nothing is given up. */
export function sentences(line: WeakLine, words: WeakWords, listComma: string): string[] {
  const said: string[] = [];
  const facesOnly = line.own.length === 1 && line.own[0] === "faces" && line.station.length === 0;
  if (facesOnly) said.push(words.own(words.facesOnly));
  else if (line.own.length > 0) said.push(words.own(listed(line.own, words, listComma)));
  if (line.station.length > 0) said.push(words.station(listed(line.station, words, listComma)));
  return said;
}

/** Those that concern the ultrasound picture, said on it. */
export function onUltrasound(line: WeakLine): WeakLine {
  return { own: line.own.filter((what) => what !== "faces"), station: line.station.filter((what) => what !== "faces") };
}

function listed(given_up: readonly GivenUp[], words: WeakWords, listComma: string): string {
  return given_up.map((what) => words.what[what]).join(listComma);
}

/** Keeps what was told last and for how long "it is over" still is to be said. */
export class WeakLineWatch {
  line: WeakLine = NOTHING_GIVEN_UP;
  private over_ms: number | null = null;

  own(given_up: readonly GivenUp[], now_ms: number): void {
    this.become({ ...this.line, own: given_up }, now_ms);
  }

  station(given_up: readonly GivenUp[], now_ms: number): void {
    this.become({ ...this.line, station: given_up }, now_ms);
  }

  /** Nothing is known any more: another call, or another station. Nothing is over, so nothing is said. */
  forget(whose: "own" | "station"): void {
    this.line = { ...this.line, [whose]: [] };
    this.over_ms = null;
  }

  /**
   * True for some seconds after the last thing given up came back. A line that is cut gives up nothing either:
   * when nothing is `arriving` in that time, nothing is over.
   */
  isOver(now_ms: number, arriving: boolean): boolean {
    if (!arriving) this.over_ms = null;
    if (this.over_ms === null) return false;
    const since_ms = now_ms - this.over_ms - OVER_SURE_MS;
    return since_ms >= 0 && since_ms < OVER_SAID_MS;
  }

  private become(line: WeakLine, now_ms: number): void {
    if (isWeak(this.line) && !isWeak(line)) this.over_ms = now_ms;
    if (isWeak(line)) this.over_ms = null;
    this.line = line;
  }
}
