import { describe, expect, it, test } from "vitest";
import type { PictureRegion, PictureTool, StillCard } from "../../src/api/types";
import { TOOLS } from "../../src/ultrasound/calipers";
import { maySetScale, readingOf } from "../../src/ultrasound/readings";
import { measuredText } from "../../src/words/pictureCalipers";

const plane: PictureRegion = {
  left_px: 100, top_px: 50, right_px: 500, bottom_px: 450, spatial_format: 1, data_type: 1, unit_x: 3, unit_y: 3, delta_x: 0.025, delta_y: 0.025,
  reference_x_px: 10, reference_y_px: 0, reference_x: 0, reference_y: 0, flags: 0, transducer_khz: null, doppler_angle_deg: null, corner_x_px: null, corner_y_px: null, fault: null,
};
const card = (regions: PictureRegion[] | null): StillCard => ({
  still_id: "s", capture_us: 1, frame_number: 1, width: 640, height: 480, grey: true, pixels_sha256: "", png_bytes: 1, masked: false, mask_signed: false, simulated: true, came_in: null,
  calibration: regions === null ? null : { source: "file", regions, scale_uncertainty: 0, profile: "" },
});
const laid = (tool: PictureTool, ...points: [number, number][]) => ({ tool, points: points.map(([x, y]) => ({ x, y })), done: true });

test.each([["file", false], ["none", false], ["user", true], ["ruler", true]] as const)("a scale from %s is for a person to set anew: %s", (source, may) => {
  expect(maySetScale({ calibration: { source, regions: [plane], scale_uncertainty: 0, profile: "" } })).toBe(may);
  expect(maySetScale(card(null))).toBe(true);
});

