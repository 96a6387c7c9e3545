import { language } from "../src/words/index.svelte";

await language.set("zh");
await language.pages();
