import { describe, expect, it } from "vitest";
import { Archive } from "../../src/ecg/archive";
import { DIAGNOSTIC, LeadFilter, sectionsOf } from "../../src/ecg/filters";
import { leadIn, pageColumns, pageEndingAt, pageSeconds, StillPage } from "../../src/ecg/page";
import { ARRANGEMENTS } from "../../src/ecg/layouts";
import { panes } from "../../src/ecg/sheet";
import { VIEW as view, wave } from "./packets";

const RATE_HZ = 500;
const RAW = { high_pass_hz: null, low_pass_hz: null, mains_hz: null };

describe("a page", () => {
  it("is as long as the sheet's columns one after the other, whatever the layout", () => {
    for (const arrangement of ARRANGEMENTS) {
      const widths = panes({ ...view, arrangement }).filter((pane) => pane.top === 0).map((pane) => pane.width);
      expect(pageColumns({ ...view, arrangement })).toBe(widths.reduce((sum, width) => sum + width, 0));
    }
    expect(pageSeconds(view) * 25 * view.px_per_mm).toBeCloseTo(pageColumns(view), 9);
  });

  it("ends where it is wanted to, and begins with a whole column", () => {
    const span = pageEndingAt(20_000, view, RATE_HZ);
    expect(span.end).toBe(20_000);
    expect(Number.isInteger(span.left_column)).toBe(true);
    expect((span.end - span.first) / RATE_HZ).toBeCloseTo(pageSeconds(view), 1);
  });

  it("is the stream's first one where there is no more before it", () => {
    expect(pageEndingAt(700, view, RATE_HZ)).toEqual({ left_column: 0, first: 0, end: 700 });
  });
});

describe("a page's samples", () => {
  const sample = (index: number) => Math.round(800 + 400 * Math.sin(index / 300) + (index % 450 < 25 ? 2000 : 0));
  const COUNT = 40_000;

  function kept(): Archive {
    const archive = new Archive(1, RATE_HZ);
    archive.want(0, COUNT);
    archive.store(wave({ first: 0, leads: [Array.from({ length: COUNT }, (_, i) => sample(i))] }), false);
    return archive;
  }

  it("have the baseline that live showed, to a few microvolts, wherever the page begins", () => {
    const filter = new LeadFilter(sectionsOf(DIAGNOSTIC, RATE_HZ), RATE_HZ);
    const live = Array.from({ length: COUNT }, (_, i) => filter.next(sample(i)));
    for (const end of [15_000, 25_000, 40_000]) {
      const page = new StillPage(kept(), 1000, DIAGNOSTIC, pageEndingAt(end, view, RATE_HZ));
      const off = Array.from({ length: end - page.start }, (_, i) => Math.abs(page.uv(0, page.start + i) - live[page.start + i]!));
      expect(Math.max(...off)).toBeLessThan(5);
      expect(Math.max(...live.slice(page.start, end))).toBeGreaterThan(1000);
    }
  });

  it("are none beyond the page, and missing ones are counted and made nothing of", () => {
    const archive = new Archive(1, RATE_HZ);
    archive.want(0, 5000);
    archive.store(wave({ first: 0, leads: [Array.from({ length: 1000 }, (_, i) => sample(i))] }), false);
    archive.store(wave({ first: 1100, leads: [Array.from({ length: 2000 }, (_, i) => sample(i))] }), false);
    const page = new StillPage(archive, 1000, RAW, pageEndingAt(2000, view, RATE_HZ));
    expect([page.missing, page.uv(0, 1050), page.uv(0, 2000), page.uv(0, 999)]).toEqual([100, Number.NaN, Number.NaN, sample(999)]);
  });

  it("tell of one lead where the source broke off", () => {
    const archive = new Archive(1, RATE_HZ);
    archive.want(0, 2000);
    archive.store(wave({ first: 0, leads: [Array.from({ length: 2000 }, (_, i) => sample(i))], breaks: [1200] }), false);
    const piece = new StillPage(archive, 1000, RAW, pageEndingAt(2000, view, RATE_HZ)).piece(0);
    expect([...piece.after_break.keys()].filter((i) => piece.after_break[i] === 1)).toEqual([1200 - piece.first]);
  });

  it("name every place across which no time is counted", () => {
    const archive = new Archive(1, RATE_HZ);
    archive.want(0, 3100);
    archive.store(wave({ first: 0, leads: [Array.from({ length: 1000 }, (_, i) => sample(i))], breaks: [700] }), false);
    archive.store(wave({ first: 1100, leads: [Array.from({ length: 2000 }, (_, i) => sample(i))] }), false);
    expect(new StillPage(archive, 1000, RAW, pageEndingAt(2000, view, RATE_HZ)).seams).toEqual([700, 1000, 1100]);
  });

  it("are filtered from 20 s before the page on, and from the stream's start where that is nearer", () => {
    expect(leadIn({ left_column: 0, first: 15_000.5, end: 0 }, RATE_HZ)).toBe(5000);
    expect(leadIn({ left_column: 0, first: 200, end: 0 }, RATE_HZ)).toBe(0);
  });
});
