import { beforeEach, describe, expect, it, vi } from "vitest";
import type { KeepStill, StillCard } from "../../../src/api/types";

const wire = vi.hoisted(() => ({ posted: [] as [string, unknown][], listed: [] as unknown[], answer: {} as unknown, refuse: false, told: (_: unknown) => {} }));
vi.mock("../../../src/api/events", () => ({ socket: { on: (_: string, handler: (message: unknown) => void) => ((wire.told = handler), () => {}) } }));
vi.mock("../../../src/api/client", () => ({
  api: {
    get: (path: string) => (path === "/api/consults/c/kept-stills" ? Promise.resolve({ stills: wire.listed }) : Promise.reject(new Error(path))),
    post: (path: string, body: unknown) => {
      wire.posted.push([path, body]);
      return wire.refuse ? Promise.reject(new Error("measured_otherwise")) : Promise.resolve(wire.answer);
    },
  },
}));
const { claimsOf, KeepModel } = await import("../../../src/pages/Room/keepStill.svelte");

const card = { still_id: "s1", width: 640, height: 480, calibration: null } as StillCard;
const laid = (x: number, done = true) => ({ tool: "distance" as const, points: [{ x: 10.1234567, y: 20 }, { x, y: 20 }], done });
const bodies = () => wire.posted.map(([, body]) => body as KeepStill);

const kept = (id: string, number: string, mark_ids: string[] = [], x: number[] = [], still_id = "s1") => ({
  id,
  number,
  still_id,
  mark_ids,
  measurements: x.map((at) => ({ tool: "distance", points: [[10.1234567, 20], [at, 20]], angle_deg: null })),
});

beforeEach(() => Object.assign(wire, { posted: [], listed: [], answer: kept("k1", "CS-1"), refuse: false }));

