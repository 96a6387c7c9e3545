/**
 * Every sentence a person reads. `w.worklist.title` follows the language switch by itself.
 *
 * Chinese is written first; the type of the English dictionary is that of the Chinese one, so a missing
 * sentence is an error of the compiler, and the build checks it. Only the language shown is loaded.
 */

import type { Language } from "../api/types";
import type * as zh from "./zh";

export type Words = typeof zh;
type Namespace = keyof Words;

const KEPT_AS = "cloud-clinic.language";
const LOADERS: Record<Language, () => Promise<Words>> = {
  zh: () => import("./zh"),
  en: () => import("./en"),
};

function firstLanguage(): Language {
  const kept = readKept();
  if (kept === "zh" || kept === "en") return kept;
  const wanted = typeof navigator === "undefined" ? "zh" : navigator.language;
  return wanted.toLowerCase().startsWith("zh") ? "zh" : "en";
}

function readKept(): string | null {
  try {
    return localStorage.getItem(KEPT_AS);
  } catch {
    return null; // storage may be forbidden; the page works without it
  }
}

class LanguageSwitch {
  current = $state<Language>(firstLanguage());
  words = $state.raw<Words | null>(null);
  private wanted = this.current;

  /** Load the sentences of the first language; before this there is nothing to show. */
  async ready(): Promise<void> {
    this.words = await LOADERS[this.current]();
    this.mark();
  }

  /** Show everything in this language from now on, and at the next visit. */
  async set(language: Language): Promise<void> {
    this.wanted = language;
    const words = await LOADERS[language]();
    if (this.wanted !== language) return; // switched again meanwhile
    this.words = words;
    this.current = language;
    this.mark();
    try {
      localStorage.setItem(KEPT_AS, language);
    } catch {
      // forbidden storage: the choice lasts as long as the page
    }
  }

  /** Han shapes and screen readers follow `lang`. */
  private mark(): void {
    if (typeof document !== "undefined") document.documentElement.lang = this.current === "zh" ? "zh-CN" : "en";
  }
}

export const language = new LanguageSwitch();

/** The sentences of the current language; read inside a template or an effect it is reactive. */
export const w = new Proxy({} as Words, {
  get: (_target, name) => language.words?.[name as Namespace],
});

/** The name of something that is stored in both languages. */
export function named(thing: { name_zh: string; name_en: string } | undefined): string {
  if (thing === undefined) return "–";
  return (language.current === "zh" ? thing.name_zh : thing.name_en) || thing.name_zh || thing.name_en;
}

/** The name of the institution of a person or a station. */
export function institutionOf(card: { institution_name_zh: string; institution_name_en: string }): string {
  return named({ name_zh: card.institution_name_zh, name_en: card.institution_name_en });
}
