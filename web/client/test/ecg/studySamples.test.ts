import { describe, expect, test } from "vitest";
import { readStudySamples, NotSamples, uvOf } from "../../src/ecg/studySamples";
import { DIAGNOSTIC } from "../../src/ecg/filters";
import { StudyPage, studyLeads } from "../../src/ecg/studyPage";
import { Presence } from "../../src/ecg/cells";
import { ColumnKind, columnAt } from "../../src/ecg/columns";
import type { DeviceSpan } from "../../src/api/types";
import { answer, type Channel, RAW, span } from "./studies";

const MISSING_16 = -32768;
const MISSING_32 = -2147483648;

describe("samples of a study", () => {
  test("every channel keeps its own bits, step and zero", () => {
    const channels: Channel[] = [
      { name: "I", lead: "I", bits: 16, nv_per_step: 2500, zero: 0, values: [4, -4, MISSING_16] },
      { name: "ECG 2", lead: "", bits: 32, nv_per_step: 1000, zero: 100, values: [100_100, 100, MISSING_32] },
    ];
    const samples = readStudySamples(answer(channels));
    expect([0, 1, 2].map((at) => uvOf(samples, 0, at))).toEqual([10, -10, Number.NaN]);
    expect([0, 1, 2].map((at) => uvOf(samples, 1, at))).toEqual([100_000, 0, Number.NaN]);
  });

  test("a part is a part: what lies outside of it has no value", () => {
    const samples = readStudySamples(answer([{ name: "I", lead: "I", bits: 16, values: [1, 2] }], { first: 1000 }));
    expect([999, 1000, 1002].map((at) => uvOf(samples, 0, at))).toEqual([Number.NaN, 1, Number.NaN]);
  });

  test("the lowest number of 16 bits is a value in 32 bits", () => {
    const samples = readStudySamples(answer([{ name: "I", lead: "I", bits: 32, values: [MISSING_16] }]));
    expect(uvOf(samples, 0, 0)).toBe(-32768);
  });

  test("bytes that are cut off, too many, or no samples are refused, and never drawn in part", () => {
    const whole = answer([{ name: "I", lead: "I", bits: 16, values: [1, 2, 3] }]);
    for (const length of [0, 3, 10, whole.byteLength - 4]) expect(() => readStudySamples(whole.slice(0, length))).toThrow(NotSamples);
    const longer = new Uint8Array(whole.byteLength + 4);
    longer.set(new Uint8Array(whole));
    expect(() => readStudySamples(longer.buffer)).toThrow(NotSamples);
    expect(() => readStudySamples(new TextEncoder().encode("\x08\0\0\0not json").buffer as ArrayBuffer)).toThrow(NotSamples);
    expect(() => readStudySamples(answer([{ name: "I", lead: "I", bits: 12, values: [] }]))).toThrow(NotSamples);
  });
});

describe("which channels are drawn", () => {
  test("a standard lead by its name, any other by its own; no two have the same", () => {
    const samples = readStudySamples(answer(["I", "", "I"].map((lead, at) => ({ name: `ch${at}`, lead, bits: 16, values: [0] }))));
    expect(studyLeads(samples).map((one) => one.name)).toEqual(["I", "ch1", "ch2"]);
  });
});

describe("a page of a study", () => {
  const page = (values: number[][], breaks: number[] = [], filters = RAW, spans: DeviceSpan[] = []) => {
    const samples = readStudySamples(answer(values.map((row, at) => ({ name: ["I", "II"][at]!, lead: ["I", "II"][at]!, bits: 16, values: row }))));
    return new StudyPage(samples, studyLeads(samples), filters, 0, values[0]!.length, new Set(breaks), spans);
  };

  test("what the device called unusable is hatched in that lead alone, to the sample", () => {
    const level = Array<number>(6).fill(5);
    const shown = page([level, level], [], RAW, [span(2, 2, { unusable: ["II"] })]);
    const kinds = [0, 1].map((lead) => [1, 2, 3, 4].map((at) => columnAt(shown, lead, at, 1, 6)?.kind));
    const [trace, unusable] = [ColumnKind.Trace, ColumnKind.Unusable];
    expect(kinds).toEqual([[trace, trace, trace, trace], [trace, unusable, unusable, trace]]);
  });

  test("where no lead has a value there is a gap, where one lacks it only that one is hatched", () => {
    const shown = page([[1, MISSING_16, MISSING_16], [1, 2, MISSING_16]]);
    expect([0, 1, 2].map((at) => shown.presenceOf(at))).toEqual([Presence.Present, Presence.Present, Presence.Absent]);
    expect([0, 1].map((lead) => columnAt(shown, lead, 1, 1, 3)?.kind)).toEqual([ColumnKind.NotTaken, ColumnKind.Trace]);
    expect(columnAt(shown, 1, 2, 1, 3)?.kind).toBe(ColumnKind.Gap);
    expect(shown.missing).toBe(2);
  });

  test("no line joins the two sides of a break", () => {
    const shown = page([[0, 0, 900, 900]], [2]);
    expect([1, 2].map((at) => columnAt(shown, 0, at, 1, 4)?.joined)).toEqual([true, false]);
  });

  test("raw is raw, and the diagnostic filter takes away a level that stands for ever", () => {
    const level = [Array<number>(100).fill(500)];
    expect(page(level).uv(0, 50)).toBe(500);
    expect(Math.abs(page(level, [], DIAGNOSTIC).uv(0, 50))).toBeLessThan(1);
  });

  test("nothing is shown beyond its end", () => {
    expect(page([[1, 2]]).uv(0, 2)).toBeNaN();
  });
});