describe("calipers read", () => {
  it("millimetres where the still's own region has a scale, with doubt and origin", () => {
    const read = readingOf(laid("distance", [200, 100], [392.4, 100]), card([plane]))!;
    expect(read).toMatchObject({ values: [{ tool: "distance", unit: "mm", calibration: "file", region: 0 }] });
    expect(measuredText(laid("distance"), read)).toBe("距离 48.1 ± 0.5 mm (文件标定)");
  });

  it("pixels and the word uncalibrated where there is none", () => {
    for (const [still, why] of [[card(null), "no_regions"], [card([{ ...plane, fault: "absurd_scale" }]), "region_faulty"]] as const) {
      const read = readingOf(laid("distance", [200, 100], [300, 100]), still)!;
      expect(read).toMatchObject({ values: [{ unit: "px", calibration: "none", uncalibrated: why }] });
      expect(measuredText(laid("distance"), read)).toBe("距离 100 ± 2 px (未标定)");
    }
  });

  it("nothing across two scales, but why", () => {
    const other = { ...plane, left_px: 510, right_px: 630, delta_x: 0.05, delta_y: 0.05 };
    const read = readingOf(laid("distance", [200, 100], [600, 100]), card([plane, other]))!;
    expect(measuredText(laid("distance"), read)).toBe("距离: 跨越了两个标定区域，请在一个区域内测量");
  });

  it("an area with its circumference, in square centimetres", () => {
    const read = readingOf(laid("area", [200, 100], [300, 100], [300, 200], [200, 200]), card([plane]))!;
    expect(measuredText(laid("area"), read)).toBe("面积 6.25 ± 0.18 cm² · 周长 100.0 ± 1.5 mm (文件标定)");
  });

  it("nothing while points are missing", () => {
    expect(readingOf({ ...laid("angle", [200, 100], [300, 100]), done: false }, card([plane]))).toBeNull();
    expect(readingOf({ ...laid("area", [200, 100], [300, 100], [300, 200]), done: false }, card([plane]))).toBeNull();
  });

  const spectrum: PictureRegion = {
    ...plane, left_px: 0, right_px: 639, top_px: 240, bottom_px: 479, spatial_format: 3, data_type: 3, unit_x: 4, unit_y: 7, delta_x: 0.005, delta_y: -1,
    reference_x_px: 0, reference_y_px: 200, doppler_angle_deg: 40,
  };
  const duplex = card([{ ...plane, left_px: 0, right_px: 639, top_px: 0, bottom_px: 230 }, spectrum]);

  it("a resistive index with S/D beside it, in a spectrum only", () => {
    const two = laid("resistive_index", [100, 340], [180, 415]);
    expect(measuredText(two, readingOf(two, duplex)!)).toBe("阻力指数 RI 0.75 ± 0.02 · S/D 4.0 ± 0.2 (文件标定)");
    const off = laid("resistive_index", [100, 40], [180, 115]);
    expect(measuredText(off, readingOf(off, duplex)!)).toBe("阻力指数 RI: 未标定：这里不是有标定的频谱，请在频谱多普勒区域内测量");
    const across = laid("resistive_index", [100, 340], [180, 115]);
    expect(readingOf(across, duplex)).toEqual({ refused: "across_regions" });
  });

  it("an integral that follows the hand, from the third point on", () => {
    const trace = { ...laid("velocity_time_integral", [100, 440], [120, 340]), done: false };
    expect(readingOf(trace, duplex)).toBeNull();
    const longer = { ...trace, points: [...trace.points, { x: 140, y: 440 }] };
    expect(readingOf(longer, duplex)).toMatchObject({ values: [{ tool: "velocity_time_integral", value: expect.closeTo(10), unit: "cm" }, { tool: "mean_velocity", value: expect.closeTo(50) }, { tool: "mean_gradient" }] });
  });

  it("a velocity with its gradient, and the angle that a person set said beside it", () => {
    const point = laid("velocity", [100, 340]);
    expect(measuredText(point, readingOf(point, duplex)!)).toBe("流速 100.0 ± 1.0 cm/s · 压差 4.00 ± 0.08 mmHg (文件标定)");
    const by_hand = { ...point, angle_deg: 60 };
    const read = readingOf(by_hand, duplex)!;
    expect(measuredText(by_hand, read)).toBe("流速 153 ± 30 cm/s · 压差 9 ± 4 mmHg (手动角度 60°)");
    expect(read).toMatchObject({ values: [{ calibration: "user", angle_deg: 60 }, { angle_deg: 60 }] });
    expect(readingOf({ ...point, angle_deg: 61 }, duplex)).toEqual({ refused: "doppler_angle_too_wide" });
    const unknown = card([{ ...spectrum, doppler_angle_deg: null }]);
    expect(readingOf(by_hand, unknown)).toEqual({ refused: "scanner_angle_unknown" });
  });

  it("a ventricle with its long axis once it is whole", () => {
    const contour = laid("chamber_area", [200, 200], [195, 150], [210, 100], [250, 80], [290, 100], [305, 150], [300, 200]);
    expect(readingOf({ ...contour, done: false }, card([plane]))).toBeNull();
    expect(readingOf(contour, card([plane]))).toMatchObject({ values: [{ tool: "chamber_area", unit: "mm2" }, { tool: "chamber_length", value: 30, unit: "mm" }] });
  });

  it("never in physical units outside a region, across two, or in one of another kind", () => {
    let seed = 7;
    const random = (most: number) => ((seed = (seed * 48271) % 2147483647) / 2147483647) * most;
    const box = () => {
      const [x, y] = [[random(639), random(639)], [random(479), random(479)]].map((two) => two.map(Math.round).sort((a, b) => a - b)) as [number[], number[]];
      return { left_px: x[0]!, right_px: x[1]!, top_px: y[0]!, bottom_px: y[1]! };
    };
    const counts = { physical: 0, other: 0 };
    for (let round = 0; round < 4000; round++) {
      const whole = random(1) < 0.5 ? [{ ...plane, left_px: 0, top_px: 0, right_px: 639, bottom_px: 479, flags: 1 }] : [{ ...spectrum, top_px: 0, flags: 1 }];
      const some = Array.from({ length: Math.floor(random(3)) }, () => ({ ...(random(1) < 0.5 ? plane : spectrum), ...box(), flags: random(1) < 0.5 ? 1 : 0 }));
      const regions = [...(random(1) < 0.6 ? whole : []), ...some];
      const tool = TOOLS[Math.floor(random(TOOLS.length))]!;
      const points = Array.from({ length: 1 + Math.floor(random(7)) }, (): [number, number] => [random(639), random(479)]);
      const read = readingOf(laid(tool, ...points.sort((a, b) => a[0] - b[0])), card(regions));
      for (const value of read === null || "refused" in read ? [] : read.values) {
        if (value.uncalibrated !== null) {
          expect([value.calibration, ["px", "px2", "deg"].includes(value.unit)]).toEqual(["none", true]);
          counts.other++;
          continue;
        }
        counts.physical++;
        const { left_px, right_px, top_px, bottom_px, spatial_format } = regions[value.region!]!;
        const inside = points.every(([x, y]) => x >= left_px && x <= right_px && y >= top_px && y <= bottom_px);
        const flow = !["distance", "path", "area", "circumference", "ellipse_area", "ellipse_circumference", "angle", "chamber_area", "chamber_length"].includes(value.tool);
        expect([inside, spatial_format], value.tool).toEqual([true, flow ? 3 : 1]);
      }
    }
    expect(Math.min(counts.physical, counts.other)).toBeGreaterThan(50);
  });

  it("with every tool that is offered", () => {
    for (const tool of TOOLS) expect(readingOf(laid(tool, [200, 100]), card([plane])), tool).not.toBeNull();
  });
});
