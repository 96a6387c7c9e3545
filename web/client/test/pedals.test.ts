import { describe, expect, it } from "vitest";
import { type Act, ACTS, actOf, bound, FIRST, labelOf, notLearnt, pedalOf, type Pressed, plainKey, readPedals, unbound, withLargeKey } from "../src/pedals";
import { guidingActionFor } from "../src/pages/Room/guidingKeys";
import { actionFor } from "../src/pages/Room/keys";

const press = (code: string, more: Partial<Pressed> = {}): Pressed => ({ code, ctrlKey: false, altKey: false, shiftKey: false, metaKey: false, ...more });

describe("a foot switch", () => {
  it("is F8 for done at first, and no key of the room", () => {
    expect(actOf(press("F8"), FIRST.bindings)).toBe("done");
    const plain = { ...press("F8"), key: "F8", isComposing: false, repeat: false, typing: false, choosing: false };
    for (const code of ["F8", "F9"]) expect([actionFor({ ...plain, code }, true), guidingActionFor({ ...plain, code }, true)]).toEqual([null, null]);
  });

  it("is told from the same key with something held", () => {
    const { bindings } = bound(FIRST, "freeze", pedalOf(press("KeyB", { ctrlKey: true, altKey: true })));
    expect(actOf(press("KeyB", { ctrlKey: true, altKey: true }), bindings)).toBe("freeze");
    expect([press("KeyB"), press("KeyB", { ctrlKey: true }), press("KeyB", { ctrlKey: true, altKey: true, metaKey: true })].map((one) => actOf(one, bindings))).toEqual([null, null, null]);
  });

  it("means one act: what it meant before it does not mean any more", () => {
    const moved = bound(FIRST, "freeze", plainKey("F8"));
    expect(moved.bindings).toEqual({ freeze: plainKey("F8") });
    expect(bound(moved, "freeze", plainKey("F13")).bindings).toEqual({ freeze: plainKey("F13") });
    expect(withLargeKey(moved, plainKey("F8"))).toMatchObject({ bindings: {}, large_key: plainKey("F8") });
    expect(unbound(moved, "freeze").bindings).toEqual({});
  });

  it("can be set to every act, each for itself", () => {
    const every = ACTS.reduce((pedals, act, i) => bound(pedals, act, plainKey(`F${13 + i}`)), FIRST);
    expect(ACTS.map((_, i): Act | null => actOf(press(`F${13 + i}`), every.bindings))).toEqual([...ACTS]);
  });

  it("is never a key that everybody needs for something else", () => {
    const reserved = ["Tab", "Escape", "Enter", "Space", "ArrowUp", "F2", "F5", "F11", "F12", "Backspace"];
    expect(new Set(reserved.map((code) => notLearnt(press(code))))).toEqual(new Set(["reserved"]));
    expect(notLearnt(press("KeyW", { ctrlKey: true }))).toBe("reserved");
    expect(notLearnt(press("KeyB", { metaKey: true }))).toBe("reserved");
    expect(notLearnt(press("ControlLeft", { ctrlKey: true }))).toBe("modifier");
    expect(notLearnt(press(""))).toBe("unknown");
    expect(["F8", "F13", "F24", "PageDown", "KeyB", "Numpad5"].map((code) => notLearnt(press(code)))).toEqual([null, null, null, null, null, null]);
    expect(notLearnt(press("KeyB", { ctrlKey: true, altKey: true }))).toBeNull();
  });

  it("is shown as it is printed on a key", () => {
    expect([plainKey("KeyB"), plainKey("Digit3"), plainKey("PageDown"), { ...plainKey("F8"), ctrl: true, alt: true }].map(labelOf)).toEqual(["B", "3", "PgDn", "Ctrl+Alt+F8"]);
  });

  it("is read as it was kept, and what cannot be read is as at first", () => {
    const pedals = { ...bound(FIRST, "freeze", plainKey("F13")), large_on: true, hold_ms: 1500 };
    expect(readPedals(JSON.parse(JSON.stringify(pedals)))).toEqual(pedals);
    expect([null, "x", 7].map(readPedals)).toEqual([FIRST, FIRST, FIRST]);
    expect(readPedals({ bindings: { done: { code: 5 }, nonsense: plainKey("F8"), freeze: plainKey("F9") }, hold_ms: 3 })).toEqual({ ...FIRST, bindings: { freeze: plainKey("F9") } });
    expect(readPedals({ bindings: {} }).bindings).toEqual({}); // taken away on purpose
  });
});
