import { expect, test } from "vitest";
import { checkCharacter, readingFaults, readNumber, type Registration, registrationFaults, toldByCard } from "../src/registration";

const TODAY = "2026-11-23";
// An invented person; the check character is computed, the area code is the standard's own example.
const FIRST_17 = "11010519491231002";
const CARD = FIRST_17 + checkCharacter(FIRST_17);

function given(change: Partial<Registration> = {}): Registration {
  return {
    name: "王秀英",
    sex: "female",
    birth_date: "1949-12-31",
    identity_kind: "resident_id_card",
    identity_number: CARD,
    allergy_status: "not_asked",
    allergies: [],
    phone: "",
    ...change,
  };
}

test("the check character is that of GB 11643's example", () => {
  expect(CARD).toBe("11010519491231002X");
});

test("a sound registration has no fault", () => {
  expect(registrationFaults(given(), TODAY)).toEqual({});
});

test("a card number tells birth date and sex", () => {
  expect(toldByCard("1101 0519 4912 3100 2x")).toEqual({ birth_date: "1949-12-31", sex: "female" });
});

test.each([
  ["one mistyped digit", { identity_number: "11010519491231012X" }, "card_check"],
  ["another birth date", { birth_date: "1949-12-30" }, "card_birth"],
  ["the other sex", { sex: "male" }, "card_sex"],
  ["too short", { identity_number: "110105" }, "card_form"],
  ["none", { identity_number: " " }, "needed"],
] as const)("a card with %s is refused", (_what, change, fault) => {
  expect(registrationFaults(given(change), TODAY).identity_number).toBe(fault);
});

test("who has no document may leave the number empty", () => {
  expect(registrationFaults(given({ identity_kind: "other", identity_number: "" }), TODAY)).toEqual({});
});

test("allergies must be asked about or said not to be, and listed when there are any", () => {
  expect(registrationFaults(given({ allergy_status: null }), TODAY).allergy_status).toBe("needed");
  expect(registrationFaults(given({ allergy_status: "listed" }), TODAY).allergies).toBe("allergies_needed");
});

test("nobody is born tomorrow, or has a telephone number of letters", () => {
  expect(registrationFaults(given({ birth_date: "2026-11-24" }), TODAY).birth_date).toBe("birth_future");
  expect(registrationFaults(given({ phone: "abc" }), TODAY).phone).toBe("phone_form");
});

test("a frightening reading gets through, an impossible one does not", () => {
  expect(readingFaults({ pulse_rate: "34", oxygen_saturation: "61" })).toEqual({});
  expect(readingFaults({ pulse_rate: "3400" }).pulse_rate).toEqual({ fault: "impossible", low: 10, high: 350 });
});

test("the two pressures are not the wrong way round", () => {
  expect(readingFaults({ systolic_pressure: "80", diastolic_pressure: "120" }).diastolic_pressure).toEqual({ fault: "order" });
});

test("figures typed with a Chinese input method are figures", () => {
  expect(readNumber("３６．６")).toBe(36.6);
  expect(readNumber("36,6")).toBe(36.6);
  expect(readNumber("1e3")).toBeNull();
  expect(readNumber("-1")).toBeNull();
});
