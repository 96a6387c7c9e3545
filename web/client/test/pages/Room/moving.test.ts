import { describe, expect, it } from "vitest";
import { isMoving, warningOf } from "../../../src/pages/Room/moving";

const live = { arriving: true, path_lost: false, station_connected: true, fps: 30 };

describe("an ultrasound picture", () => {
  it("is live only while frames are shown, over a path that stands, from a station that is there", () => {
    expect(isMoving(live)).toBe(true);
    for (const broken of [{ arriving: false }, { path_lost: true }, { station_connected: false }, { fps: 0 }, { fps: null }]) {
      expect(isMoving({ ...live, ...broken })).toBe(false);
    }
  });

  it("is never without its warning once it stands still, also when the figures were emptied", () => {
    expect(warningOf(null, false, true)).toBe("still");
    expect(warningOf("slow", false, true)).toBe("still");
    expect(warningOf("slow", true, true)).toBe("slow");
    expect(warningOf(null, true, true)).toBeNull();
    expect(warningOf(null, false, false)).toBeNull(); // nothing came yet: there is nothing to guide by
  });
});
