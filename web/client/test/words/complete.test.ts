import { expect, test } from "vitest";
import * as enFirst from "../../src/words/en";
import * as enPages from "../../src/words/enPages";
import * as zhFirst from "../../src/words/zh";
import * as zhPages from "../../src/words/zhPages";

const zh = { ...zhFirst, ...zhPages };
const en = { ...enFirst, ...enPages };
const HAN = /\p{Script=Han}/u;
// Written so wherever they stand: the mark, and a language by its own name.
const BOTH = ["SIMULATED 演示数据", "中文"];

type Leaf = [path: string, sentence: string];

function leaves(value: unknown, path: string): Leaf[] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value === "function") return [[path, said(value as (...values: unknown[]) => unknown)]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => leaves(one, path === "" ? key : `${path}.${key}`));
}

/** What a sentence with parameters says of some values. */
function said(sentence: (...values: unknown[]) => unknown): string {
  try {
    return String(sentence(...Array.from({ length: sentence.length }, (_, at) => at + 2)));
  } catch {
    return String(sentence("a", "b", "c"));
  }
}

test("both languages have the same sentences", () => {
  expect(leaves(en, "").map(([path]) => path).sort()).toEqual(leaves(zh, "").map(([path]) => path).sort());
});

test("no sentence is empty", () => {
  for (const [path, sentence] of [...leaves(zh, "zh"), ...leaves(en, "en")]) expect(sentence.trim(), path).not.toBe("");
});

test("no English sentence was left in Chinese", () => {
  const left = leaves(en, "").filter(([, sentence]) => HAN.test(sentence) && !BOTH.includes(sentence));
  expect(left).toEqual([]);
});

test("words of the house: none of those it does not use", () => {
  const never = /接诊|急诊|走速|听筒|[!！]/;
  expect(leaves(zh, "").filter(([, sentence]) => never.test(sentence))).toEqual([]);
});
