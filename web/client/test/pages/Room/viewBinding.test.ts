import { describe, expect, it } from "vitest";
import type { ChecklistCard, ViewProtocol, ViewState } from "../../../src/api/types";
import { bindableViews, nextView, stateWith, viewsOf } from "../../../src/pages/Room/viewBinding";
import { VIEW_PROTOCOLS } from "../../../src/viewProtocols";

const tick = (view: string, state: ViewState, still_id: string | null = null) => ({ view, state, by_name: "周敏", at: "2026-11-23T10:00:00Z", still_id, still_number: still_id === null ? "" : `CS-${still_id}` });
const card = (protocol: ViewProtocol, ...ticks: ChecklistCard["ticks"]): ChecklistCard => ({ protocol, ticks });
const whole = (protocol: ViewProtocol) => card(protocol, ...VIEW_PROTOCOLS[protocol].views.map(({ code }) => tick(code, "adequate")));

describe("the view a still is for", () => {
  it("is the first that nobody has ticked, of the protocol that was opened last", () => {
    expect(nextView([card("fast"), card("aaa")])?.protocol).toBe("aaa");
    expect(nextView([card("fast", tick("ruq", "adequate"))])).toMatchObject({ protocol: "fast", view: "luq" });
    expect(nextView([card("fast"), whole("aaa")])).toMatchObject({ protocol: "fast", view: "ruq" });
  });

  it("is none when every view is ticked, or no checklist is open", () => {
    expect([nextView([]), nextView([whole("fast")])]).toEqual([null, null]);
  });

  it("counts as obtained, but one that was called limited stays limited", () => {
    const ruq = bindableViews([card("fast")])[0]!;
    expect(stateWith([card("fast")], ruq)).toBe("adequate");
    expect(stateWith([card("fast", tick("ruq", "limited"))], ruq)).toBe("limited");
    expect(stateWith([card("fast", tick("ruq", "not_obtained"))], ruq)).toBe("adequate");
  });

  it("says which still shows it already", () => {
    const cards = [card("fast", tick("ruq", "adequate", "k1"), tick("luq", "adequate", "k2"))];
    expect(bindableViews(cards).map(({ number }) => number).slice(0, 3)).toEqual(["CS-k1", "CS-k2", ""]);
    expect(viewsOf(cards, "k2").map(({ view }) => view)).toEqual(["luq"]);
    expect(viewsOf(cards, "k3")).toEqual([]);
  });
});
