import { describe, expect, it } from "vitest";
import type { KeptStillCard, StillMeasurement } from "../../src/api/types";
import { citation, megabytes } from "../../src/pages/kept/kept";
import { keptText } from "../../src/words/pictureCalipers";

const length = { tool: "distance", value: 41.23, unit: "mm", uncertainty: 0.4, calibration: "file", uncalibrated: null, label: "" } as unknown as StillMeasurement;

describe("what was measured on a kept still", () => {
  it("stands with its unit, doubt and the origin of its scale", () => {
    expect(keptText(length)).toBe("距离 41.2 ± 0.4 mm (文件标定)");
    expect(keptText({ ...length, label: "左室" })).toBe("左室 距离 41.2 ± 0.4 mm (文件标定)");
    expect(keptText({ ...length, value: 120, unit: "px", uncertainty: 2, calibration: "none", uncalibrated: "no_regions" })).toBe("距离 120 ± 2 px (未标定)");
    expect(keptText({ ...length, tool: "heart_rate", value: 72, unit: "/min", uncertainty: 1 })).toBe("心率 72.0 ± 1.0 /min (文件标定)");
  });

  it("is cited with the still's number and frame", () => {
    const still = { number: "CS-20261128-0001", taken_at: "2026-11-28T10:46:03", frame_number: 12, measurements: [length] } as unknown as KeptStillCard;
    expect(citation(still)).toBe("超声图像 CS-20261128-0001（2026-11-28 10:46:03 第 12 帧）：距离 41.2 ± 0.4 mm (文件标定)");
    expect(citation({ ...still, measurements: [] })).toBe("超声图像 CS-20261128-0001（2026-11-28 10:46:03 第 12 帧）");
  });
});

it("a size is never nothing", () => {
  expect([megabytes(1), megabytes(2_345_678)]).toEqual(["0.1", "2.3"]);
});
