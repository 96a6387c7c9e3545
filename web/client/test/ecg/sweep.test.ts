import { describe, expect, it } from "vitest";
import { groups } from "../../src/ecg/sheet";
import { columnsWithin, columnX, type Run, shownColumns, stretches } from "../../src/ecg/sweep";
import { VIEW as view } from "./packets";

const px = 0.2;
const group = groups(view)[0]!;
const all = ([first, end]: Run) => Array.from({ length: end - first }, (_, i) => first + i);

describe("a swept column", () => {
  it("stays in its place when the pen goes on, until the pen comes round", () => {
    const [first, end] = shownColumns(10_000, px, group.width, 12);
    expect(end - first).toBe(group.width - 12);
    expect(columnX(first, group)).not.toBe(columnX(end, group));
    expect(columnX(first + group.width, group)).toBe(columnX(first, group));
  });

  it("is found by where it stands, whichever round it is of", () => {
    for (const pen of [10, 1000, 10_000, 10_777]) {
      const shown = shownColumns(pen, px, group.width, 12);
      for (const [left, right] of [[0, 2000], [group.x, group.x + 40], [group.x + 100, group.x + 117], [group.x - 5, group.x + 1]] as const) {
        const want = all(shown).filter((column) => columnX(column, group) >= left && columnX(column, group) < right);
        expect(columnsWithin(shown, group, left, right).flatMap(all).sort((a, b) => a - b)).toEqual(want);
      }
    }
    expect(columnsWithin([5, 5], group, 0, 2000)).toEqual([]);
  });

  it("stands in one stretch, or in two where it goes round", () => {
    const found = ([[0, 10], [group.width - 4, group.width + 6], [3 * group.width - 1, 3 * group.width], [7, 7 + 3 * group.width]] as Run[]).map((run) => {
      const places = stretches(run, group).flatMap(all);
      expect(new Set(places)).toEqual(new Set(all(run).map((column) => columnX(column, group))));
      expect(new Set(places).size).toBe(places.length);
      return stretches(run, group).length;
    });
    expect(found).toEqual([1, 2, 1, 2]);
  });
});
