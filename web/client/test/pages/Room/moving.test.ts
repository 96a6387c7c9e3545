import { describe, expect, it } from "vitest";
import type { PictureTrouble } from "../../../src/api/types";
import { isLive, isMoving, warningOf } from "../../../src/pages/Room/moving";

const live = { arriving: true, path_lost: false, station_connected: true, troubles: [] as PictureTrouble[], fps: 30 };

describe("an ultrasound picture", () => {
  it("is live only while frames are shown, over a path that stands, from a station that is there", () => {
    expect(isMoving(live)).toBe(true);
    for (const broken of [{ arriving: false }, { path_lost: true }, { station_connected: false }, { fps: 0 }, { fps: null }, { troubles: ["lost" as const] }]) {
      expect([isMoving({ ...live, ...broken }), isLive({ ...live, ...broken })]).toEqual([false, false]);
    }
  });

  it("that comes and stands still at its source is shown, and not called live", () => {
    expect(isLive(live)).toBe(true);
    for (const trouble of ["frozen", "blank"] as const) {
      const picture = { ...live, troubles: [trouble, "resized" as const] };
      expect([isMoving(picture), isLive(picture)]).toEqual([true, false]);
    }
    expect(isLive({ ...live, troubles: ["resized", "new_text"] })).toBe(true);
  });

  it("is never without its warning once it stands still, also when the figures were emptied", () => {
    expect(warningOf(null, false, true)).toBe("still");
    expect(warningOf("slow", false, true)).toBe("still");
    expect(warningOf("slow", true, true)).toBe("slow");
    expect(warningOf(null, true, true)).toBeNull();
    expect(warningOf(null, false, false)).toBeNull(); // nothing came yet: there is nothing to guide by
  });
});
