import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const OUT = "../static";
const SHELL =
  /node_modules\/svelte\/|src\/(api|words\/(index|format|age|refusal))|src\/\w+(\.svelte)?\.ts$|src\/ui\/(Head|Button|Dialog|Fault|Field|Icon|LanguageSwitch|Notice|SimulatedMark|StateMark|UrgencyMark|Wait|Tabs|LineLost|RingStrip|CriticalEcgStrip|Toasts|PresenceSwitch|Presence|ConnectionStatus|AllergyPlate|Readings|Countdown|toasts|attempt)\b/;

/** The server hands out a `.gz` beside a file as it is; compressing once here spares it the work. */
function gzipSiblings(): Plugin {
  return {
    name: "gzip-siblings",
    apply: "build",
    closeBundle() {
      for (const entry of readdirSync(OUT, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !/\.(html|js|css|svg|json)$/.test(entry.name)) continue;
        const path = join(entry.parentPath, entry.name);
        writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
      }
    },
  };
}

/** A station's set-up page is built by itself: the shell would begin the clinic's pages on it. */
const SETUP = "setup";

export default defineConfig(({ mode }) => ({
  plugins: [svelte(), gzipSiblings()],
  build: {
    outDir: OUT,
    emptyOutDir: mode !== SETUP,
    target: "chrome109",
    // No data: addresses, so that the content security policy can forbid them for scripts and workers.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What every first page needs is one file: thirty small ones each compress worse and each cost a request.
    rollupOptions:
      mode === SETUP ? { input: "setup.html" } : { output: { codeSplitting: { groups: [{ name: "shell", test: SHELL }] } } },
  },
  worker: { format: "es" },
  resolve: process.env["VITEST"] ? { conditions: ["browser"] } : {},
  test: { include: ["test/**/*.test.ts"], setupFiles: ["test/words.setup.ts"], testTimeout: 10_000 },
}));
