/** Dates, ages, durations and figures as people read them. An absent value is an en dash, never 0. */

import type { Language, Reading, ReadingKind } from "../api/types";

export const NONE = "–";

export type Moment = string | number | Date | null | undefined;

function moment(value: Moment): Date | null {
  if (value === null || value === undefined || value === "") return null;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date;
}

const two = (value: number): string => String(value).padStart(2, "0");

/** 2026-11-23, in the reader's own time zone. A plain date ("1959-03-14") has no zone and stays as it is. */
export function date(value: Moment): string {
  if (typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value)) return value;
  const at = moment(value);
  return at === null ? NONE : `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** 10:46 */
export function clock(value: Moment): string {
  const at = moment(value);
  return at === null ? NONE : `${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** 10:46:03 */
export function clockSeconds(value: Moment): string {
  const at = moment(value);
  return at === null ? NONE : `${clock(at)}:${two(at.getSeconds())}`;
}

/** 2026-11-23 10:46 */
export function dateTime(value: Moment): string {
  const at = moment(value);
  return at === null ? NONE : `${date(at)} ${clock(at)}`;
}

/** 11月23日 周一, Mon 23 Nov */
export function longDate(value: Moment, language: Language): string {
  const at = moment(value);
  if (at === null) return NONE;
  if (language === "zh") return `${at.getMonth() + 1}月${at.getDate()}日 周${"日一二三四五六"[at.getDay()]}`;
  const day = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short" });
  return day.format(at).replace(",", "");
}

/** 周一, Mon */
export function weekday(value: Moment, language: Language): string {
  const at = moment(value);
  if (at === null) return NONE;
  return language === "zh" ? `周${"日一二三四五六"[at.getDay()]}` : new Intl.DateTimeFormat("en-GB", { weekday: "short" }).format(at);
}

/** The clock of today, the date of any other day. */
export function clockOrDate(value: Moment, now: Date): string {
  return date(value) === date(now) ? clock(value) : date(value);
}

/** mm:ss, and h:mm:ss from an hour on. Never negative. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return NONE;
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${two(minutes)}:${two(whole % 60)}`;
}

/** Seconds from a moment to now; null when there is no moment. */
export function secondsSince(value: Moment, now_ms: number): number | null {
  const at = moment(value);
  return at === null ? null : (now_ms - at.getTime()) / 1000;
}

/** Full years between a birth date and a day. */
export function ageYears(birth_date: string, today: Date): number | null {
  const [year, month, day] = birth_date.split("-").map(Number);
  if (year === undefined || month === undefined || day === undefined || Number.isNaN(year)) return null;
  const before = today.getMonth() + 1 < month || (today.getMonth() + 1 === month && today.getDate() < day);
  return today.getFullYear() - year - (before ? 1 : 0);
}

/** Full months between a birth date and a day. */
export function ageMonths(birth_date: string, today: Date): number {
  const born = new Date(`${birth_date}T00:00`);
  const months = (today.getFullYear() - born.getFullYear()) * 12 + today.getMonth() - born.getMonth();
  return months - (today.getDate() < born.getDate() ? 1 : 0);
}

/** A figure with so many decimals, or the en dash. */
export function figure(value: number | null | undefined, decimals = 0): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
  const written = value.toFixed(decimals);
  return Number(written) === 0 ? written.replace("-", "") : written; // never "-0.0"
}

const DECIMALS: Partial<Record<ReadingKind, number>> = { body_temperature: 1, blood_glucose: 1 };

/** A reading's value with its usual decimals, without its unit. */
export function readingValue(reading: Reading | undefined): string {
  return reading === undefined ? NONE : figure(reading.value, DECIMALS[reading.kind] ?? 0);
}

/** 330100 006 012 00417: a 17-digit record number in groups; any other stays as it is. */
export function recordNumber(value: string): string {
  const parts = /^(\d{6})(\d{3})(\d{3})(\d{5})$/.exec(value);
  return parts === null ? value : parts.slice(1).join(" ");
}
