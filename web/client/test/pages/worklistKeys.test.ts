import { describe, expect, it } from "vitest";
import { listKeyFor } from "../../src/pages/worklist/keys";

const means = (code: string, more: Partial<KeyboardEvent> = {}, letters = true) =>
  listKeyFor({ code, key: "", shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, isComposing: false, repeat: false, ...more }, letters);

describe("the worklist's keys", () => {
  it("choose, take, return, decline, search and help", () => {
    expect(["ArrowDown", "ArrowUp", "Enter", "NumpadEnter", "KeyR", "KeyX", "Slash", "Escape"].map((code) => means(code))).toEqual([
      "next", "previous", "take", "take", "return", "decline", "search", "close",
    ]);
    expect([means("Slash", { shiftKey: true }), means("Minus", { key: "?", shiftKey: true })]).toEqual(["help", "help"]);
  });

  it("go by the key's place, so a Chinese input method does not swallow them, and rest while it composes", () => {
    expect([means("Enter", { key: "Process" }), means("KeyR", { key: "Process" }), means("Slash", { key: "、" })]).toEqual(["take", "return", "search"]);
    expect(means("Enter", { isComposing: true })).toBeNull();
  });

  it("take nothing twice because a key is held down, but go on choosing", () => {
    expect([means("Enter", { repeat: true }), means("KeyX", { repeat: true }), means("ArrowDown", { repeat: true })]).toEqual([null, null, "next"]);
  });

  it("can be switched off as far as they are single characters", () => {
    expect(["KeyR", "KeyX", "Slash"].map((code) => means(code, {}, false))).toEqual([null, null, null]);
    expect([means("Enter", {}, false), means("ArrowDown", {}, false)]).toEqual(["take", "next"]);
  });

  it("leave combinations and other keys alone", () => {
    expect([means("KeyR", { ctrlKey: true }), means("KeyR", { shiftKey: true }), means("KeyA")]).toEqual([null, null, null]);
  });
});
