import { describe, expect, it } from "vitest";
import { actionFor, type KeyPress } from "../../../src/pages/Room/keys";

const press = (code: string, more: Partial<KeyPress> = {}): KeyPress => ({
  code, key: "", shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, isComposing: false, repeat: false, typing: false, choosing: false, ...more,
});
const means = (code: string, more: Partial<KeyPress> = {}, letters = true) => actionFor(press(code, more), letters);

describe("the room's keys", () => {
  it("mean what the table of keys says", () => {
    const codes = ["KeyF", "KeyP", "KeyM", "KeyV", "BracketLeft", "BracketRight", "Digit1", "Digit5", "Escape", "F2"];
    expect(codes.map((code) => means(code))).toEqual([
      "freeze", "pointer", "microphone", "camera", "slower", "faster", "panel1", "panel5", "leaveTool", "emergency",
    ]);
    expect(means("Slash", { shiftKey: true })).toBe("help");
    const tools = ["KeyD", "KeyA", "KeyX", "Comma", "Period", "KeyS", "KeyI", "KeyE", "KeyT"];
    expect(tools.map((code) => means(code))).toEqual([
      "draw", "arrow", "clear", "stepBack", "stepOn", "auscultate", "diagnostics", "electrodes", "chestPain",
    ]);
  });

  it("mark, measure, keep and look nearer at the frozen picture", () => {
    const codes = ["KeyO", "KeyL", "KeyG", "KeyU", "KeyK", "KeyW", "KeyJ", "KeyQ", "Equal", "NumpadAdd", "Minus", "NumpadSubtract", "Digit0"];
    expect(codes.map((code) => means(code))).toEqual([
      "circle", "text", "target", "undo", "measure", "keepPicture", "keepClip", "citePicture", "nearer", "nearer", "further", "further", "whole",
    ]);
    expect(["Comma", "Period", "Equal", "KeyW", "KeyK"].map((code) => means(code, { shiftKey: true }))).toEqual(["beatBack", "beatOn", "nearer", "keepForView", "derive"]);
  });

  it("take back by the key of every program, but not what is being typed", () => {
    expect(means("KeyZ", { ctrlKey: true }, false)).toBe("undo");
    expect(means("KeyZ", { metaKey: true })).toBe("undo");
    expect(means("KeyZ", { ctrlKey: true, typing: true })).toBeNull();
    expect(means("KeyZ", { ctrlKey: true, shiftKey: true })).toBeNull();
  });

  it("go through the frames as long as they are held", () => {
    expect(["Comma", "Period"].map((code) => means(code, { repeat: true }))).toEqual(["stepBack", "stepOn"]);
  });

  it("go by the key's place, so a Chinese input method does not swallow them", () => {
    expect(["KeyF", "KeyP", "KeyM", "BracketLeft", "Digit2"].map((code) => means(code, { key: "Process" }))).toEqual([
      "freeze", "pointer", "microphone", "slower", "panel2",
    ]);
    expect(means("KeyF", { key: "ｆ" })).toBe("freeze");
  });

  it("show the table of keys wherever a keyboard has its question mark, wide or narrow", () => {
    expect(means("Minus", { key: "?", shiftKey: true })).toBe("help");
    expect(means("Slash", { key: "？", shiftKey: true })).toBe("help");
  });

  it("are off while somebody types or composes, with modifiers, and when held down", () => {
    for (const more of [{ typing: true }, { isComposing: true }, { ctrlKey: true }, { altKey: true }, { metaKey: true }, { repeat: true }, { shiftKey: true }]) {
      expect(means("KeyF", more)).toBeNull();
    }
  });

  it("freeze also after the paper speed was chosen, and leave the digits to the choice", () => {
    expect(means("KeyF", { choosing: true })).toBe("freeze");
    expect([means("Digit2", { choosing: true }), means("Escape", { choosing: true })]).toEqual([null, null]);
  });

  it("can be switched off as far as they are single characters; leaving a tool stays", () => {
    expect(["KeyF", "KeyM", "Digit1", "BracketLeft"].map((code) => means(code, {}, false))).toEqual([null, null, null, null]);
    expect(means("Slash", { shiftKey: true }, false)).toBeNull();
    expect(means("Escape", {}, false)).toBe("leaveTool");
  });

  it("call help in an emergency always: while typing, while composing, with single letters off", () => {
    expect(means("F2", { typing: true, isComposing: true }, false)).toBe("emergency");
    expect(means("F2", { ctrlKey: true })).toBeNull();
  });

  it("put pictures over and beside each other, in one window and in two", () => {
    expect(means("KeyZ")).toBe("inset");
    expect(["KeyZ", "KeyV", "KeyJ"].map((code) => means(code, { shiftKey: true }))).toEqual(["insetCorner", "secondWindow", "earlierExam"]);
  });

  it("take the scanner back from the specialist", () => {
    expect([means("KeyR", { shiftKey: true }), means("KeyR")]).toEqual(["takeBackScanner", null]);
  });

  it("leave every other key alone", () => {
    expect(["KeyR", "Enter", "Tab", "Slash"].map((code) => means(code))).toEqual([null, null, null, null]);
  });
});
