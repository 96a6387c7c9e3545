/** What is made of measurements, in words: never without what it is made of. */

import type { DerivedCard, DerivedMeasurement, MadeOf } from "../api/types";
import type { Candidate } from "../ultrasound/deriving";
import { figure } from "./format";
import { w } from "./index.svelte";
import { scaleText, valueText } from "./pictureCalipers";

type Named = Pick<MadeOf, "tool" | "derivation">;

const nameOf = ({ tool, derivation }: Named) => (tool !== null ? w.picture.measure.tools[tool] : derivation !== null ? w.derive.names[derivation] : "");

/** A part as it is chosen: `心腔面积 43.2 ± 0.9 cm² · 第 12 帧 · CS-20261128-0001`. */
export function candidateText(one: Candidate): string {
  const frame = one.frame_number === null ? [] : [w.picture.frame(figure(one.frame_number))];
  const label = one.label === "" ? [] : [one.label];
  return [...label, `${nameOf(one)} ${valueText(one.part.measured)}`, ...frame, one.number].join(" · ");
}

/** The value with its scale, and that its parts have several: `85 ± 6 mL (文件标定；各部分标定不同)`. */
export function figureText(one: Pick<DerivedMeasurement, "value" | "unit" | "uncertainty" | "calibration" | "scales_differ">): string {
  const scale = scaleText(one) + (one.scales_differ ? w.derive.scalesDiffer : "");
  return `${valueText(one)} (${scale})`;
}

/** What it is, behind what it is of: `膀胱容积 (椭球体积)`. */
export function titleText(one: Pick<DerivedMeasurement, "label" | "derivation">): string {
  return one.label === "" ? w.derive.names[one.derivation] : `${one.label} (${w.derive.names[one.derivation]})`;
}

/** One part without where it is kept: `距离 48.1 ± 0.5 mm`. */
export const partText = (part: MadeOf) => `${nameOf(part)} ${valueText(part)}`;

type Whole = Pick<DerivedMeasurement, "label" | "derivation" | "value" | "unit" | "uncertainty" | "calibration" | "scales_differ" | "parts" | "number">;

/** What is written into an opinion of a listed one; of a void one nothing is. */
export function citedText({ figure, label, derivation, number }: DerivedCard): string {
  return figure === null ? "" : w.derive.cited(derivedText({ ...figure, label, derivation, number }));
}

/** All of it: its name, its figure, what it is made of and where it is kept. */
export function derivedText(one: Whole): string {
  return w.derive.written(titleText(one), figureText(one), madeOfText(one), one.number);
}

/** `心腔面积 43.2 ± 0.9 cm² (CS-…), 心腔长轴 …`. */
export function madeOfText({ parts }: Pick<DerivedMeasurement, "parts">): string {
  return parts.map((part) => `${partText(part)} (${part.number})`).join(w.common.listComma);
}
