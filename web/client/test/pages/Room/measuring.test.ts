import { beforeEach, describe, expect, it, vi } from "vitest";
import type { StillCard } from "../../../src/api/types";

type Handler = (message: never) => void;
const wire = vi.hoisted(() => ({ handlers: new Map<string, Handler>(), sent: [] as { still_id: string; calipers: { tool: string; points: number[][]; angle_deg: number | null; done: boolean } | null }[] }));
vi.mock("../../../src/api/events", () => ({
  socket: {
    on: (tag: string, handler: Handler) => {
      wire.handlers.set(tag, handler);
      return () => wire.handlers.delete(tag);
    },
    notice: (message: (typeof wire.sent)[number]) => wire.sent.push(message),
  },
}));
const { MeasureModel } = await import("../../../src/pages/Room/measuring.svelte");

const { readingOf } = await import("../../../src/ultrasound/readings");

const REACH = 10;
const card = (still_id: string) => ({ still_id, width: 640, height: 480 }) as StillCard;
const at = (x: number, y: number) => ({ x, y });
let on: StillCard | null = card("s1");

function opened() {
  on = card("s1");
  const model = new MeasureModel("c", () => on);
  model.follow();
  model.standsOn("s1");
  return model;
}

beforeEach(() => (wire.sent.length = 0));

describe("a distance is laid", () => {
  it("by one drag", () => {
    const model = opened();
    model.press(at(10, 20), REACH);
    model.drag(at(50, 60));
    model.lift();
    expect(model.laid).toEqual([{ number: 1, tool: "distance", points: [at(10, 20), at(50, 60)], done: true }]);
  });

  it("by two presses, the second point on the hand meanwhile", () => {
    const model = opened();
    model.press(at(10, 20), REACH);
    model.lift();
    model.drag(at(30, 30));
    expect(model.laid[0]).toMatchObject({ points: [at(10, 20), at(30, 30)], done: false });
    model.press(at(50, 60), REACH);
    model.lift();
    expect(model.laid[0]).toMatchObject({ points: [at(10, 20), at(50, 60)], done: true });
  });

  it("and moved by a point within reach; further off a new one begins", () => {
    const model = opened();
    model.press(at(10, 20), REACH);
    model.drag(at(50, 60));
    model.lift();
    model.press(at(53, 62), REACH);
    model.drag(at(200, 90));
    model.lift();
    expect(model.laid).toHaveLength(1);
    expect(model.laid[0]!.points[1]).toEqual(at(200, 90));
    model.press(at(400, 400), REACH);
    model.drag(at(420, 400));
    model.lift();
    expect(model.laid.map((one) => one.number)).toEqual([1, 2]);
  });
});

describe("an outline", () => {
  it("goes on by presses and closes on its first point", () => {
    const model = opened();
    model.use("area");
    for (const place of [at(100, 100), at(200, 100), at(200, 200), at(101, 102)]) {
      model.press(place, REACH);
      model.lift();
    }
    expect(model.laid).toEqual([{ number: 1, tool: "area", points: [at(100, 100), at(200, 100), at(200, 200)], done: true }]);
  });

  it("that is not closed is dropped with its tool, and a point of it taken back", () => {
    const model = opened();
    model.use("area");
    for (const place of [at(100, 100), at(200, 100), at(200, 200)]) {
      model.press(place, REACH);
      model.lift();
    }
    expect(model.laid[0]!.points).toHaveLength(4);
    model.undo();
    expect(model.laid[0]!.points).toHaveLength(3);
    model.use("distance");
    expect(model.laid).toEqual([]);
  });
});

it("by keys alone: begun in the middle, moved by pixels, ended", () => {
  const model = opened();
  model.set();
  expect(model.move("ArrowRight", false)).toEqual(at(417, 240));
  expect(model.move("ArrowDown", true)).toEqual(at(417, 250));
  model.set();
  expect(model.laid).toEqual([{ number: 1, tool: "distance", points: [at(224, 240), at(417, 250)], done: true }]);
  model.next(1);
  expect(model.move("ArrowLeft", false)).toEqual(at(223, 240));
});

it("calipers stay with their still, and are on no other", () => {
  const model = opened();
  model.press(at(10, 20), REACH);
  model.drag(at(50, 60));
  model.lift();
  model.standsOn("s2");
  expect(model.laid).toEqual([]);
  model.standsOn("s1");
  expect(model.laid).toHaveLength(1);
  model.forget();
  model.standsOn("s1");
  expect(model.laid).toEqual([]);
});

