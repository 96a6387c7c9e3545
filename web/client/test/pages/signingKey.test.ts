import { describe, expect, it } from "vitest";
import { signingKey } from "../../src/pages/signing/signingKey";

const press = (more: Partial<KeyboardEvent> = {}) => ({
  key: "Enter", code: "Enter", ctrlKey: true, metaKey: false, shiftKey: false, altKey: false, isComposing: false, repeat: false, ...more,
});

describe("the keys that sign", () => {
  it("sign with one press, and with one press sign and go on to the next", () => {
    expect(signingKey(press())).toBe("sign");
    expect(signingKey(press({ shiftKey: true }))).toBe("next");
    expect(signingKey(press({ ctrlKey: false, metaKey: true }))).toBe("sign");
    expect(signingKey(press({ code: "NumpadEnter" }))).toBe("sign");
  });

  it("work while an input method is on, and never while it composes", () => {
    expect(signingKey(press({ key: "Process" }))).toBe("sign");
    expect(signingKey(press({ isComposing: true }))).toBeNull();
  });

  it("are no plain Enter, no other key, and nothing that is held down", () => {
    for (const more of [{ ctrlKey: false }, { key: "s", code: "KeyS" }, { altKey: true }, { repeat: true }]) {
      expect(signingKey(press(more))).toBeNull();
    }
  });
});
