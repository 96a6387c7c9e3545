import { expect, test } from "vitest";
import type { PicturePart, TapeAct } from "../../src/api/types";
import { TapeParts } from "../../src/tape/parts";

const S = 1_000_000;
const WHOLE: PicturePart = { captured_width: 640, captured_height: 480, left: 0, top: 0, width: 640, height: 480, sent_width: 640, sent_height: 480 };
const SECTOR: PicturePart = { ...WHOLE, left: 160, top: 96, width: 320, height: 288, sent_width: 240, sent_height: 216 };
const shown = (since_s: number, part: PicturePart, given_up: string[] = [], encoding = "main", binding_id = "b"): TapeAct => ({
  at_us: since_s * S + 900,
  message: { type: "picture_shown", binding_id, since_us: since_s * S, part, given_up, encoding },
});

test("a frame lies where the part was that was told for its capture time", () => {
  const parts = new TapeParts([shown(1, WHOLE), shown(5, SECTOR, ["ultrasound_cropped"]), shown(9, WHOLE)]);
  expect([parts.of("b", 4.9 * S, 640, 480), parts.of("b", 5 * S, 240, 216), parts.of("b", 9.1 * S, 640, 480)]).toEqual([WHOLE, SECTOR, WHOLE]);
  expect(parts.of("b", 6 * S, 640, 480)).toBe("unknown");
  expect([4, 5, 8.9, 9].map((at) => parts.givenUp("b", at * S))).toEqual([[], ["ultrasound_cropped"], ["ultrasound_cropped"], []]);
});

test("of another binding, and where nothing was told, nothing is cut", () => {
  const parts = new TapeParts([shown(1, SECTOR, ["ultrasound_cropped"])]);
  expect([parts.of("c", 2 * S, 240, 216), parts.of(null, 2 * S, 240, 216)]).toEqual([null, null]);
  expect([parts.givenUp("c", 2 * S), parts.givenUp("b", null), parts.givenUp("b", 0)]).toEqual([[], [], []]);
});

test("only the main encoding is on a tape: what is told of the reduced one places nothing", () => {
  const parts = new TapeParts([shown(1, SECTOR), shown(2, { ...SECTOR, left: 100 }, ["ultrasound_small"], "reduced")]);
  expect([parts.of("b", 3 * S, 240, 216), parts.givenUp("b", 3 * S)]).toEqual([SECTOR, []]);
});

test("a long consult's first parts are not forgotten", () => {
  const parts = new TapeParts(Array.from({ length: 100 }, (_, n) => shown(n, n % 2 ? SECTOR : WHOLE)));
  expect(parts.of("b", 3.5 * S, 240, 216)).toBe(SECTOR);
});
