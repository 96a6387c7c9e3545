import type { ReadingKind } from "../../api/types";

export const units = {
  symbol: {
    systolic_pressure: "mmHg",
    diastolic_pressure: "mmHg",
    pulse_rate: "次/分",
    oxygen_saturation: "%",
    body_temperature: "℃",
    blood_glucose: "mmol/L",
    respiratory_rate: "次/分",
  } as Record<ReadingKind, string>,
  kind: {
    systolic_pressure: "收缩压",
    diastolic_pressure: "舒张压",
    pulse_rate: "脉搏",
    oxygen_saturation: "血氧",
    body_temperature: "体温",
    blood_glucose: "血糖",
    respiratory_rate: "呼吸",
  } as Record<ReadingKind, string>,
  bloodPressure: "血压",
  pressureUnit: "mmHg",
  years: (n: number) => `${n} 岁`,
  months: (n: number) => `${n} 个月`,
  days: (n: number) => `${n} 天`,
  minutes: (n: number) => `${n} 分钟`,
  seconds: (n: number) => `${n} 秒`,
  ago: (time: string) => `${time}前`,
  mmPerMv: (n: number) => `${n} mm/mV`,
  hours: (n: number) => `${n} 小时`,
};
