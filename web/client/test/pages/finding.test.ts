import { expect, test } from "vitest";
import type { ConsultCard } from "../../src/api/types";
import { Finding } from "../../src/pages/worklist/finding.svelte";

const card = {
  resident: { name: "王秀英", name_initials: "wxy", record_number: "310104000123" },
  question: "胸闷 3 小时",
  number: "C-20261124-007",
  asked_by: { display_name: "周敏", institution_id: "i1" },
  specialty: "cardiology",
} as unknown as ConsultCard;

test.each([["wxy", true], ["WX", true], ["xy", false], ["秀英", true], ["0123", true], ["胸闷", true], ["周敏", true], ["", true], ["zzz", false]])(
  "%s finds by name, initials, numbers, question and asker: %s",
  (word, found) => {
    const finding = new Finding();
    finding.text = word;
    expect(finding.fits(card)).toBe(found);
  },
);

test("a list may be kept to one specialty", () => {
  const finding = new Finding();
  finding.specialty = "ultrasound";
  expect(finding.fits(card)).toBe(false);
});
