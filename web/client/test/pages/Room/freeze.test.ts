import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FrozenPicture, StillCard } from "../../../src/api/types";
import { LookBack } from "../../../src/ultrasound/lookback";
import type { KeptPicture } from "../../../src/ultrasound/keeping";

type Handler = (message: never) => void;
const wire = vi.hoisted(() => ({
  handlers: new Map<string, Handler>(),
  sent: [] as { type: string }[],
  answer: (_: { type: string }): Promise<unknown> => Promise.resolve({}),
  pixels: null as { width: number; height: number; data: Uint8ClampedArray } | null,
  fetched: [] as string[],
  unreachable: false,
}));
vi.mock("../../../src/api/events", () => ({
  socket: {
    on: (tag: string, handler: Handler) => {
      wire.handlers.set(tag, handler);
      return () => wire.handlers.delete(tag);
    },
    command: (message: { type: string }) => {
      wire.sent.push(message);
      return wire.answer(message);
    },
  },
}));
vi.mock("../../../src/api/download", () => ({
  download: async (path: string, came: (bytes: number) => void) => {
    wire.fetched.push(path);
    const { ApiError } = await import("../../../src/api/client");
    if (wire.unreachable) throw new ApiError(0, { code: "unreachable", sentence: "", fields: {} });
    came(100);
    return new Blob();
  },
}));
vi.mock("../../../src/ultrasound/exact", async (real) => ({
  ...(await real<typeof import("../../../src/ultrasound/exact")>()),
  decodeStill: () => (wire.pixels === null ? Promise.reject(new Error("no picture")) : Promise.resolve(wire.pixels)),
}));
const { FreezeModel } = await import("../../../src/pages/Room/freeze.svelte");

const FRAME_US = 33_333;
const T0 = 1_700_000_000_000_000;
const at = (n: number) => T0 + n * FRAME_US;
const ME = "p-me";
const THEM = "p-them";

const data = Uint8ClampedArray.from({ length: 4 * 3 * 4 }, (_, i) => (i % 4 === 3 ? 255 : Math.floor(i / 4) * 9));
const pixels = { width: 4, height: 3, data };
const card: StillCard = {
  still_id: "s1", capture_us: at(9), frame_number: 71, width: 4, height: 3, grey: true,
  pixels_sha256: createHash("sha256").update(Uint8Array.from(data.filter((_, i) => i % 4 === 0))).digest("hex"),
  png_bytes: 143_000, masked: false, mask_signed: false, calibration: null, simulated: true, came_in: null,
};

function opened(kept = 10, live_us: number | null = at(9)) {
  const lookBack = new LookBack<KeptPicture>();
  for (let n = 0; n < kept; n++) lookBack.add({ capture_us: at(n), bytes: 1, picture: {} as KeptPicture });
  const changes: (number | null)[] = [];
  const retimed: (number | null)[] = [];
  const model = new FreezeModel("c", () => ME, { lookBack, live_us: () => live_us, changed: () => changes.push(model.frozen?.capture_us ?? null), retimed: () => retimed.push(model.frozen?.capture_us ?? null) });
  model.follow();
  return { model, changes, retimed };
}
const told = (frozen: Partial<FrozenPicture> | null) =>
  wire.handlers.get("picture_frozen")!({ consult_id: "c", frozen: frozen && { by: THEM, at: "", still: null, absent: null, ...frozen } } as never);
const settle = () => new Promise((done) => setTimeout(done, 5));

beforeEach(() => {
  Object.assign(wire, { sent: [], fetched: [], pixels, unreachable: false, answer: () => Promise.resolve({}) });
});
afterEach(() => vi.useRealTimers());

