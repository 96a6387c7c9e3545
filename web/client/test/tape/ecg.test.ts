import { expect, test, vi } from "vitest";
import type { EcgRecording } from "../../src/api/types";
import type { View } from "../../src/ecg/sweep";
import { drawAround, TapeEcgTrack } from "../../src/tape/ecg";

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
  lines = 0;
  fillRect(x: number) {
    if (this.fillStyle === "gap") this.gaps.push(x);
    if (this.fillStyle === "#6b2379") this.cursors.push(x);
  }
  lineTo() {
    this.lines += 1;
  }
  save() { /* nothing */ }
  restore() { /* nothing */ }
  clip() { /* nothing */ }
  rect() { /* nothing */ }
  beginPath() { /* nothing */ }
  moveTo() { /* nothing */ }
  stroke() { /* nothing */ }
  fillText() { /* nothing */ }
  strokeText() { /* nothing */ }
}

const view: View = { arrangement: "3x4", speed_mm_s: 25, gain_mm_mv: 10, px_per_mm: 4, width_px: 1100, height_px: 280 };

function drawn(track: TapeEcgTrack, sample: number, exact = true): { paper: Paper; gaps: boolean } {
  const paper = new Paper();
  const gaps = drawAround(paper as unknown as CanvasRenderingContext2D, view, track, sample, 1, { gap: "gap" }, exact);
  return { paper, gaps };
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
});
