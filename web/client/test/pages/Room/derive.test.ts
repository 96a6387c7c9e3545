import { beforeEach, describe, expect, it, vi } from "vitest";
import type { DerivedMeasurement, MeasuredOfConsult, PictureRegion, PictureTool, StillMeasurement, Unit } from "../../../src/api/types";
import { candidatesOf } from "../../../src/ultrasound/deriving";
import { frameOf, reckon } from "../../../src/ultrasound/readings";
import { candidateText, derivedText } from "../../../src/words/derived";

type Told = (message: { consult_id: string }) => void;
const wire = vi.hoisted(() => ({ posted: [] as [string, Record<string, unknown>][], measured: {} as unknown, loads: 0, refuse: false, handlers: new Map<string, unknown>() }));
vi.mock("../../../src/api/events", () => ({ socket: { on: (tag: string, handler: unknown) => (wire.handlers.set(tag, handler), () => wire.handlers.delete(tag)) } }));
vi.mock("../../../src/api/client", () => ({
  api: {
    get: () => (wire.loads++, Promise.resolve(wire.measured)),
    post: (path: string, body: Record<string, unknown>) => {
      wire.posted.push([path, body]);
      return wire.refuse ? Promise.reject(new Error("measured_otherwise")) : Promise.resolve({});
    },
  },
}));
const { DeriveModel } = await import("../../../src/pages/Room/derive.svelte");

const region: PictureRegion = {
  left_px: 0, top_px: 0, right_px: 639, bottom_px: 479, spatial_format: 1, data_type: 1, unit_x: 3, unit_y: 3, delta_x: 0.02, delta_y: 0.02, reference_x_px: 0, reference_y_px: 0,
  reference_x: 0, reference_y: 0, flags: 0, transducer_khz: null, doppler_angle_deg: null, corner_x_px: null, corner_y_px: null, fault: null,
};
type Points = [number, number][];

function still(kept_id: string, laid: [PictureTool, Points][], delta = 0.02, frame = kept_id) {
  const picture = { width: 640, height: 480, calibration: { source: "file" as const, regions: [{ ...region, delta_x: delta, delta_y: delta }], scale_uncertainty: 0, profile: "" } };
  const measurements = laid.map(([tool, points]): StillMeasurement => {
    const read = reckon(tool, frameOf(picture), points, null);
    if ("refused" in read) throw new Error(read.refused);
    return { tool, points, value: read.value, unit: read.unit as Unit, uncertainty: read.uncertainty, calibration: read.calibration, uncalibrated: read.uncalibrated, angle_deg: null, label: "" };
  });
  const capture_us = Number.parseInt(frame, 36);
  return { kept_id, binding_id: "b", capture_us, number: `CS-${kept_id}`, taken_at: "2026-11-28T09:00:00Z", frame_number: 12, ...picture, measurements };
}

const wide: Points = [[100, 100], [200, 100]];
const high: Points = [[100, 100], [100, 150]];
const ventricle = (size: number): Points => [[250, 400], [240, 300], [270, 140], [300, 100], [330, 142], [362, 298], [350, 400]].map(([x, y]) => [300 + (x! - 300) * size, 100 + (y! - 100) * size]);
const contours = (...sizes: number[]) => sizes.map((size, k) => still(`v${k}`, [["chamber_area", ventricle(size)], ["chamber_length", ventricle(size)]]));

const volume = (id: string, ids: [string, string], value: number): DerivedMeasurement => ({
  id, number: `CJ-${id}`, resident_id: "r", institution_id: "i", consult_id: "c", kept_by: "a", kept_at: "", derivation: "biplane",
  parts: ids.map((kept_id) => ({ name: { kept_id, index: 0, derived_id: null }, number: `CS-${kept_id}`, value: 4000, unit: "mm2", uncertainty: 50, calibration: "file", tool: "chamber_area", derivation: null })),
  still_ids: ids, value, unit: "mL", uncertainty: 1, calibration: "file", scales_differ: false, simulated: true, label: "", void: false,
});

async function opened(measured: MeasuredOfConsult) {
  wire.measured = measured;
  const model = new DeriveModel("c");
  model.toggle();
  await vi.waitFor(() => expect(model.measured).not.toBeNull());
  return model;
}

beforeEach(() => Object.assign(wire, { posted: [], loads: 0, refuse: false }));

describe("parts", () => {
  it("are what is kept, each where it fits", async () => {
    const model = await opened({ stills: [still("a", [["distance", wide], ["angle", [[9, 9], [9, 50], [60, 60]]], ["area", [...wide, [150, 190]]]]), ...contours(1)], derived: [] });
    const keys = (place: number) => model.fitting(place).map((one) => one.part.key);
    expect(keys(0)).toEqual(["v0#0"]);
    model.use("area_length");
    expect([keys(0), keys(1)]).toEqual([["a#2", "v0#0"], ["a#0", "v0#1"]]);
    model.use("ellipsoid");
    expect(keys(2)).toEqual(["a#0", "v0#1"]);
    model.use("mitral_valve_area");
    expect(keys(0)).toEqual([]);
  });

  it("that this browser reads otherwise than they were kept are not offered", () => {
    const kept = still("a", [["distance", wide]]);
    const other = { ...kept, measurements: [{ ...kept.measurements[0]!, value: 21 }] };
    expect(candidatesOf({ stills: [kept], derived: [] })).toHaveLength(1);
    expect(candidatesOf({ stills: [other], derived: [] })).toEqual([]);
  });

  it("are said with value, doubt, frame and the still they are on", () => {
    const [one] = candidatesOf({ stills: [still("a", [["distance", wide]])], derived: [] });
    expect(candidateText(one!)).toBe("距离 20.0 ± 0.4 mm · 第 12 帧 · CS-a");
  });
});

