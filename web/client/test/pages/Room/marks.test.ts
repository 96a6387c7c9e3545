import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

type Handler = (message: never) => void;
const wire = vi.hoisted(() => ({
  handlers: new Map<string, Handler>(),
  sent: [] as Record<string, unknown>[],
  answer: (): Promise<unknown> => Promise.resolve({}),
}));
vi.mock("../../../src/api/events", () => ({
  socket: {
    on: (tag: string, handler: Handler) => {
      wire.handlers.set(tag, handler);
      return () => wire.handlers.delete(tag);
    },
    command: (message: Record<string, unknown>) => {
      wire.sent.push(message);
      return wire.answer();
    },
  },
}));
const { MarksModel } = await import("../../../src/pages/Room/marks.svelte");

const T0 = 1_700_000_000_000_000;
let frozen: number | null = T0;
let misplaced = false;

function opened() {
  const model = new MarksModel("c", {
    frozen_us: () => frozen,
    is_frozen: () => frozen !== null,
    shown_us: () => frozen ?? T0 + 5,
    captured: () => ({ width: 640, height: 480 }),
    misplaced: () => misplaced,
  });
  return { model, stop: model.follow() };
}
const tell = (type: string, message: object) => wire.handlers.get(type)!({ consult_id: "c", ...message } as never);
const mark = (id: string, capture_us: number) => ({ id, participant_id: "p", shape: "target", points: [[1, 2]], capture_us, text: "" });
const settle = () => new Promise((done) => setTimeout(done, 0));

beforeEach(() => {
  frozen = T0;
  misplaced = false;
  Object.assign(wire, { sent: [], answer: () => Promise.resolve({}) });
});
afterEach(() => vi.useRealTimers());

describe("a mark", () => {
  it("made by a drag is sent in captured pixels with its frame, and stands there until it comes back", async () => {
    const { model } = opened();
    model.use("arrow");
    model.press({ x: 10.004, y: 20 });
    model.drag({ x: 700, y: 60 });
    expect(model.pending?.points).toEqual([[10, 20], [639, 60]]);
    model.lift();
    expect(wire.sent).toEqual([{ type: "draw_mark", consult_id: "c", shape: "arrow", points: [[10, 20], [639, 60]], capture_us: T0, text: "", fades: false }]);
    expect(model.sending).toHaveLength(1);
    await settle();
    expect(model.sending).toEqual([]);
  });

  it("on the moving picture fades", () => {
    frozen = null;
    const { model } = opened();
    model.use("target");
    model.press({ x: 10, y: 20 });
    model.lift();
    expect(wire.sent[0]).toMatchObject({ fades: true, capture_us: T0 + 5 });
  });

  it("of words is sent when they are written, and not without any", () => {
    const { model } = opened();
    model.use("text");
    model.press({ x: 10, y: 20 });
    model.lift();
    expect(wire.sent).toEqual([]);
    model.write("  左室  ");
    expect(wire.sent[0]).toMatchObject({ shape: "text", points: [[10, 20]], text: "左室" });
    model.press({ x: 10, y: 20 });
    model.lift();
    model.write("  ");
    expect(wire.sent).toHaveLength(1);
    expect(model.writing).toBeNull();
  });

  it("is not made beside the picture, nor where its place is unknown", () => {
    const { model } = opened();
    model.use("target");
    model.press({ x: -3, y: 20 });
    model.lift();
    misplaced = true;
    model.press({ x: 10, y: 20 });
    model.lift();
    expect(wire.sent).toEqual([]);
  });

  it("is begun anew when another frame came under the hand", () => {
    const { model } = opened();
    model.use("freehand");
    model.press({ x: 10, y: 20 });
    model.drag({ x: 50, y: 20 });
    model.drop();
    model.lift();
    expect(wire.sent).toEqual([]);
  });

  it("that is refused says so", async () => {
    const { model } = opened();
    wire.answer = () => Promise.reject(new Error("frame_changed"));
    model.use("target");
    model.press({ x: 10, y: 20 });
    model.lift();
    await settle();
    expect(model.fault).not.toBeNull();
  });
});

it("by keys alone: an arrow from its foot to its tip", () => {
  const { model } = opened();
  model.use("arrow");
  expect(model.moveCross("ArrowLeft", false)).toEqual({ x: 320, y: 240 });
  model.moveCross("ArrowLeft", true);
  model.setAtCross();
  for (let i = 0; i < 5; i++) model.moveCross("ArrowDown", true);
  model.setAtCross();
  expect(wire.sent).toMatchObject([{ shape: "arrow", points: [[310, 240], [310, 290]] }]);
  expect(model.moveCross("KeyQ", false)).toBeNull();
});

describe("what is shown", () => {
  it("on a frozen frame are its own marks, until they are taken back or cleared", () => {
    const { model } = opened();
    for (const [id, at] of [["a", T0], ["b", T0 + 100], ["c", T0 + 33_333]] as const) tell("mark_drawn", { mark: mark(id, at) });
    const ids = () => model.shown.map((one) => one.mark.id);
    expect(ids()).toEqual(["a", "b"]);
    tell("mark_undone", { mark_id: "a" });
    expect(ids()).toEqual(["b"]);
    tell("marks_cleared", { capture_us: T0 });
    expect(ids()).toEqual([]);
    frozen = T0 + 33_333;
    expect(ids()).toEqual(["c"]);
    tell("marks_cleared", { capture_us: null });
    expect(ids()).toEqual([]);
  });

  it("on the moving picture are those that were just made; they fade and are gone", () => {
    vi.useFakeTimers();
    frozen = null;
    const { model, stop } = opened();
    tell("mark_drawn", { mark: mark("kept", T0) });
    tell("mark_passing", { mark: mark("passing", T0 + 5) });
    expect(model.shown).toMatchObject([{ mark: { id: "passing" }, strength: 1 }]);
    vi.advanceTimersByTime(3300);
    expect(model.shown[0]!.strength).toBeGreaterThan(0.2);
    expect(model.shown[0]!.strength).toBeLessThan(0.8);
    vi.advanceTimersByTime(1000);
    expect(model.shown).toEqual([]);
    stop();
  });
});
