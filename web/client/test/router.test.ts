import { expect, test } from "vitest";
import { match } from "../src/router.svelte";
import { routes } from "../src/routes";

test("a pattern finds the parts it names", () => {
  expect(match("/consults/:id/room", "/consults/c1/room")).toEqual({ id: "c1" });
  expect(match("/consults/:id", "/consults/c1/room")).toBeNull();
  expect(match("/consults/:id", "/consults/")).toBeNull();
});

test("an address that names no valid text fits nothing", () => {
  expect(match("/consults/:id", "/consults/%E0%A4%A")).toBeNull();
});

test("each address fits one page first", () => {
  const first = (path: string) => routes.find((route) => match(route.path, path) !== null)?.path;
  expect(first("/residents/new")).toBe("/residents/new");
  expect(first("/residents/r1")).toBe("/residents/:id");
  expect(first("/")).toBe("/");
});