describe("the figure", () => {
  it("is there as soon as all parts are chosen, and goes with them to the server", async () => {
    const model = await opened({ stills: contours(1, 1), derived: [] });
    expect([model.step, model.result]).toEqual([0, null]);
    model.choose(0, "v0#0");
    expect(model.step).toBe(1);
    model.choose(1, "v0#0");
    expect(model.result).toEqual({ refused: "parts_repeat" });
    model.choose(1, "v1#0");
    const made = model.result!;
    if ("refused" in made) throw new Error(made.refused);
    expect([model.step, made.unit, made.scales_differ]).toEqual([2, "mL", false]);
    model.label = " EDV ";
    await model.keep();
    const parts = ["v0", "v1"].map((kept_id) => ({ kept_id, index: 0, derived_id: null }));
    expect(wire.posted[0]).toMatchObject(["/api/consults/c/derived", { derivation: "biplane", parts, value: made.value, unit: "mL", label: "EDV" }]);
    expect([model.chosen, wire.loads]).toEqual([["", ""], 2]);
  });

  it("says that the parts have different scales, and refuses three diameters of one plane", async () => {
    const model = await opened({ stills: [still("a", [["distance", wide], ["distance", high], ["distance", [[9, 9], [50, 50]]]]), still("b", [["distance", wide]], 0.03)], derived: [] });
    model.use("ellipsoid");
    ["a#0", "a#1", "a#2"].forEach((key, place) => model.choose(place, key));
    expect(model.result).toEqual({ refused: "one_plane" });
    await model.keep();
    expect(wire.posted).toEqual([]);
    model.choose(2, "b#0");
    expect(model.result).toMatchObject({ unit: "mL", scales_differ: true });
  });

  it("knows a frame again that was kept twice: what is on it is there once", async () => {
    const model = await opened({ stills: [still("a", [["distance", wide], ["area", [...wide, [150, 190]]]]), still("a2", [["distance", wide], ["distance", high]], 0.02, "a"), still("b", [["distance", wide]])], derived: [] });
    model.use("ellipsoid");
    ["a#0", "a2#0", "b#0"].forEach((key, place) => model.choose(place, key));
    expect(model.result).toEqual({ refused: "parts_repeat" });
    model.use("area_length");
    ["a#1", "a2#1"].forEach((key, place) => model.choose(place, key));
    expect(model.result).toMatchObject({ unit: "mL" });
  });

  it("of a fraction is made of kept volumes, whose contours are reckoned anew", async () => {
    const stills = contours(1, 1, 0.7, 0.7);
    const model = await opened({ stills, derived: [] });
    model.choose(0, "v0#0");
    model.choose(1, "v1#0");
    const full = model.result!;
    model.choose(0, "v2#0");
    model.choose(1, "v3#0");
    const emptied = model.result!;
    if ("refused" in full || "refused" in emptied) throw new Error("refused");
    model.measured = { stills, derived: [volume("full", ["v0", "v1"], full.value), volume("emptied", ["v2", "v3"], emptied.value), volume("lied", ["v0", "v1"], 99)] };
    model.use("ejection_fraction");
    expect(model.fitting(0).map((one) => one.part.key)).toEqual(["full", "emptied"]);
    model.choose(0, "emptied");
    model.choose(1, "full");
    expect(model.result).toEqual({ refused: "systole_above_diastole" });
    model.choose(0, "full");
    model.choose(1, "emptied");
    const fraction = model.result!;
    if ("refused" in fraction) throw new Error(fraction.refused);
    expect([Math.round(fraction.value * 10) / 10, fraction.unit]).toEqual([65.7, "%"]);
  });

  it("is asked for once, however often there is no answer", async () => {
    const model = await opened({ stills: contours(1, 1), derived: [] });
    model.choose(0, "v0#0");
    model.choose(1, "v1#0");
    wire.refuse = true;
    await model.keep();
    expect(model.fault).not.toBeNull();
    await model.keep();
    model.label = "ESV";
    await model.keep();
    const [first, second, third] = wire.posted.map(([, body]) => body["request_id"]);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });
});

it("the list is loaded anew when somebody keeps something here, while it is shown", async () => {
  const model = await opened({ stills: [], derived: [] });
  model.follow();
  const told = (tag: string, consult_id: string) => (wire.handlers.get(tag) as Told)({ consult_id });
  told("still_kept", "c");
  told("measurement_derived", "c");
  told("measurement_derived", "other");
  expect(wire.loads).toBe(3);
  model.toggle();
  told("still_kept", "c");
  expect(wire.loads).toBe(3);
});

it("what was derived is cited with all that it is made of", () => {
  const kept = { ...volume("full", ["a", "b"], 85.4), uncertainty: 6, scales_differ: true, label: "EDV" };
  expect(derivedText(kept)).toBe(
    "EDV (双平面 Simpson 容积) 85 ± 6 mL (文件标定；各部分标定不同)，由 心腔面积 40.0 ± 0.5 cm² (CS-a)、心腔面积 40.0 ± 0.5 cm² (CS-b) 得出 [CJ-full]",
  );
});
