"""Where each electrode of a 12-lead ECG sits, as a station's log says it (AHA/ACC/HRS 2007, part I)."""

from ecg.leads import Electrode

PLACES: dict[Electrode, str] = {
    Electrode.RA: "inside of the right forearm, above the wrist",
    Electrode.LA: "inside of the left forearm, above the wrist",
    Electrode.LL: "inside of the left leg, above the ankle",
    Electrode.RL: "inside of the right leg, above the ankle",
    Electrode.V1: "4th intercostal space, right edge of the sternum",
    Electrode.V2: "4th intercostal space, left edge of the sternum",
    Electrode.V3: "halfway between V2 and V4",
    Electrode.V4: "5th intercostal space, left midclavicular line",
    Electrode.V5: "left anterior axillary line, level with V4",
    Electrode.V6: "left midaxillary line, level with V4",
}