describe("whoever freezes", () => {
  it("sees the own copy at once, and everybody is told which frame it is", () => {
    const { model, changes } = opened();
    model.freeze();
    expect(model.frozen).toMatchObject({ capture_us: at(9), shared: true });
    expect(model.still.kind).toBe("asked");
    expect(wire.sent).toEqual([{ type: "freeze_picture", consult_id: "c", capture_us: at(9) }]);
    expect(model.range).toHaveLength(10);
    expect(changes).toEqual([at(9)]);
  });

  it("stands still alone where no frame has a time, and asks for nothing", () => {
    const { model } = opened(0, null);
    model.freeze();
    expect(model.frozen).toMatchObject({ capture_us: null, shared: false });
    expect(model.still.kind).toBe("none");
    model.unfreeze();
    expect(wire.sent).toEqual([]);
  });

  it("waits for the original where this browser keeps no copies", () => {
    const { model } = opened(0);
    model.freeze();
    expect(model.frozen).toMatchObject({ capture_us: at(9), kept: null, shared: true });
    expect(wire.sent).toHaveLength(1);
  });

  it("is live again when the room refuses", async () => {
    const { model } = opened();
    wire.answer = () => Promise.reject(new Error("no_picture"));
    model.freeze();
    await settle();
    expect(model.frozen).toBeNull();
    expect(model.fault).not.toBeNull();
  });
});

describe("the room's word", () => {
  it("and goes live stays live, whatever was under way", async () => {
    const { model } = opened();
    model.freeze();
    told({ capture_us: at(9), by: ME });
    let answer = () => {};
    wire.answer = () => new Promise((done) => (answer = () => done({})));
    model.unfreeze();
    told({ capture_us: at(9), by: ME, still: card }); // sent before the room heard of it
    expect(model.frozen).toBeNull();
    told(null);
    answer();
    await settle();
    expect(model.frozen).toBeNull();
    told({ capture_us: at(5), by: THEM });
    expect(model.frozen?.capture_us).toBe(at(5));
  });

  it("and freezes again at once stays frozen when the room goes live for the time before", async () => {
    const { model } = opened();
    model.freeze();
    told({ capture_us: at(9), by: ME });
    const answers: (() => void)[] = [];
    wire.answer = () => new Promise((done) => answers.push(() => done({})));
    model.unfreeze();
    model.freeze();
    told(null);
    expect(model.frozen?.capture_us).toBe(at(9));
    answers[0]!();
    await settle();
    told({ capture_us: at(9), by: ME });
    answers[1]!();
    await settle();
    expect(model.frozen).toMatchObject({ capture_us: at(9), by: ME });
  });

  it("stands still with the room when that refuses to go live", async () => {
    const { model } = opened();
    model.freeze();
    told({ capture_us: at(9), by: ME });
    wire.answer = () => Promise.reject(new Error("rate_limited"));
    model.unfreeze();
    expect(model.frozen).toBeNull();
    await settle();
    expect(model.frozen?.capture_us).toBe(at(9));
  });

  it("ends the seconds before it at the frame that was frozen, whatever came here meanwhile", () => {
    const { model } = opened();
    told({ capture_us: at(6) + 400 });
    expect(model.range.map((one) => one.capture_us)).toEqual([0, 1, 2, 3, 4, 5, 6].map(at));
  });

  it("stands both at one frame: the one that was frozen last", () => {
    const { model } = opened();
    model.freeze();
    told({ capture_us: at(4) });
    expect(model.frozen).toMatchObject({ capture_us: at(4), by: THEM });
    expect(model.frozen!.kept?.capture_us).toBe(at(4));
    told(null);
    expect(model.frozen).toBeNull();
    expect(model.range).toEqual([]);
  });

  it("keeps the copy when the station names the same frame a little otherwise", () => {
    const { model, changes, retimed } = opened();
    model.freeze();
    told({ capture_us: at(9) + 40, by: ME });
    told({ capture_us: at(9) + 40, by: ME, still: card });
    expect(model.frozen).toMatchObject({ capture_us: at(9) + 40, by: ME });
    expect(model.frozen!.kept?.capture_us).toBe(at(9));
    expect(changes).toEqual([at(9)]);
    expect(retimed, "the ECG beside it goes by that time").toEqual([at(9) + 40]);
  });

  it("says so when this browser has no copy of the frame", () => {
    const { model } = opened();
    told({ capture_us: at(-500) });
    expect(model.frozen).toMatchObject({ capture_us: at(-500), kept: null, shared: true });
  });

  it("does not throw a sliding hand back to where it was", async () => {
    const { model } = opened();
    model.freeze();
    model.seek(at(5));
    told({ capture_us: at(9), by: ME });
    expect(model.frozen?.capture_us).toBe(at(5));
    await new Promise((done) => setTimeout(done, 150));
    expect(wire.sent.at(-1)).toEqual({ type: "freeze_picture", consult_id: "c", capture_us: at(5) });
    told({ capture_us: at(5), by: ME });
    told({ capture_us: at(2), by: ME });
    expect(model.frozen?.capture_us).toBe(at(2));
  });
});

