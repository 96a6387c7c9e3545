import type { opinion as zh } from "../zh/opinion";

export const opinion: typeof zh = {};
