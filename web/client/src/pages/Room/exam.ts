/** What is kept longest on a weak line for each examination, as the station does it (`records/exam_presets.py`). */
import type { ExamPreset } from "../../api/types";
import { w } from "../../words/index.svelte";

export type Priority = "motion" | "detail";

export const PRIORITIES: Record<ExamPreset, Priority> = {
  cardiac: "motion",
  vascular: "motion",
  abdomen: "detail",
  small_parts: "detail",
};

export const PRESETS = Object.keys(PRIORITIES) as ExamPreset[];

/** The choice in words; null: nobody has chosen. */
export function examShown(preset: ExamPreset | null): string {
  return preset === null ? w.room.exam.none : w.room.exam.shown(w.room.exam.preset[preset], w.room.exam.keeps[PRIORITIES[preset]]);
}
