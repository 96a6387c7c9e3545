import type { ecgQuality as zh } from "../zh/ecgQuality";

export const ecgQuality: typeof zh = {
  title: "ECG quality",
  score: (points) => `Quality ${points} of 100`,
  scoreHint:
    "Every second of every lead is worth the same: readable with noise costs part of it, unreadable all of it. What each reason costs stands beside it.",
  lost: (points) => `costs ${points}`,
  usable: (lead, usable, all) => `Lead ${lead}: ${usable} s usable of ${all} s`,
  clean: "Nothing wrong with the quality was found",
  decision: {
    send: "Good to send",
    send_with_note: "Good to send, with a note on its quality",
    repeat: "Better recorded again",
  },
  neverHeld: "This is advice: it can be sent at any time. When the patient cannot wait, send first and see to the noise afterwards.",
  weight: { minor: "minor", note: "worth a note", repeat: "worth a new recording" },
  grade: { noted: "readable", unusable: "not readable" },
  finding: {
    flat: "Flat line",
    lead_off: "Electrode off",
    missing: "Samples missing",
    calibration: "Calibration pulse",
    amplitude: "Amplitudes far outside the physiological: is the scale right?",
    clipped: "Cut off, beyond the range of the device",
    mains_50: "Mains interference, 50 Hz",
    mains_60: "Mains interference, 60 Hz",
    muscle: "Muscle noise",
    wander: "Wandering baseline",
  },
  shortfall: {
    all_flat: "Flat line in every lead",
    leads_absent: "Leads absent",
    too_short: "Recording too short",
  },
  reversal: {
    ra_la: "Left and right arm electrodes may be swapped",
    ra_ll: "Right arm and left leg electrodes may be swapped",
    la_ll: "Left arm and left leg electrodes swapped",
    ra_rl: "Right arm and right leg electrodes may be swapped",
    la_rl: "Left arm and right leg electrodes may be swapped",
    arms_legs: "Both arm electrodes may be on the legs",
    chest_order: "Chest electrodes may be in another order",
  },
  chestPair: (first, second) => `${first} and ${second} may have changed places`,
  onQrsAlone: "without a P wave to compare, from QRS alone",
  untestedTitle: "Swaps that could not be looked for",
  untested: {
    not_distinct: "swapped like this, the tracing could be another patient's: check the electrodes by eye",
    no_p: "no P wave can be told",
    few_beats: "fewer than three beats of one shape",
    leads_missing: "the leads it needs are not there",
    rate: "the sample rate is not between 100 and 1000 Hz",
  },
  advice: {
    look_at_patient:
      "Look at the patient first: response, breathing, pulse. No response and no normal breathing: call for help and start CPR. If the patient is well, check the plug of the cable and the electrodes.",
    check_flat_lead:
      "If other leads show complexes, check this lead's electrodes and wires. If no lead shows a QRS complex, look at the patient first. A flat line does not mean that an electrode is off.",
    reattach: "Clean the skin, put the electrode back on and clip its wire firmly.",
    wait_for_samples: "Some samples have not arrived: wait until they have been filled in. If they stay missing, record again.",
    end_calibration: "The device is sending its calibration pulse, not the patient's ECG. Switch it off and record again.",
    check_scale:
      "No heart gives so many millivolts. Check the scale that the file or the device states (mV or µV per step) before any amplitude or ST level is read, and send it again with the right one. Rate and intervals do not depend on it.",
    renew_electrode:
      "The tracing is cut off and its amplitudes are not true. Clean the skin, use a new electrode and record again; if it stays, check the range of the device.",
    remove_mains:
      "Clean the skin and renew the electrode, check the right leg as well. Keep the wires away from power cables, unplug what is not needed at the bed, check the device's earth.",
    relax_muscles:
      "Let the patient lie relaxed and warm, arms at the sides. With a tremor the limb electrodes may be moved towards the trunk; note it on the recording.",
    lie_still: "Ask the patient to lie still, breathe quietly and not to talk. Check that the electrodes stick and that no wire pulls on them.",
    check_arms:
      "P and QRS are both inverted in lead I. Check the left and right arm electrodes. If they are right, think of dextrocardia and note “electrodes checked”.",
    check_right_arm_left_leg:
      "P and QRS are both inverted in lead II. Check the right arm and left leg electrodes. If they are right, note “electrodes checked”.",
    check_right_leg: "One limb lead is nearly flat. Check whether the right leg electrode was exchanged with one of an arm.",
    check_chest_order: "Begin at the 4th intercostal space and check the place and the wire of each electrode from V1 to V6.",
    record_all_leads: "Check the plug of the cable, attach all electrodes and record all 12 leads again.",
    record_longer: "The recording is not long enough. Please record again.",
  },
  seeTo: (electrodes) => `See to ${electrodes} first`,
  colourOf: (iec, aha) => (iec === aha ? iec : `${iec} (AHA ${aha})`),
  colours: "Colours are those of the IEC, in brackets those of the AHA. Go by the marking on the wire.",
  backOn: "on again",
  electrode: {
    RA: { name: "Right arm, RA", colour: "red", aha: "white", place: "inside of the right forearm, above the wrist" },
    LA: { name: "Left arm, LA", colour: "yellow", aha: "black", place: "inside of the left forearm, above the wrist" },
    LL: { name: "Left leg, LL", colour: "green", aha: "red", place: "inside of the left leg, above the ankle" },
    RL: { name: "Right leg, RL", colour: "black", aha: "green", place: "inside of the right leg, above the ankle" },
    V1: { name: "V1", colour: "red", aha: "red", place: "4th intercostal space, right edge of the sternum" },
    V2: { name: "V2", colour: "yellow", aha: "yellow", place: "4th intercostal space, left edge of the sternum" },
    V3: { name: "V3", colour: "green", aha: "green", place: "halfway between V2 and V4" },
    V4: { name: "V4", colour: "brown", aha: "blue", place: "5th intercostal space, left midclavicular line" },
    V5: { name: "V5", colour: "black", aha: "orange", place: "left anterior axillary line, level with V4" },
    V6: { name: "V6", colour: "violet", aha: "purple", place: "left midaxillary line, level with V4" },
  },
};
