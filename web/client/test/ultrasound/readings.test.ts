import { describe, expect, it } from "vitest";
import type { PictureRegion, PictureTool, StillCard } from "../../src/api/types";
import { TOOLS } from "../../src/ultrasound/calipers";
import { readingOf } from "../../src/ultrasound/readings";
import { measuredText } from "../../src/words/pictureCalipers";

const plane: PictureRegion = {
  left_px: 100, top_px: 50, right_px: 500, bottom_px: 450, spatial_format: 1, data_type: 1, unit_x: 3, unit_y: 3, delta_x: 0.025, delta_y: 0.025,
  reference_x_px: 10, reference_y_px: 0, reference_x: 0, reference_y: 0, flags: 0, transducer_khz: null, doppler_angle_deg: null, corner_x_px: null, corner_y_px: null, fault: null,
};
const card = (regions: PictureRegion[] | null): StillCard => ({
  still_id: "s", capture_us: 1, frame_number: 1, width: 640, height: 480, grey: true, pixels_sha256: "", png_bytes: 1, masked: false, simulated: true,
  calibration: regions === null ? null : { source: "file", regions, scale_uncertainty: 0, profile: "" },
});
const laid = (tool: PictureTool, ...points: [number, number][]) => ({ tool, points: points.map(([x, y]) => ({ x, y })), done: true });

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

  it("with every tool that is offered", () => {
    for (const tool of TOOLS) expect(readingOf(laid(tool, [200, 100]), card([plane])), tool).not.toBeNull();
  });
});
