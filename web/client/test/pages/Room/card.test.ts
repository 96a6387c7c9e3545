import { describe, expect, it } from "vitest";
import { cardCheck } from "../../../src/pages/Room/checks";
import { maskTroubles } from "../../../src/pages/Room/maskTroubles";
import type { MaskState } from "../../../src/ultrasound/frameMasker";
import type { Unsure } from "../../../src/ultrasound/mask";
import { tools as en } from "../../../src/words/en/roomTools";
import { tools as zh } from "../../../src/words/zh/roomTools";

const state = (unsure: Unsure | null, new_text = false): MaskState => ({
  seen: unsure === null ? "by_profile" : "nothing",
  layout: unsure === null ? "B mode" : null,
  unsure,
  width: 640,
  height: 480,
  new_text,
});
const UNSURE: Unsure[] = ["no_profile", "not_signed_off", "unknown_size", "unknown_layout", "ambiguous_layout"];

describe("how a capture card is masked", () => {
  it("is told to the others in the words a station has", () => {
    expect(maskTroubles(null, false)).toEqual([]);
    expect(maskTroubles(state(null), false)).toEqual([]);
    expect(maskTroubles(state(null, true), true)).toEqual(["layout_changed", "new_text"]);
    expect(UNSURE.map((one) => maskTroubles(state(one), false))).toEqual([
      ["no_profile"],
      ["no_profile"],
      ["unknown_layout"],
      ["unknown_layout"],
      ["unknown_layout"],
    ]);
  });

  it("is good in the device check only when a signed profile fits", () => {
    expect([null, state(null), ...UNSURE.map((one) => state(one))].map(cardCheck)).toEqual(["pending", "good", "bad", "bad", "bad", "bad", "bad"]);
  });

  it("is said with what to do, in both languages", () => {
    for (const words of [zh, en]) {
      expect(Object.keys(words.card.unsure)).toEqual(UNSURE);
      expect(Object.keys(words.card.trouble)).toEqual(["no_profile", "unknown_layout", "new_text"]);
    }
  });
});
