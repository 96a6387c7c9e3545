import { describe, expect, test } from "vitest";
import { INKS } from "../../src/ecg/inks";
import { nameRoom } from "../../src/ecg/paper";
import { panes } from "../../src/ecg/sheet";
import { type DeviceMarks, drawMarks, type MarkContext, NO_MARKS } from "../../src/ecg/studyMarks";
import { sheetSize, viewOf } from "../../src/ecg/studySheet";
import { FIRST_SHEET } from "../../src/pages/reading/sheetChoice";
import { span } from "./studies";

/** Notes what is filled and written; every letter is ten pixels wide. */
class Surface {
  fillStyle = "";
  font = "";
  textBaseline: CanvasTextBaseline = "alphabetic";
  readonly fills: { ink: string; x: number; y: number; width: number; height: number }[] = [];
  readonly written: string[] = [];
  fillRect(x: number, y: number, width: number, height: number) {
    this.fills.push({ ink: this.fillStyle, x, y, width, height });
  }
  fillText(text: string) {
    this.written.push(text);
  }
  measureText(text: string) {
    return { width: 10 * text.length };
  }
}

const NAMES = ["V1", "V2"];
const VIEW = viewOf(FIRST_SHEET, NAMES, sheetSize(FIRST_SHEET, NAMES), 4);
const FRAME = { px_per_mm: 4, scale: 1, inks: INKS.usual };
const WORDS: DeviceMarks["words"] = { off: (electrodes) => `${electrodes} off`, unusable: "unusable", clipped: "clipped" };

function drawn(lead: string, marks: Partial<DeviceMarks>): { surface: Surface; left: number; below_name: number } {
  const pane = panes(VIEW).find((one) => one.lead === lead)!;
  const surface = new Surface();
  drawMarks(surface as unknown as MarkContext, pane, (sample) => pane.x + sample, { ...NO_MARKS, words: WORDS, ...marks }, FRAME);
  return { surface, left: pane.x, below_name: nameRoom(pane, 1).bottom };
}

describe("an electrode that was off", () => {
  const spans = [span(100, 200, { electrodes_off: ["V2"], unusable: ["V2"] })];

  test("is named on its own lead alone", () => {
    expect(drawn("V2", { spans }).surface.written).toEqual(["V2 off"]);
    expect(drawn("V1", { spans }).surface.written).toEqual([]);
  });

  test("is not named where there is no room for its name, nor where the device names none", () => {
    expect(drawn("V2", { spans: [span(100, 20, { electrodes_off: ["V2"], unusable: ["V2"] })] }).surface.written).toEqual([]);
    expect(drawn("V2", { spans: [span(100, 200, { unusable: ["V2"] })] }).surface.written).toEqual(["unusable"]);
  });

  test("is named in what of it is on the page", () => {
    expect(drawn("V2", { spans: [span(-950, 1000, { electrodes_off: ["V2"], unusable: ["V2"] })] }).surface.written).toEqual([]);
  });
});

test("what is clipped stands under a bar of its length", () => {
  const { surface, left } = drawn("V1", { spans: [span(100, 200, { clipped: ["V1"] })] });
  expect(surface.fills[0]).toMatchObject({ ink: INKS.usual.trace, x: left + 100, width: 200 });
  expect(surface.written).toEqual(["clipped"]);
});

test("every pacing pulse on the page has a stroke of 2 mm above the trace, and none covers the lead's name", () => {
  const { surface, left, below_name } = drawn("V1", { paces: [-1, 0, 300, 1_000_000] });
  expect(surface.fills.map(({ x, y, height }) => [x, y, height])).toEqual([0, 300].map((at) => [left + at, below_name, 8]));
});