describe("EXACT", () => {
  it("is said when the pixels of the still have its hash", async () => {
    const { model } = opened();
    told({ capture_us: at(9), still: card });
    expect(model.still).toMatchObject({ kind: "fetching" });
    await settle();
    expect(wire.fetched).toEqual(["/api/consults/c/stills/s1"]);
    expect(model.still).toEqual({ kind: "exact", card, pixels });
    told({ capture_us: at(9), still: card });
    await settle();
    expect(wire.fetched).toHaveLength(1);
  });

  it("is never said of other pixels, nor of what is no picture", async () => {
    const { model } = opened();
    wire.pixels = { ...pixels, data: Uint8ClampedArray.from(data, (v, i) => (i < 3 ? v ^ 1 : v)) };
    told({ capture_us: at(9), still: card });
    await settle();
    expect(model.still).toEqual({ kind: "differs", card });
    wire.pixels = null;
    model.again();
    await settle();
    expect(model.still.kind).toBe("differs");
  });

  it("is gone with its frame: a still that comes late is not shown on another", async () => {
    const { model } = opened();
    told({ capture_us: at(9), still: card });
    told({ capture_us: at(8) });
    await settle();
    expect(model.still).toEqual({ kind: "asked" });
  });

  it("is not said any more once the still is asked for anew, as when its scale was set", async () => {
    const { model } = opened();
    told({ capture_us: at(9), still: card });
    await settle();
    expect(model.still.kind).toBe("exact");
    told({ capture_us: at(9) });
    expect(model.still).toEqual({ kind: "asked" });
    const again = { ...card, still_id: "s2", calibration: { source: "user" as const, regions: [], scale_uncertainty: 0.01, profile: "" } };
    told({ capture_us: at(9), still: again });
    await settle();
    expect(model.still).toMatchObject({ kind: "exact", card: again });
  });

  it("waits for the line when the server cannot be reached", async () => {
    const { model } = opened();
    wire.unreachable = true;
    told({ capture_us: at(9), still: card });
    await settle();
    expect(model.still.kind).toBe("failed");
    wire.unreachable = false;
    model.again();
    await settle();
    expect(model.still.kind).toBe("exact");
  });

  it("does not come, and the reason is told", () => {
    const { model } = opened();
    told({ capture_us: at(9), absent: "gone_from_ring" });
    expect(model.still).toEqual({ kind: "absent", why: "gone_from_ring" });
  });
});

describe("steps", () => {
  it("of a key held down go in one while the station is asked", async () => {
    const { model } = opened();
    model.freeze();
    wire.sent.length = 0;
    let answer = () => {};
    wire.answer = () => new Promise<void>((done) => (answer = done));
    for (let i = 0; i < 4; i++) model.step(-1, "frame");
    expect(wire.sent).toEqual([{ type: "step_picture", consult_id: "c", by: -1, unit: "frame" }]);
    answer();
    await settle();
    expect(wire.sent.at(-1)).toEqual({ type: "step_picture", consult_id: "c", by: -3, unit: "frame" });
  });

  it("go through this browser's copies where nobody keeps the frames, for everybody all the same", async () => {
    const { model } = opened();
    told({ capture_us: at(9), absent: "no_ring" });
    wire.sent.length = 0;
    model.step(-1, "frame");
    expect(model.frozen?.capture_us).toBe(at(8));
    await new Promise((done) => setTimeout(done, 150));
    expect(wire.sent).toEqual([{ type: "freeze_picture", consult_id: "c", capture_us: at(8) }]);
  });

  it("that lead nowhere say why until the next", () => {
    const { model } = opened();
    model.freeze();
    wire.handlers.get("picture_not_stepped")!({ consult_id: "c", unit: "frame", why: "oldest" } as never);
    expect(model.not_stepped).toEqual({ unit: "frame", why: "oldest" });
    model.step(1, "frame");
    expect(model.not_stepped).toBeNull();
  });
});
