import { beforeEach, describe, expect, it, vi } from "vitest";
import type { ClipView } from "../../../src/api/types";

const wire = vi.hoisted(() => ({ sent: [] as unknown[], refuse: null as Error | null, told: (_: unknown) => {} }));
vi.mock("../../../src/api/events", () => ({
  socket: {
    on: (_: string, handler: (message: unknown) => void) => ((wire.told = handler), () => {}),
    command: (message: unknown) => (wire.sent.push(message), wire.refuse === null ? Promise.resolve("id") : Promise.reject(wire.refuse)),
  },
}));
const { ClipModel, noClipOf } = await import("../../../src/pages/Room/clips.svelte");

const view = (state: ClipView["state"], clip_id = "k") => ({ clip_id, state }) as ClipView;
const tell = (clip: ClipView, consult_id = "c") => wire.told({ consult_id, clip });
const states = (clips: InstanceType<typeof ClipModel>, now_ms = Date.now()) => clips.shown(now_ms).map(({ state }) => state);

beforeEach(() => Object.assign(wire, { sent: [], refuse: null }));

describe("why no clip can be asked for", () => {
  const source = { over: false, elsewhere: false, bound: true, station_connected: true };

  it("is where the picture comes from, or that nothing comes", () => {
    expect(noClipOf(source)).toBeNull();
    expect(noClipOf({ ...source, elsewhere: true })).toBe("no_ring");
    expect(noClipOf({ ...source, bound: false })).toBe("no_station");
    expect(noClipOf({ ...source, station_connected: false })).toBe("station_lost");
    expect(noClipOf({ ...source, over: true, elsewhere: true })).toBe("over");
  });

  it("is said, and nothing is asked", async () => {
    const clips = new ClipModel("c");
    await clips.take("no_ring");
    expect([wire.sent, clips.hindered]).toEqual([[], "no_ring"]);
    await clips.take(null);
    expect(clips.hindered).toBeNull();
  });
});

describe("a clip of the last seconds", () => {
  it("is asked for, and a refusal is told", async () => {
    const clips = new ClipModel("c");
    await clips.take(null);
    expect(wire.sent).toEqual([{ type: "take_clip", consult_id: "c", seconds: 10 }]);
    wire.refuse = new Error("rate_limited");
    await clips.take(null);
    expect([clips.fault, clips.asking]).toEqual([wire.refuse, false]);
  });

  it("is told from asking to its end, and its end for a while", () => {
    const clips = new ClipModel("c");
    clips.follow();
    for (const state of ["asked", "coming", "kept"] as const) {
      tell(view(state));
      expect(states(clips)).toEqual([state]);
    }
    expect(states(clips, Date.now() + 60_000)).toEqual([]);
  });

  it("that ended before this page came is no news; one of another room is none at all", () => {
    const clips = new ClipModel("c");
    clips.follow();
    tell(view("failed"));
    tell(view("asked", "other"), "another");
    expect(states(clips)).toEqual([]);
  });
});
