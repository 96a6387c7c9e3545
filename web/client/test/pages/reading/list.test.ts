import { expect, test } from "vitest";
import type { EcgStudyCard, ReadingFigures } from "../../../src/api/types";
import { ofClass, total } from "../../../src/pages/reading/list.svelte";

const card = (id: string, urgency: string) => ({ id, urgency }) as EcgStudyCard;

test("a class shows its own in the server's order; all shows all", () => {
  const studies = [card("a", "critical"), card("b", "urgent"), card("c", "critical")];
  expect(ofClass(studies, "critical").map((one) => one.id)).toEqual(["a", "c"]);
  expect(ofClass(studies, "all")).toHaveLength(3);
  expect(ofClass(studies, "routine")).toEqual([]);
});

test("figures of all classes add up", () => {
  const figures = [{ waiting: 1, overdue: 1 }, { waiting: 4, overdue: 0 }] as ReadingFigures[];
  expect([total(figures, "waiting"), total(figures, "overdue"), total([], "waiting")]).toEqual([5, 1, 0]);
});
