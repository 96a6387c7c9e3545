import { expect, test } from "vitest";
import type { Nodule, Scored } from "../src/api/types";
import { type Forms, paragraphOf } from "../src/scores";

const nothing: Scored = { nodule: null, breast: null, fast: null, echo: null };
const nodule: Nodule = { composition: "solid", echogenicity: "hypo", shape: "taller_than_wide", margin: "smooth", foci: ["punctate"], largest_mm: 12.5 };
const mass = { shape: "oval", orientation: "parallel", margin: "circumscribed", echo: "hypoechoic", posterior: "none" } as const;

test("a nodule is written with what was chosen, its points, its level, and that a clinician checks it", () => {
  const text = paragraphOf("nodule", { nodule }, { ...nothing, nodule: { points: 10, level: "tr5", advice: "fna" } });
  expect(text).toBe("甲状腺结节（ACR TI-RADS）：实性或几乎完全实性、低回声、前后径大于横径、边缘 光整、点状强回声、最大径 12.5 mm。共 10 分、TR5 高度可疑、按尺寸阈值：细针穿刺（FNA）。[由程序按所选项计算，请由医师核对]");
});

test("points without a level are not written", () => {
  expect(paragraphOf("nodule", { nodule }, { ...nothing, nodule: { points: 1, level: null, advice: null } })).toBeNull();
});

test("a category that contradicts what was described is not written", () => {
  const forms: Forms = { breast: { category: "2", mass } };
  const score = { category: "2", management: "routine", likelihood: "0 %" } as const;
  expect(paragraphOf("breast", forms, { ...nothing, breast: { ...score, contradictions: ["suspicious_in_benign"] } })).toBeNull();
  expect(paragraphOf("breast", forms, { ...nothing, breast: { ...score, contradictions: [] } })).toContain("2 类：良性、恶性可能 0 %、常规筛查");
});

test("every window of a FAST is written, one nobody told of as indeterminate", () => {
  const windows = { right_upper: "negative", left_upper: "positive", pelvis: "negative" } as never;
  const text = paragraphOf("fast", { fast: { extended: false, windows } }, { ...nothing, fast: { extended: false, result: "positive", positive: ["left_upper"], indeterminate: ["pericardium"] } });
  expect(text).toContain("FAST：右上腹 阴性、左上腹 阳性、盆腔 阴性、心包 不确定。结论：阳性。");
});

test("of an echo only what was measured is written", () => {
  const echo = { sex: "male", end_diastolic_ml: 120, end_systolic_ml: 54, ivc_mm: null, ivc_collapse_percent: null } as const;
  const text = paragraphOf("echo", { echo }, { ...nothing, echo: { ejection_percent: 55, ejection_grade: "normal", ra_pressure_mmhg: null } });
  expect(text).toContain("左室容积 120 / 54 ml、LVEF 55.0 %（双平面容积法）、正常。");
  expect(text).not.toContain("右房压");
  expect(paragraphOf("echo", { echo }, { ...nothing, echo: { ejection_percent: null, ejection_grade: null, ra_pressure_mmhg: null } })).toBeNull();
});
