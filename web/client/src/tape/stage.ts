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
