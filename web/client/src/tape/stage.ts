/** Which of the tape's ultrasounds stands on the stage: station, capture card and device send one after the other. Pure. */

interface Sent {
  number: number;
  begin_us: number;
}

/** The one with the newest picture of the moment; where none has any, the one that began last by then. */
export function onStage<T extends Sent>(tracks: readonly T[], shown: Readonly<Record<number, { at_us: number } | null>>, at_us: number): T | null {
  const pictured = tracks.filter((track) => (shown[track.number] ?? null) !== null);
  if (pictured.length > 0) return pictured.reduce((best, one) => (shown[one.number]!.at_us > shown[best.number]!.at_us ? one : best));
  const begun = tracks.filter((track) => track.begin_us <= at_us).sort((a, b) => a.begin_us - b.begin_us);
  return begun.at(-1) ?? tracks[0] ?? null;
}

/** The frames of one track, by their moments. */
export interface Steps {
  /** The frame after the one of a moment, or before it; `null` at the ends. */
  step(at_us: number, forward: boolean): Promise<number | null>;
  /** The frame of a moment: the last at or before it. */
  frameAt(at_us: number): Promise<number | null>;
}

/** One frame on or back from the one on the stage, whoever of them sent it; `null` at the ends. */
export async function stepAmong(staged: Steps, others: readonly Steps[], at_us: number, forward: boolean): Promise<number | null> {
  const theirs = others.map((one) => (forward ? one.step(at_us, true) : one.frameAt(at_us)));
  const found = await Promise.all([staged.step(at_us, forward), ...theirs]);
  const times = found.filter((time) => time !== null);
  if (times.length === 0) return null;
  return forward ? Math.min(...times) : Math.max(...times);
}
