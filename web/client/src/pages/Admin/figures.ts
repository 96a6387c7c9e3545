/** A live session's figures: which there are, which are beyond their limit, and how they are written. */

import type { Curves, LiveFigures, SessionConcern } from "../../api/types";
import { figure } from "../../words/format";

export const FIGURES = [
  "round_trip_ms",
  "loss_percent",
  "up_mbps",
  "down_mbps",
  "ultrasound_fps",
  "ultrasound_delay_ms",
  "ultrasound_delay_uncertainty_ms",
  "freezes",
  "ecg_missing_samples",
  "alignment_residual_ms",
] as const;
export type FigureName = (typeof FIGURES)[number];
export type Figures = Pick<LiveFigures, FigureName>;

interface Limit {
  above?: number;
  below?: number;
}

/** Beyond these an administrator should look; the room warns its people by the same figures. */
export const LIMITS: Partial<Record<FigureName, Limit>> = {
  round_trip_ms: { above: 250 },
  loss_percent: { above: 3 },
  ultrasound_fps: { below: 20 },
  ultrasound_delay_ms: { above: 500 },
  ecg_missing_samples: { above: 0 },
  alignment_residual_ms: { above: 5 },
};

const DECIMALS: Partial<Record<FigureName, number>> = { loss_percent: 1, up_mbps: 1, down_mbps: 1, alignment_residual_ms: 1 };

/** A figure as it is read; an absent one is the en dash. */
export function written(name: FigureName, value: number | null): string {
  return figure(value, DECIMALS[name] ?? 0);
}

/** True when a figure is beyond its limit. What is not known is not beyond it. */
export function isBeyond(name: FigureName, value: number | null): boolean {
  const limit = LIMITS[name];
  if (value === null || limit === undefined) return false;
  return (limit.above !== undefined && value > limit.above) || (limit.below !== undefined && value < limit.below);
}

/** Every figure of a session that is beyond its limit. */
export function beyond(session: Figures): FigureName[] {
  return FIGURES.filter((name) => isBeyond(name, session[name]));
}

export type Condition = "degraded" | "connecting" | "unmeasured" | "fine";

/** What is wrong with a session beside its figures; that a figure is not known is no fault yet. */
export function faultsOf(session: LiveFigures): SessionConcern[] {
  return session.concerns.filter((concern) => concern !== "unmeasured");
}

/** What can be said of a session as a whole: good only when all is known, and good, of everyone in it. */
export function conditionOf(session: LiveFigures): Condition {
  if (beyond(session).length > 0 || faultsOf(session).length > 0) return "degraded";
  if (session.state === "accepted" && session.round_trip_ms === null) return "connecting";
  return session.concerns.length > 0 || session.round_trip_ms === null ? "unmeasured" : "fine";
}

/** Figures at one moment. */
export interface Point extends Figures {
  at_ms: number;
}

/** Ten minutes, one point each 2 s, as long as the server's own. */
export const POINTS_KEPT = 300;

/** The figures of a session alone, at a moment. */
export function pointOf(session: LiveFigures, at_ms: number): Point {
  const point = { at_ms } as Point;
  for (const name of FIGURES) point[name] = session[name];
  return point;
}

/** A session's points as the server kept them, and those that came here after them. */
export function joined(curves: Curves, known: readonly Point[]): Point[] {
  const kept = pointsOf(curves);
  const last_ms = kept.at(-1)?.at_ms ?? -Infinity;
  return [...kept, ...known.filter((point) => point.at_ms > last_ms)].slice(-POINTS_KEPT);
}

function pointsOf({ at, curves }: Curves): Point[] {
  const columns = new Map(curves.map((curve) => [curve.name, curve.values]));
  return at.map((moment, i) => {
    const point = { at_ms: Date.parse(moment) } as Point;
    for (const name of FIGURES) point[name] = columns.get(name)?.[i] ?? null;
    return point;
  });
}
