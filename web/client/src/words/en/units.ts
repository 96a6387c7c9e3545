import type { units as zh } from "../zh/units";

export const units: typeof zh = {
  symbol: {
    systolic_pressure: "mmHg",
    diastolic_pressure: "mmHg",
    pulse_rate: "/min",
    oxygen_saturation: "%",
    body_temperature: "℃",
    blood_glucose: "mmol/L",
    respiratory_rate: "/min",
  },
  kind: {
    systolic_pressure: "Systolic",
    diastolic_pressure: "Diastolic",
    pulse_rate: "Pulse",
    oxygen_saturation: "SpO₂",
    body_temperature: "Temp",
    blood_glucose: "Glucose",
    respiratory_rate: "Resp. rate",
  },
  bloodPressure: "BP",
  pressureUnit: "mmHg",
  years: (n) => `${n} y`,
  months: (n) => `${n} mo`,
  days: (n) => (n === 1 ? "1 day" : `${n} days`),
  minutes: (n) => `${n} min`,
  seconds: (n) => `${n} s`,
  ago: (time) => `${time} ago`,
  mmPerMv: (n) => `${n} mm/mV`,
  hours: (n) => `${n} h`,
};
