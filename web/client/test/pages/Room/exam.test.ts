import { describe, expect, it } from "vitest";
import { examShown, PRESETS, PRIORITIES } from "../../../src/pages/Room/exam";
import { exam as en } from "../../../src/words/en/exam";
import { exam as zh } from "../../../src/words/zh/exam";

describe("the examination", () => {
  it("keeps motion for heart and vessels, detail for abdomen and small parts", () => {
    expect(PRESETS.filter((one) => PRIORITIES[one] === "motion")).toEqual(["cardiac", "vascular"]);
    expect(PRESETS.filter((one) => PRIORITIES[one] === "detail")).toEqual(["abdomen", "small_parts"]);
  });

  it("is shown with what it keeps, also when nobody has chosen", () => {
    expect(examShown("cardiac")).toBe("心脏：流畅优先");
    expect(examShown(null)).toBe("未选择：流畅优先");
  });

  it("names every trouble of a picture in both languages", () => {
    for (const words of [zh, en]) {
      expect(Object.keys(words.trouble)).toEqual([
        ...["lost", "frozen", "blank", "resized"],
        ...["layout_changed", "scale_void", "new_text", "unknown_layout", "no_profile", "profile_broken"],
      ]);
      expect(Object.values(words.trouble).every((one) => one.length > 5)).toBe(true);
    }
  });
});
