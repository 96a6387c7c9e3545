// Print what the first load of the worklist weighs: the shell, and all that its modules import at once.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../static");
const MUST_KB = 80;
const AIM_KB = 60;

/** Files named in the shell, the worklist's chunk, one language, and whatever these import without waiting. */
function firstLoad() {
  const found = new Set(["index.html"]);
  const shell = readFileSync(join(root, "index.html"), "utf8");
  for (const [, path] of shell.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)) found.add(path);
  for (const path of [...found]) addNamed(path, found, /(?<=[/"'`])(?:Worklist|zh)-[\w-]+\.(?:js|css)/g);
  for (const path of found) addImports(path, found);
  return [...found];
}

function addNamed(path, found, pattern) {
  for (const [name] of readFileSync(join(root, path), "utf8").matchAll(pattern)) found.add(`assets/${name}`);
}

function addImports(path, found) {
  if (!path.endsWith(".js")) return;
  const text = readFileSync(join(root, path), "utf8");
  for (const [, name] of text.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) {
    if (existsSync(join(root, "assets", name))) found.add(`assets/${name}`);
  }
}

let total = 0;
for (const path of firstLoad().sort()) {
  const bytes = gzipSync(readFileSync(join(root, path)), { level: 9 }).length;
  total += bytes;
  console.log(`${(bytes / 1000).toFixed(1).padStart(7)} kB  ${path}`);
}
console.log(`${(total / 1000).toFixed(1).padStart(7)} kB  first load, gzipped (must ${MUST_KB}, aim ${AIM_KB})`);
if (total > MUST_KB * 1000) process.exitCode = 1;
