import { describe, expect, it } from "vitest";
import { actionFor, type KeyPress } from "../../../src/pages/Room/keys";

const press = (code: string, more: Partial<KeyPress> = {}): KeyPress => ({
  code, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, isComposing: false, repeat: false, typing: false, ...more,
});

describe("the room's keys", () => {
  it("mean what the table of keys says", () => {
    const codes = ["KeyF", "KeyP", "KeyM", "KeyV", "BracketLeft", "BracketRight", "Digit1", "Digit4", "Escape"];
    expect(codes.map((code) => actionFor(press(code)))).toEqual([
      "freeze", "pointer", "microphone", "camera", "slower", "faster", "panel1", "panel4", "leaveTool",
    ]);
    expect(actionFor(press("Slash", { shiftKey: true }))).toBe("help");
  });

  it("go by the key's place, so a Chinese input method does not swallow them", () => {
    const event = { ...press("KeyF"), key: "Process" };
    expect(actionFor(event)).toBe("freeze");
  });

  it("are off while somebody types or composes, with modifiers, and when held down", () => {
    for (const more of [{ typing: true }, { isComposing: true }, { ctrlKey: true }, { altKey: true }, { metaKey: true }, { repeat: true }, { shiftKey: true }]) {
      expect(actionFor(press("KeyF", more))).toBeNull();
    }
  });

  it("leave every other key alone", () => {
    expect(["KeyA", "Enter", "Tab", "Slash"].map((code) => actionFor(press(code)))).toEqual([null, null, null, null]);
  });
});
