import { describe, expect, it } from "vitest";
import type { DerivedCard, KeptClipPage, KeptStillCard, StillMeasurement } from "../../src/api/types";
import { citation, countText, megabytes, NOTHING } from "../../src/pages/kept/kept";
import { citedText } from "../../src/words/derived";
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

describe("what was derived", () => {
  const part = { name: { kept_id: "s", index: 0, derived_id: null }, number: "CS-20261128-0001", value: 41.23, unit: "mm", uncertainty: 0.4, calibration: "file", tool: "distance", derivation: null };
  const figure = { value: 85, unit: "mL", uncertainty: 6, calibration: "ruler", scales_differ: true, parts: [part], still_ids: ["s"] };
  const volume = { number: "CJ-20261128-0001", derivation: "ellipsoid", label: "膀胱", figure } as unknown as DerivedCard;

  it("is cited with its doubt, its scales, its parts and its number", () => {
    expect(citedText(volume)).toBe("超声组合测量：膀胱 (椭球体积) 85 ± 6 mL (标尺；各部分标定不同)，由 距离 41.2 ± 0.4 mm (CS-20261128-0001) 得出 [CJ-20261128-0001]");
  });

  it("is never cited when it is void", () => {
    expect(citedText({ ...volume, figure: null })).toBe("");
  });

  it("is counted beside the pictures", () => {
    const kept = { stills: [{} as KeptStillCard], clips: [] as KeptClipPage[], derived: [volume] };
    expect([countText(NOTHING), countText(kept), countText({ ...kept, stills: [] })]).toEqual(["", "静态图 1 幅 · 组合测量 1 项", "组合测量 1 项"]);
  });
});
