import { describe, expect, it } from "vitest";
import { onUltrasound, OVER_SAID_MS, OVER_SURE_MS, sentences, WeakLineWatch } from "../../src/call/weakLine";
import { weak as en } from "../../src/words/en/weak";
import { weak as zh } from "../../src/words/zh/weak";

describe("what a weak line makes the room do without", () => {
  it("is said with what stays, when faces alone are off", () => {
    expect(sentences({ own: ["faces"], station: [] }, zh, "、")).toEqual(["本机带宽不足：已关闭人像，超声保持清晰"]);
    expect(sentences({ own: ["faces"], station: [] }, en, ", ")).toEqual(["Your line has narrowed: faces off, ultrasound clear"]);
  });

  it("never calls an ultrasound clear that is not", () => {
    for (const line of [
      { own: ["faces", "ultrasound_frames"] as const, station: [] },
      { own: ["faces"] as const, station: ["ultrasound_coarse"] as const },
    ]) {
      const said = sentences(line, en, ", ").join(" ");
      expect(said).not.toContain("clear");
      expect(said).toContain("faces off");
    }
  });

  it("names both lines, each with its own", () => {
    const line = { own: ["ultrasound_frames"] as const, station: ["ultrasound_cropped", "ultrasound_small"] as const };
    expect(sentences(line, en, ", ")).toEqual([
      "Your line has narrowed: some ultrasound frames are not shown",
      "The station's line has narrowed: only the sector is sent, text and scale around it are not shown, ultrasound is sent smaller",
    ]);
  });

  it("is said on the picture it concerns", () => {
    expect(onUltrasound({ own: ["faces", "ultrasound_frames"], station: ["ultrasound_coarse"] })).toEqual({ own: ["ultrasound_frames"], station: ["ultrasound_coarse"] });
  });

  it("is over when the last of it came back, and that is said for some seconds", () => {
    const watch = new WeakLineWatch();
    watch.own([], 0);
    expect(watch.isOver(1, true)).toBe(false);
    watch.own(["faces"], 1000);
    watch.station(["ultrasound_coarse"], 2000);
    watch.own([], 3000);
    expect(watch.isOver(3001, true)).toBe(false);
    watch.station([], 4000);
    expect(watch.isOver(4000 + OVER_SURE_MS - 1, true)).toBe(false);
    expect(watch.isOver(4000 + OVER_SURE_MS, true)).toBe(true);
    expect(watch.isOver(4000 + OVER_SURE_MS + OVER_SAID_MS - 1, true)).toBe(true);
    expect(watch.isOver(4000 + OVER_SURE_MS + OVER_SAID_MS, true)).toBe(false);
  });

  it("is not called over on a line that is cut, nor after the cut", () => {
    const watch = new WeakLineWatch();
    watch.own(["faces"], 0);
    watch.own([], 1000);
    expect(watch.isOver(1200, true)).toBe(false);
    expect(watch.isOver(1400, false)).toBe(false);
    expect(watch.isOver(1000 + OVER_SURE_MS, true)).toBe(false);
  });

  it("is not called over on a new connection, which has given up nothing yet", () => {
    const watch = new WeakLineWatch();
    watch.own(["faces"], 0);
    watch.forget("own");
    watch.own([], 100);
    expect(watch.isOver(100 + OVER_SURE_MS, true)).toBe(false);
  });

  it("is not called over because a call or a station is gone", () => {
    const watch = new WeakLineWatch();
    watch.station(["ultrasound_coarse"], 0);
    watch.forget("station");
    expect(watch.line.station).toEqual([]);
    expect(watch.isOver(1, true)).toBe(false);
  });
});