describe("an exact still is kept", () => {
  it("with what is measured on it, from the very points it was reckoned from", async () => {
    const keep = new KeepModel("c");
    await keep.keep(card, [laid(110.1234567)]);
    expect(wire.posted[0]![0]).toBe("/api/consults/c/stills");
    expect(bodies()[0]).toMatchObject({ still_id: "s1", measurements: [{ tool: "distance", points: [[10.1234567, 20], [110.1234567, 20]], value: 100, unit: "px" }] });
    expect(keep.kept.get("s1")).toMatchObject({ id: "k1", number: "CS-1" });
  });

  it("once, however often it is asked for after no answer; another one for other measurements", async () => {
    const keep = new KeepModel("c");
    wire.refuse = true;
    await keep.keep(card, [laid(50)]);
    expect(keep.fault).not.toBeNull();
    await keep.keep(card, [laid(50)]);
    await keep.keep(card, [laid(60)]);
    const [first, second, third] = bodies().map((body) => body.request_id);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it("before this page came, and what is told since stands", async () => {
    const keep = new KeepModel("c");
    keep.follow();
    wire.told({ consult_id: "c", still_id: "s2", kept_id: "new", number: "CS-9" });
    wire.listed = [kept("k1", "CS-1"), kept("k2", "CS-2", [], [], "s2")];
    await keep.load();
    expect(Object.fromEntries(keep.kept)).toMatchObject({ s1: { id: "k1", number: "CS-1" }, s2: { id: "new", number: "CS-9" } });
  });

  it("by the other side, and this one is told", () => {
    const keep = new KeepModel("c");
    keep.follow();
    wire.told({ consult_id: "c", still_id: "s2", kept_id: "k", number: "CS-2" });
    wire.told({ consult_id: "other", still_id: "s3", kept_id: "k", number: "CS-3" });
    expect([...keep.kept]).toMatchObject([["s2", { id: "k", number: "CS-2" }]]);
  });
});

describe("what changed after a still was kept", () => {
  const stage = { still_id: "s1", mark_ids: ["m1"] as string[] };
  let keep: InstanceType<typeof KeepModel>;
  const told = (id: string, number: string, mark_ids: string[]) => wire.told({ consult_id: "c", still_id: "s1", kept_id: id, number, mark_ids });
  const ids = () => bodies().map((body) => body.request_id);
  beforeEach(() => {
    Object.assign(stage, { still_id: "s1", mark_ids: ["m1"] });
    keep = new KeepModel("c", () => ({ ...stage }));
    keep.follow();
  });

  it("is a mark drawn or taken back since, until it is kept once more", async () => {
    expect(keep.changedSince(card, [])).toBe(false); // not kept at all
    wire.answer = kept("k1", "CS-1", ["m1"]);
    await keep.keep(card, []);
    expect(keep.changedSince(card, [])).toBe(false);
    stage.mark_ids = ["m1", "m2"];
    expect(keep.changedSince(card, [])).toBe(true);
    stage.mark_ids = ["m2"];
    expect(keep.changedSince(card, [])).toBe(true);
    told("k2", "CS-2", ["m2"]);
    expect(keep.changedSince(card, [])).toBe(false);
    told("k1", "CS-1", ["m1"]); // late
    expect(keep.changedSince(card, [])).toBe(false);
  });

  it("is what the server did not have yet when it was asked, whatever stands here when it answers", async () => {
    stage.mark_ids = ["m1", "m2"];
    wire.answer = kept("k1", "CS-1", ["m1"]);
    await keep.keep(card, []);
    expect(keep.changedSince(card, [])).toBe(true);
  });

  it("is a measurement laid or moved since; one put away is kept all the same", async () => {
    wire.answer = kept("k1", "CS-1", ["m1"], [50]);
    await keep.keep(card, [laid(50)]);
    expect([keep.changedSince(card, [laid(50)]), keep.changedSince(card, [])]).toEqual([false, false]);
    expect(keep.changedSince(card, [laid(51)])).toBe(true);
    expect(keep.changedSince(card, [laid(50), laid(60)])).toBe(true);
    expect(keep.changedSince(card, [laid(50), laid(60, false)])).toBe(false); // not finished
    told("k2", "CS-2", ["m1"]); // kept by the other side: the measurement stays in the first
    expect(keep.changedSince(card, [laid(50)])).toBe(false);
  });

  it("is what was measured here, when the other side kept it", () => {
    told("k", "CS-1", ["m1"]);
    expect([keep.changedSince(card, []), keep.changedSince(card, [laid(50)])]).toEqual([false, true]);
  });

  it("is told by the last record of those that were kept before this page came", async () => {
    wire.listed = [kept("k1", "CS-1", []), kept("k2", "CS-2", ["m1"])];
    await keep.load();
    expect([keep.kept.get("s1")?.number, keep.changedSince(card, [])]).toEqual(["CS-2", false]);
    stage.mark_ids = ["m2"]; // one taken back, one drawn
    expect(keep.changedSince(card, [])).toBe(true);
  });

  it("is not said of another frame than the one on the stage", () => {
    told("k", "CS-1", ["m1"]);
    Object.assign(stage, { still_id: "s2", mark_ids: [] });
    expect(keep.changedSince(card, [laid(50)])).toBe(false);
  });

  it("makes another request of the next one, though the answer to the last was lost", async () => {
    wire.refuse = true;
    await keep.keep(card, []);
    await keep.keep(card, []);
    stage.mark_ids = ["m1", "m2"];
    await keep.keep(card, []);
    expect([ids()[1] === ids()[0], ids()[2] === ids()[1], keep.fault === null]).toEqual([true, false, false]);
    told("k", "CS-1", ["m1", "m2"]);
    expect([keep.fault, keep.changedSince(card, [])]).toEqual([null, false]);
  });
});

it("what is not laid to its end, or is refused, is not claimed", () => {
  expect(claimsOf(laid(50, false), card)).toEqual([]);
  expect(claimsOf(laid(10.1234567), card)).toEqual([]);
});

it("a velocity is claimed with the angle it was reckoned with, an index without one", () => {
  const spectrum = {
    left_px: 0, top_px: 0, right_px: 639, bottom_px: 479, spatial_format: 3, data_type: 3, unit_x: 4, unit_y: 5, delta_x: 0.005, delta_y: -20, reference_x_px: 0, reference_y_px: 240,
    reference_x: 0, reference_y: 0, flags: 0, transducer_khz: 2500, doppler_angle_deg: null, corner_x_px: null, corner_y_px: null, fault: null,
  };
  const measured = { ...card, calibration: { source: "file", regions: [spectrum], scale_uncertainty: 0, profile: "" } } as StillCard;
  const [velocity, gradient] = claimsOf({ tool: "velocity", points: [{ x: 10, y: 140 }], done: true, angle_deg: 60 }, measured);
  expect([velocity, gradient]).toMatchObject([{ tool: "velocity", angle_deg: 60, unit: "cm/s" }, { tool: "gradient", angle_deg: 60, unit: "mm[Hg]" }]);
  const index = claimsOf({ tool: "resistive_index", points: [{ x: 10, y: 140 }, { x: 90, y: 200 }], done: true }, measured);
  expect(index.map(({ tool, angle_deg }) => [tool, angle_deg])).toEqual([["resistive_index", null], ["systolic_diastolic_ratio", null]]);
});
