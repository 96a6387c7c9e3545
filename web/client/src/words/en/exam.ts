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
    layout_changed: "The scanner's screen has just changed to another layout: what was measured before had another scale",
    scale_void: "The depth or zoom of the scanner has changed: uncalibrated until the scale is set anew on the frozen picture",
    new_text: "New text stands on the scanner's screen. It is hidden here: go back to the usual screen, or sign this one off at the station",
    unknown_layout: "This screen of the scanner is not signed off: no more than a known sector is shown. Go back to the usual screen, or sign this one off at the station",
    no_profile: "The ultrasound picture is hidden: nobody has signed off what of this device's screen may be seen. On the station's computer, run cloudclinic station setup",
    profile_broken: "The ultrasound picture is hidden: a device profile at the station is damaged or was changed. On the station's computer, run cloudclinic station setup and sign it off anew",
  },
};
