import { describe, expect, it } from "vitest";
import { waitMinutes } from "../../src/pages/Admin/waits";

describe("a wait in minutes", () => {
  it("is a dash where nobody waited, and never 0 for somebody who did", () => {
    expect([null, undefined, 0, 13, 59.9, 60, 400].map((seconds) => waitMinutes(seconds))).toEqual(["–", "–", "0", "<1", "<1", "1", "6"]);
  });
});
