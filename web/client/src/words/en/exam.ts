import type { exam as zh } from "../zh/exam";

export const exam: typeof zh = {
  title: "Examination",
  choose: "Choose the examination",
  none: "Not chosen: motion first",
  preset: { cardiac: "Heart", vascular: "Vessels", abdomen: "Abdomen", small_parts: "Small parts" },
  keeps: { motion: "motion first", detail: "detail first" },
  why: {
    motion: "On a weak line the frame rate is kept and the picture grows coarser",
    detail: "On a weak line fineness is kept and the frame rate falls",
  },
  shown: (preset, keeps) => `${preset}: ${keeps}`,
  failed: (sentence) => `The examination was not changed: ${sentence}`,
  trouble: {
    lost: "No picture comes from the ultrasound device",
    frozen: "The ultrasound picture stands still: frozen on the scanner, or the signal has stopped",
    blank: "The ultrasound picture is black or one colour all over: see to the device and its cable",
    resized: "The size of the ultrasound picture has just changed: what was measured before had another scale",
  },
};
