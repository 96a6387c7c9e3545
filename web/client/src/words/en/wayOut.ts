import type { wayOut as zh } from "../zh/wayOut";

export const wayOut: typeof zh = {
  title: "Telephone when the line is lost",
  station: "Station's telephone",
  hospital: "Hospital's telephone",
  short: { station: "Station", hospital: "Hospital" },
  noneOfStation: (who) => `The station's telephone is not known: ask ${who}`,
  noneOfHospital: (who) => `The hospital's telephone is not known: ask ${who}`,
  administrator: "an administrator (Institutions)",
  goOn: (numbers) => `You can go on by telephone: ${numbers}`,
};
