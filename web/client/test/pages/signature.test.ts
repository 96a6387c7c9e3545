import { expect, test } from "vitest";
import { isSigned, pathOf, withPoint } from "../../src/pages/consult/signature";

test("strokes become one SVG path", () => {
  expect(pathOf([[[1, 2], [3.25, 4]], [[10, 10]]])).toBe("M1.0 2.0L3.3 4.0M10.0 10.0");
});

test("a touch is no signature, a line is", () => {
  expect(isSigned([[[10, 10], [11, 10]]])).toBe(false);
  expect(isSigned([[[10, 10], [90, 40]]])).toBe(true);
});

test("a signature that no server would take is none", () => {
  const scribble = Array.from({ length: 4000 }, (_, at) => [at % 480, at % 160] as const);
  expect(isSigned([scribble])).toBe(false);
});

test("points that add nothing are left out", () => {
  const strokes = [[[10, 10]]] as const;
  expect(withPoint(strokes, [10.5, 10])).toBe(strokes);
  expect(withPoint(strokes, [20, 10])).toEqual([[[10, 10], [20, 10]]]);
});