it("nothing that was laid on one still is taken for another's, even before the page has turned to it", () => {
  const model = opened();
  model.press(at(10, 20), REACH);
  model.drag(at(50, 60));
  model.lift();
  on = card("s2");
  expect([model.laidOn("s1").length, model.laidOn("s2").length]).toEqual([1, 0]);
  model.standsOn("s2");
  expect([model.laidOn("s1").length, model.laidOn("s2").length]).toEqual([1, 0]);
});

it("nothing is laid without an exact still, nor beside the picture", () => {
  const model = opened();
  expect(model.press(at(-5, 20), REACH)).toBe(false);
  on = null;
  expect(model.press(at(10, 20), REACH)).toBe(false);
  model.set();
  expect(model.laid).toEqual([]);
});

it("the others see them as they move, in hundredths of a pixel, and theirs only on the same still", () => {
  const model = opened();
  model.press(at(10.12345, 20), REACH);
  expect(wire.sent.at(-1)).toEqual({ type: "measure_picture", consult_id: "c", still_id: "s1", calipers: { tool: "distance", angle_deg: null, points: [[10.12, 20], [10.12, 20]], done: false } });
  const theirs = (still_id: string, calipers: object | null) => wire.handlers.get("picture_measured")!({ consult_id: "c", participant_id: "p", still_id, calipers } as never);
  theirs("s2", { tool: "distance", points: [[1, 2], [3, 4]] });
  expect(model.others.size).toBe(0);
  theirs("s1", { tool: "distance", points: [[1, 2], [3, 4]] });
  expect(model.others.get("p")?.points).toEqual([at(1, 2), at(3, 4)]);
  theirs("s1", null);
  expect(model.others.size).toBe(0);
});

it("an outline that is not closed yet is none to the others either: nothing is read of a part of it", () => {
  const model = opened();
  model.use("area");
  model.press(at(10, 10), REACH);
  expect(wire.sent.at(-1)!.calipers).toMatchObject({ tool: "area", done: false });
  const open = { tool: "area", points: [[10, 10], [90, 10], [90, 90], [10, 90]], angle_deg: null, done: false };
  wire.handlers.get("picture_measured")!({ consult_id: "c", participant_id: "p", still_id: "s1", calipers: open } as never);
  const still = { still_id: "s1", width: 640, height: 480, calibration: null };
  expect(readingOf(model.others.get("p")!, still)).toBeNull();
  wire.handlers.get("picture_measured")!({ consult_id: "c", participant_id: "p", still_id: "s1", calipers: { ...open, done: true } } as never);
  expect(readingOf(model.others.get("p")!, still)).toMatchObject({ values: [{ tool: "area", value: 6400, unit: "px2" }, { tool: "circumference" }] });
});

it("an angle by hand is of what is worked on and of what is laid next, where it changes anything", () => {
  const model = opened();
  model.use("velocity");
  model.press(at(10, 20), REACH);
  model.lift();
  expect(model.laid[0]).not.toHaveProperty("angle_deg");
  model.setAngle(45);
  expect(model.laid[0]).toMatchObject({ tool: "velocity", angle_deg: 45 });
  model.press(at(200, 20), REACH);
  model.lift();
  expect(model.laid[1]).toMatchObject({ angle_deg: 45 });
  model.setAngle(null);
  expect(model.laid[1]).not.toHaveProperty("angle_deg");
  expect(model.laid[0]).toMatchObject({ angle_deg: 45 });
  model.setAngle(30);
  model.use("resistive_index");
  model.press(at(300, 100), REACH);
  model.drag(at(350, 200));
  model.lift();
  expect(model.laid[2]).not.toHaveProperty("angle_deg");
  model.forget();
  expect(model.angle_deg).toBeNull();
});

it("an angle by hand is told to the others, and theirs is read", () => {
  const model = opened();
  model.setAngle(45);
  model.use("velocity");
  model.press(at(10, 20), REACH);
  expect(wire.sent.at(-1)!.calipers).toEqual({ tool: "velocity", angle_deg: 45, points: [[10, 20]], done: true });
  wire.handlers.get("picture_measured")!({ consult_id: "c", participant_id: "p", still_id: "s1", calipers: { tool: "velocity", points: [[1, 2]], angle_deg: 30 } } as never);
  expect(model.others.get("p")).toEqual({ tool: "velocity", points: [at(1, 2)], done: true, angle_deg: 30 });
});

it("the step a hand is at counts the points that are laid", () => {
  const model = opened();
  model.use("chamber_area");
  expect(model.step).toBe(0);
  for (const place of [at(100, 100), at(200, 100)]) {
    model.press(place, REACH);
    model.lift();
  }
  expect(model.step).toBe(2);
  model.use("distance");
  expect(model.step).toBe(0);
});
