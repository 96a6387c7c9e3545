import { describe, expect, it } from "vitest";
import { guidingActionFor } from "../../../src/pages/Room/guidingKeys";
import { actionFor, type KeyPress } from "../../../src/pages/Room/keys";

const press = (code: string, more: Partial<KeyPress> = {}): KeyPress => ({
  code, key: "", shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, isComposing: false, repeat: false, typing: false, choosing: false, ...more,
});

describe("the keys of guiding", () => {
  it("mean what the table of keys says, and nothing else in the room", () => {
    const codes = ["KeyR", "KeyB", "KeyY", "KeyN", "F8"];
    expect(codes.map((code) => guidingActionFor(press(code), true))).toEqual(["pad", "seen", "done", "cannot", "done"]);
    expect(codes.map((code) => actionFor(press(code), true))).toEqual([null, null, null, null, null]);
  });

  it("leave letters to who types; a foot switch answers all the same", () => {
    for (const more of [{ typing: true }, { isComposing: true }]) {
      expect(guidingActionFor(press("KeyY", more), true)).toBeNull();
      expect(guidingActionFor(press("F8", more), true)).toBe("done");
    }
  });

  it("do nothing twice when held down, and nothing with a modifier", () => {
    for (const more of [{ repeat: true }, { ctrlKey: true }, { altKey: true }, { metaKey: true }, { shiftKey: true }]) {
      expect([guidingActionFor(press("KeyY", more), true), guidingActionFor(press("F8", more), true)]).toEqual([null, null]);
    }
  });

  it("can be switched off as far as they are single letters", () => {
    expect([guidingActionFor(press("KeyY"), false), guidingActionFor(press("F8"), false)]).toEqual([null, "done"]);
  });
});
