/// <reference types="node" />
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ecgFindings as en } from "../../src/words/en/ecgFindings";
import { filled } from "../../src/words/filled";
import { ecgFindings as zh } from "../../src/words/zh/ecgFindings";

/** Sentences as the printed report has them, read by the Python tests alike. */
const GOLDEN = new URL("../../../../tests/golden/words/ecg_findings.json", import.meta.url);

interface Golden {
  group: string;
  code: string;
  values: Record<string, string>;
  zh: string;
  en: string;
}

const golden = JSON.parse(readFileSync(GOLDEN, "utf8")) as Golden[];
const said = (words: object, one: Golden) =>
  filled((words as Record<string, Record<string, string>>)[one.group]?.[one.code] ?? "no sentence", one.values);

test("the screen says what the paper says", () => {
  expect(golden.length).toBeGreaterThanOrEqual(8);
  for (const one of golden) {
    expect(said(zh, one)).toBe(one.zh);
    expect(said(en, one)).toBe(one.en);
  }
});

test("a value that is missing is seen, and an unknown one does no harm", () => {
  expect(filled("QRS {value} ms", {})).toBe("QRS {value} ms");
  expect(filled("QRS {value} ms", { value: "96", more: "1" })).toBe("QRS 96 ms");
});

test("no conclusion says normal", () => {
  for (const sentence of Object.values(en.conclusions)) expect(sentence).not.toMatch(/normal|diagnos/i);
});
