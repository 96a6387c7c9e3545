/** What is wrong with a registration, told while it is typed; the server looks again. */

import type { AllergyStatus, IdentityKind, ReadingKind, Sex } from "./api/types";

export interface Registration {
  name: string;
  sex: Sex;
  birth_date: string;
  identity_kind: IdentityKind;
  identity_number: string;
  allergy_status: AllergyStatus | null;
  allergies: string[];
  phone: string;
}

export type RegistrationFault =
  | "needed"
  | "name_long"
  | "birth_future"
  | "birth_old"
  | "card_form"
  | "card_check"
  | "card_birth"
  | "card_sex"
  | "passport_form"
  | "number_long"
  | "allergies_needed"
  | "phone_form";

// GB 11643-1999, 4.2: weights of the first 17 digits; the sum modulo 11 picks the check character.
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS = "10X98765432";
const CARD = /^[1-9]\d{16}[\dX]$/;
const PASSPORT = /^(?=.*\d)[A-Z0-9]{5,9}$/; // ICAO Doc 9303-3, 4.2.2
const NAME_LENGTH = 100;
const OTHER_LENGTH = 40;
const OLDEST_YEARS = 130;

/** One spelling of a document number: no spaces, capital letters. */
export function normalNumber(number: string): string {
  return number.replace(/\s/g, "").toUpperCase();
}

/** The check character that the first 17 digits of a resident ID card number call for. */
export function checkCharacter(first_17: string): string {
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(first_17[at]), 0);
  return CHECK_CHARACTERS[sum % 11]!;
}

/** The birth date and sex that a sound ID card number tells; null for any other. */
export function toldByCard(number: string): { birth_date: string; sex: Sex } | null {
  const card = normalNumber(number);
  if (!CARD.test(card) || checkCharacter(card) !== card[17]) return null;
  // 4.1: the sequence code is odd for men and even for women.
  const sex = Number(card[16]) % 2 === 1 ? "male" : "female";
  return { birth_date: `${card.slice(6, 10)}-${card.slice(10, 12)}-${card.slice(12, 14)}`, sex };
}

/** What is wrong, field by field; empty when all is well. */
export function registrationFaults(given: Registration, today: string): Partial<Record<keyof Registration, RegistrationFault>> {
  const faults: Partial<Record<keyof Registration, RegistrationFault | null>> = {
    name: nameFault(given.name),
    birth_date: birthFault(given.birth_date, today),
    identity_number: numberFault(given),
    allergy_status: given.allergy_status === null ? "needed" : null,
    allergies: given.allergy_status === "listed" && given.allergies.length === 0 ? "allergies_needed" : null,
    phone: phoneFault(given.phone),
  };
  return Object.fromEntries(Object.entries(faults).filter(([, fault]) => fault !== null));
}

function nameFault(name: string): RegistrationFault | null {
  if (name.trim() === "") return "needed";
  return name.trim().length > NAME_LENGTH ? "name_long" : null;
}

function birthFault(birth_date: string, today: string): RegistrationFault | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(birth_date)) return "needed";
  if (birth_date > today) return "birth_future";
  return Number(birth_date.slice(0, 4)) < Number(today.slice(0, 4)) - OLDEST_YEARS ? "birth_old" : null;
}

function numberFault(given: Registration): RegistrationFault | null {
  const number = normalNumber(given.identity_number);
  switch (given.identity_kind) {
    case "resident_id_card":
      return cardFault(number, given);
    case "passport":
      return PASSPORT.test(number) ? null : number === "" ? "needed" : "passport_form";
    case "other":
      return number.length > OTHER_LENGTH ? "number_long" : null;
  }
}

function cardFault(number: string, given: Registration): RegistrationFault | null {
  if (number === "") return "needed";
  if (!CARD.test(number)) return "card_form";
  const told = toldByCard(number);
  if (told === null) return "card_check";
  if (given.birth_date !== "" && told.birth_date !== given.birth_date) return "card_birth";
  return given.sex !== "unstated" && told.sex !== given.sex ? "card_sex" : null;
}

function phoneFault(phone: string): RegistrationFault | null {
  if (phone.trim() === "") return null;
  const digits = phone.replace(/\D/g, "").length;
  return /^[\d +()-]+$/.test(phone) && digits >= 3 && digits <= 15 ? null : "phone_form";
}

/** Which values are possible; outside of these one was mistyped. Not what is healthy. */
export const POSSIBLE: Record<ReadingKind, [low: number, high: number]> = {
  systolic_pressure: [30, 350],
  diastolic_pressure: [10, 250],
  pulse_rate: [10, 350],
  oxygen_saturation: [20, 100],
  body_temperature: [20, 46],
  blood_glucose: [0.2, 110],
  respiratory_rate: [0, 120],
};

export type ReadingFault = { fault: "not_a_number" | "order" } | { fault: "impossible"; low: number; high: number };

/** What is wrong with typed readings; what was left empty is no reading. */
export function readingFaults(typed: Partial<Record<ReadingKind, string>>): Partial<Record<ReadingKind, ReadingFault>> {
  const faults: Partial<Record<ReadingKind, ReadingFault>> = {};
  for (const [kind, text] of Object.entries(typed) as [ReadingKind, string][]) {
    const fault = text.trim() === "" ? null : valueFault(kind, text);
    if (fault !== null) faults[kind] = fault;
  }
  const [high, low] = [readNumber(typed.systolic_pressure), readNumber(typed.diastolic_pressure)];
  if (high !== null && low !== null && !(high > low)) faults.diastolic_pressure ??= { fault: "order" };
  return faults;
}

/** A typed figure; a full-width or comma decimal sign is a point. Null: not a number. */
export function readNumber(text: string | undefined): number | null {
  const plain = (text ?? "").trim().replace(/[０-９．]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0)).replace(",", ".");
  return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}

function valueFault(kind: ReadingKind, text: string): ReadingFault | null {
  const value = readNumber(text);
  const [low, high] = POSSIBLE[kind];
  if (value === null) return { fault: "not_a_number" };
  return value < low || value > high ? { fault: "impossible", low, high } : null;
}
