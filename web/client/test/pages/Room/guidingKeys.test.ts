import { describe, expect, it } from "vitest";
import { guidingActionFor } from "../../../src/pages/Room/guidingKeys";
import { actionFor, type KeyPress } from "../../../src/pages/Room/keys";

const press = (code: string, more: Partial<KeyPress> = {}): KeyPress => ({
  code, key: "", shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, isComposing: false, repeat: false, typing: false, choosing: false, ...more,
});

describe("the keys of guiding", () => {
  it("mean what the table of keys says, and nothing else in the room", () => {
    const codes = ["KeyR", "KeyB", "KeyY", "KeyN"];
    expect(codes.map((code) => guidingActionFor(press(code), true))).toEqual(["pad", "seen", "done", "cannot"]);
    expect(codes.map((code) => actionFor(press(code), true))).toEqual([null, null, null, null]);
  });

  it("leave letters to who types", () => {
    for (const more of [{ typing: true }, { isComposing: true }]) {
      expect(guidingActionFor(press("KeyY", more), true)).toBeNull();
    }
  });

  it("do nothing twice when held down, and nothing with a modifier", () => {
    for (const more of [{ repeat: true }, { ctrlKey: true }, { altKey: true }, { metaKey: true }, { shiftKey: true }]) {
      expect(guidingActionFor(press("KeyY", more), true)).toBeNull();
    }
  });

  it("can be switched off", () => {
    expect(guidingActionFor(press("KeyY"), false)).toBeNull();
  });
});
