/** What is made of measurements, in words: never without what it is made of. */

import type { DerivedMeasurement, MadeOf } from "../api/types";
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

/** All of it: its name, its figure, what it is made of and where it is kept. */
export function derivedText(one: DerivedMeasurement): string {
  const name = one.label === "" ? w.derive.names[one.derivation] : `${one.label} (${w.derive.names[one.derivation]})`;
  return w.derive.written(name, figureText(one), madeOfText(one), one.number);
}

/** `心腔面积 43.2 ± 0.9 cm² (CS-…), 心腔长轴 …`. */
export function madeOfText({ parts }: DerivedMeasurement): string {
  return parts.map((part) => `${nameOf(part)} ${valueText(part)} (${part.number})`).join(w.common.listComma);
}
