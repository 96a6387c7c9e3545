import type { request as zh } from "../zh/request";

export const request: typeof zh = {};
