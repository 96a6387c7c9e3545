import { expect, test } from "vitest";
import { LEADS } from "../../src/ecg/layouts";
import { marginPx, panes } from "../../src/ecg/sheet";
import { NO_MARKS } from "../../src/ecg/studyMarks";
import { hatchedFirst, pageSeconds, pageStarts, type SheetChoice, sheetSize, viewOf } from "../../src/ecg/studySheet";
import { FIRST_SHEET } from "../../src/pages/reading/sheetChoice";
import { span } from "./studies";

const choice = (fields: Partial<SheetChoice> = {}): SheetChoice => ({ ...FIRST_SHEET, ...fields });

test("ten seconds stand on one sheet at 25 mm/s, five at 50", () => {
  expect([pageSeconds(25), pageSeconds(50), pageSeconds(12.5)]).toEqual([10, 5, 20]);
  expect(pageStarts(5000, 500, 25)).toEqual([0]);
  expect(pageStarts(5000, 500, 50)).toEqual([0, 2500]);
  expect(pageStarts(5001, 500, 25)).toEqual([0, 5000]);
  expect(pageStarts(100, 500, 25)).toEqual([0]);
});

test("every layout has room for 250 mm of trace, whatever its scale", () => {
  for (const arrangement of ["3x4+1", "3x4+3", "6x2", "12x1"] as const) {
    const size = sheetSize(choice({ arrangement }), LEADS);
    for (const px_per_mm of [2.4, 3.78, 7]) {
      const view = viewOf(choice({ arrangement }), LEADS, size, px_per_mm);
      const traced_mm = (view.width_px - marginPx(view)) / px_per_mm;
      expect(Math.abs(traced_mm - 250)).toBeLessThan(1 / px_per_mm + 0.05);
      const [first] = panes(view);
      expect(first!.height / px_per_mm).toBeGreaterThanOrEqual(17.5);
    }
  }
});

test("leads with a hatch are drawn before the others, whose tall waves reach into their rows", () => {
  const drawn = ["V1", "V2", "V3"].map((lead) => ({ pane: { lead } }));
  const marks = { ...NO_MARKS, spans: [span(0, 10, { electrodes_off: ["V2"], unusable: ["V2"] })] };
  expect(hatchedFirst(drawn, marks).map(({ pane }) => pane.lead)).toEqual(["V2", "V1", "V3"]);
});

test("a study of two leads has a row for each", () => {
  const names = ["MLII", "V5"];
  const view = viewOf(choice(), names, sheetSize(choice(), names), 4);
  expect(panes(view).map((pane) => pane.lead).sort()).toEqual(["MLII", "V5"]);
});
