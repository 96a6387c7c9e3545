import type { resident as zh } from "../zh/resident";

export const resident: typeof zh = {};
