/** A signature as strokes: an SVG path, bounded, drawn and stored the same way. */

export const PAD_WIDTH = 480;
export const PAD_HEIGHT = 160;
/** The server takes a path of at most so many characters. */
export const MOST_CHARACTERS = 16_000;
const LEAST_LENGTH_PX = 40;
/** Points nearer than this to the one before say nothing more. */
const LEAST_STEP_PX = 1.5;

export type Point = readonly [x: number, y: number];
export type Stroke = readonly Point[];

/** The strokes with a point added to the last one; the same strokes when it adds nothing. */
export function withPoint(strokes: readonly Stroke[], point: Point): readonly Stroke[] {
  const last = strokes.at(-1);
  const before = last?.at(-1);
  if (last === undefined || before === undefined) return [...strokes.slice(0, -1), [point]];
  if (Math.hypot(point[0] - before[0], point[1] - before[1]) < LEAST_STEP_PX) return strokes;
  return [...strokes.slice(0, -1), [...last, point]];
}

/** "M12.0 30.5L…" in units of the pad. */
export function pathOf(strokes: readonly Stroke[]): string {
  return strokes
    .filter((stroke) => stroke.length > 0)
    .map((stroke) => `M${stroke.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`)
    .join("");
}

/** Whether somebody wrote something, and not only touched the pad. */
export function isSigned(strokes: readonly Stroke[]): boolean {
  const length = strokes.reduce((sum, stroke) => sum + lengthOf(stroke), 0);
  return length >= LEAST_LENGTH_PX && pathOf(strokes).length <= MOST_CHARACTERS;
}

function lengthOf(stroke: Stroke): number {
  let sum = 0;
  for (let i = 1; i < stroke.length; i++) sum += Math.hypot(stroke[i]![0] - stroke[i - 1]![0], stroke[i]![1] - stroke[i - 1]![1]);
  return sum;
}
