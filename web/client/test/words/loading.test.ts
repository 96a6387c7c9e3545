import { beforeEach, expect, test, vi } from "vitest";

beforeEach(() => vi.resetModules());

async function fresh() {
  const { language, w } = await import("../../src/words/index.svelte");
  await language.ready();
  return { language, w };
}

test("whoever asks for the pages' words while they come waits for them too", async () => {
  const { language, w } = await fresh();
  void language.pages();
  await language.pages();
  expect(w.reading).toBeDefined();
});

test("a switch of language while they come leaves no page without words", async () => {
  const { language, w } = await fresh();
  const pages = language.pages();
  void language.set(language.current === "zh" ? "en" : "zh");
  await pages;
  expect(w.reading).toBeDefined();
});
