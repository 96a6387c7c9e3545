import { expect, test } from "vitest";
import { fileFault, sizeOf, withFiles } from "../../../src/pages/residents/ecgFiles";

const file = (name: string, size = 1000) => ({ name, size });

test("one file of any kind may go, and a WFDB record with its header", () => {
  expect(fileFault([file("a.dcm")])).toBeNull();
  expect(fileFault([file("100.hea"), file("100.dat"), file("100.atr")])).toBeNull();
  expect(fileFault([file("E07500.HEA"), file("E07500.mat")])).toBeNull();
});

test("what a WFDB record lacks is named", () => {
  expect(fileFault([])).toBe("none");
  expect(fileFault([file("100.hea")])).toBe("signal_missing");
  expect(fileFault([file("100.dat")])).toBe("signal_alone");
  expect(fileFault([file("100.dat"), file("100.atr")])).toBe("header_missing");
  expect(fileFault([file("100.hea"), file("101.hea"), file("100.dat")])).toBe("two_headers");
  expect(fileFault([file("a.dcm"), file("b.dcm")])).toBe("header_missing");
});

test("what the server would not take is said before it is sent", () => {
  expect(fileFault(Array.from({ length: 9 }, (_, at) => file(`${at}.dat`)))).toBe("too_many");
  expect(fileFault([file("a.edf", 33 * 2 ** 20)])).toBe("too_large");
  expect(fileFault([file("a.edf", 0)])).toBe("empty");
});

test("files are added to those that are chosen, and one of the same name takes its place", () => {
  const both = withFiles([file("a.hea"), file("a.dat", 1)], [file("a.dat", 2)]);
  expect(both.map((one) => [one.name, one.size])).toEqual([["a.hea", 1000], ["a.dat", 2]]);
});

test("a size is never nothing", () => {
  expect(sizeOf([file("a", 10)])).toEqual({ unit: "kB", value: "1" });
  expect(sizeOf([file("a", 3 * 2 ** 20), file("b", 2 ** 19)])).toEqual({ unit: "MB", value: "3.5" });
});
