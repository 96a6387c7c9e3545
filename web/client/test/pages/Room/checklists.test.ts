import { expect, test } from "vitest";
import type { ChecklistCard, ViewProtocol } from "../../../src/api/types";
import { obtained, tickOf, viewWords } from "../../../src/pages/Room/checklists";
import { SCHEMATICS } from "../../../src/ui/viewShapes";
import { VIEW_PROTOCOLS } from "../../../src/viewProtocols";

const tick = (view: string, state: "adequate" | "limited" | "not_obtained") => ({ view, state, by_name: "周敏", at: "2026-11-23T10:00:00Z", still_id: null, still_number: "" });
const card: ChecklistCard = { protocol: "fast", ticks: [tick("ruq", "adequate"), tick("luq", "limited"), tick("subxiphoid", "not_obtained")] };

test("a view that was not obtained is not counted as obtained", () => {
  expect(obtained(card)).toBe(2);
  expect(tickOf(card, "pelvis_long")).toBeNull();
  expect(tickOf(card, "luq")?.state).toBe("limited");
});

test("every view of every protocol has a name, what to look for, and a drawing of something", () => {
  for (const protocol of Object.keys(VIEW_PROTOCOLS) as ViewProtocol[]) {
    for (const view of VIEW_PROTOCOLS[protocol].views) {
      const { name, look } = viewWords(protocol, view.code);
      expect(name, view.code).not.toBe(view.code);
      expect(look, view.code).not.toBe("");
      expect(SCHEMATICS[view.scheme].shapes.length, view.scheme).toBeGreaterThan(0);
    }
  }
});

test("no drawing holds a number that is none, and each begins with a move", () => {
  for (const [scheme, { shapes }] of Object.entries(SCHEMATICS)) {
    for (const [, path] of shapes) expect(path, scheme).toMatch(/^M(?:[-0-9. ,]|[MLQAZq t])+$/);
  }
});
