import { expect, test, vi } from "vitest";
import type { EcgRecording } from "../../src/api/types";
import { FIRST_CHOICE, type View } from "../../src/ecg/sheet";
import { drawAround, type Drawn, type Piece, TapeEcgTrack } from "../../src/tape/ecg";

const RATE_HZ = 500;
const COUNT = 12_000;
const recording = { id: "r1", started_at: "2026-11-26T22:00:00Z", rate_hz: RATE_HZ, nv_per_lsb: 2500, leads: ["II"], sample_count: COUNT } as unknown as EcgRecording;

vi.mock("../../src/ecg/recording", () => ({
  readRecording: (answer: { first: number; count: number }) => ({
    lead_count: 1,
    count: answer.count,
    samples: Int16Array.from({ length: answer.count }, (_, i) => (answer.first + i >= 500 && answer.first + i < 600 ? -32768 : 1)),
  }),
}));

/** Loads what its path asks for, without any server. */
function bytes(path: string): Promise<ArrayBuffer> {
  const [, first, count] = /first=(\d+)&count=(\d+)/.exec(path)!;
  return Promise.resolve({ first: Number(first), count: Number(count) } as unknown as ArrayBuffer);
}

class Paper {
  fillStyle = "";
  readonly gaps: number[] = [];
  readonly cursors: number[] = [];
  readonly bars: number[] = [];
  readonly clips: [number, number][] = [];
  lines = 0;
  fillRect(x: number, _y: number, width: number) {
    if (this.fillStyle === "#14232d" && width === 3) this.bars.push(x + 1);
    if (this.fillStyle === "gap") this.gaps.push(x);
    if (this.fillStyle === "#6b2379") this.cursors.push(x);
  }
  lineTo() {
    this.lines += 1;
  }
  save() { /* nothing */ }
  restore() { /* nothing */ }
  clip() { /* nothing */ }
  rect(x: number, _y: number, width: number) {
    this.clips.push([x, x + width]);
  }
  beginPath() { /* nothing */ }
  moveTo() { /* nothing */ }
  stroke() { /* nothing */ }
  fillText() { /* nothing */ }
  strokeText() { /* nothing */ }
}

const view: View = { ...FIRST_CHOICE, px_per_mm: 4, width_px: 1100, height_px: 280 };

function paperOf(pieces: readonly Piece[], exact = true): Drawn & { paper: Paper } {
  const paper = new Paper();
  return { paper, ...drawAround(paper as unknown as CanvasRenderingContext2D, view, pieces, 1, { gap: "gap" }, exact) };
}

function drawn(track: TapeEcgTrack, sample: number, exact = true): { paper: Paper; gaps: boolean } {
  const { paper, gap } = paperOf([{ track, middle: sample, from: -Infinity, until: Infinity }], exact);
  return { paper, gaps: gap };
}

test("missing samples are hatched, and told", async () => {
  const track = new TapeEcgTrack(recording, bytes);
  await track.around(550, 3000);
  const { paper, gaps } = drawn(track, 550);
  expect(gaps).toBe(true);
  // 100 samples at 500 Hz are 0.2 s, 5 mm, 20 px: of lead II in its pane and in the rhythm row
  expect(Math.abs(paper.gaps.length - 40)).toBeLessThanOrEqual(4);
});

test("what is not loaded yet, and what lies outside of the recording, is no gap", async () => {
  const track = new TapeEcgTrack(recording, bytes);
  expect([drawn(track, 550).gaps, drawn(track, 550).paper.lines > 100]).toEqual([false, false]);
  await track.around(COUNT, 3000);
  const { paper, gaps } = drawn(track, COUNT);
  expect([gaps, paper.gaps]).toEqual([false, []]);
  expect(paper.lines).toBeGreaterThan(100);
});

test("a line is drawn only where it is the picture's very instant", async () => {
  const track = new TapeEcgTrack(recording, bytes);
  await track.around(3000, 3000);
  const { paper } = drawn(track, 3000);
  expect(paper.cursors.length).toBeGreaterThanOrEqual(12);
  const about = drawn(track, 3000, false).paper;
  expect(about.cursors).toEqual([]);
  expect(about.lines).toBe(paper.lines);
});

test("how far the leads reach is told of what is loaded, and of what was recorded only", async () => {
  const track = new TapeEcgTrack(recording, bytes);
  expect(track.reaches(3000, 6)).toEqual([]);
  await track.around(3000, 3000);
  expect(track.reaches(3000, 6)).toEqual([{ lead: "II", low_mv: 0.0025, high_mv: 0.0025 }]);
  expect(track.reaches(3000, 6, 4500, Infinity)).toEqual([]); // bound later only
});

test("where one binding's ECG ends and another's begins stands a bar in every pane, and nothing between them", async () => {
  const [before, after] = [new TapeEcgTrack(recording, bytes), new TapeEcgTrack(recording, bytes)];
  await Promise.all([before.around(3000, 1000), after.around(3000, 1000)]);
  // Bound up to 0.1 s before the middle, and from 0.1 s behind it: 50 samples, 10 px each.
  const ended: Piece = { track: before, middle: 3000, from: -Infinity, until: 2950 };
  const began: Piece = { track: after, middle: 9000, from: 9050, until: Infinity };
  const alone = paperOf([ended]);
  expect([alone.broken, paperOf([{ ...ended, until: Infinity }]).broken]).toEqual([true, false]);
  const { paper, broken } = paperOf([ended, began], false);
  expect(broken).toBe(true);
  expect(paper.bars).toHaveLength(2 * 13); // 12 leads and the rhythm row
  const apart = paper.bars.filter((_, n) => n % 2 === 1).map((x, n) => x - paper.bars[2 * n]!);
  expect(new Set(apart)).toEqual(new Set([20]));
  const [left, right] = [paper.clips[0]!, paper.clips[1]!];
  expect([left[1], right[0]]).toEqual([paper.bars[0], paper.bars[1]]);
});
