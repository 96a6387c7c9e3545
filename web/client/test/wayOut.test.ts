import { expect, test } from "vitest";
import type { ConsultCard, Institution, PersonCard } from "../src/api/types";
import { dialled, wayOutOf, wayOutText } from "../src/wayOut";

const person = (display_name: string, institution_id: string) => ({ display_name, institution_id }) as PersonCard;
const institution = (id: string, phone: string) => ({ id, phone }) as Institution;
const consult = { asked_by: person("周敏", "station"), specialist: person("陈建国", "hospital") } as ConsultCard;
const BOTH = [institution("station", "0571-0000 0147"), institution("hospital", " 0571-0000 0120 ")];

test("the station's number is there for both sides, and the hospital's first for who sits at the station", () => {
  expect(wayOutOf(consult, BOTH, false).map(wayOutText)).toEqual(["站点电话 0571-0000 0147"]);
  expect(wayOutOf(consult, BOTH, true).map(wayOutText)).toEqual(["医院电话 0571-0000 0120", "站点电话 0571-0000 0147"]);
});

test("before anybody accepted there is no hospital to call", () => {
  expect(wayOutOf({ ...consult, specialist: null } as ConsultCard, BOTH, true).map((one) => one.whose)).toEqual(["station"]);
});

test("a number nobody registered, or that is not read yet, is not left out: it is said who knows it", () => {
  for (const institutions of [[], [institution("station", " "), institution("hospital", "")]]) {
    expect(wayOutOf(consult, institutions, false).map(wayOutText)).toEqual(["站点电话不详，请询问周敏"]);
    expect(wayOutOf(consult, institutions, true).map(wayOutText)).toEqual(["医院电话不详，请询问陈建国", "站点电话不详，请询问管理员（机构）"]);
  }
});

test("what is dialled is the number without what is written between its digits", () => {
  expect(["0571-0000 0147", "+86 (571) 1234"].map(dialled)).toEqual(["tel:057100000147", "tel:+865711234"]);
});
