/**
 * Every sentence a person reads. `w.worklist.title` follows the language switch by itself.
 *
 * Chinese is written first; the type of the English dictionary is that of the Chinese one, so a missing
 * sentence is an error of the compiler, and the build checks it. Only the language shown is loaded, and of it
 * first what the first pages say.
 */

import type { Language } from "../api/types";
import type * as zh from "./zh";
import type * as zhPages from "./zhPages";

export type Words = typeof zh & typeof zhPages;
type Namespace = keyof Words;

const KEPT_AS = "cloud-clinic.language";
const FIRST: Record<Language, () => Promise<typeof zh>> = { zh: () => import("./zh"), en: () => import("./en") };
const PAGES: Record<Language, () => Promise<typeof zhPages>> = { zh: () => import("./zhPages"), en: () => import("./enPages") };

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
  words = $state.raw<Partial<Words>>({});
  private wanted = this.current;
  private all_pages = false;
  private loading_pages: Promise<void> | null = null;

  /** Load what the first pages say; before this there is nothing to show. */
  async ready(): Promise<void> {
    this.words = await this.load(this.current);
    this.mark();
  }

  /** Load what all pages say, once; whoever asks meanwhile waits for it too. */
  pages(): Promise<void> {
    this.loading_pages ??= this.loadPages();
    return this.loading_pages;
  }

  private async loadPages(): Promise<void> {
    this.all_pages = true;
    try {
      let loaded: Language;
      do {
        loaded = this.wanted;
        await this.set(loaded);
      } while (this.wanted !== loaded); // switched meanwhile: nothing was shown of the one before
    } catch (fault) {
      this.all_pages = false;
      this.loading_pages = null;
      throw fault;
    }
  }

  /** Show everything in this language from now on, and at the next visit. */
  async set(language: Language): Promise<void> {
    this.wanted = language;
    const words = await this.load(language);
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

  private async load(language: Language): Promise<Partial<Words>> {
    const first = FIRST[language]();
    return this.all_pages ? { ...(await first), ...(await PAGES[language]()) } : { ...(await first) };
  }

  /** Han shapes and screen readers follow `lang`. */
  private mark(): void {
    if (typeof document !== "undefined") document.documentElement.lang = this.current === "zh" ? "zh-CN" : "en";
  }
}

export const language = new LanguageSwitch();

/** The sentences of the current language; read inside a template or an effect it is reactive. */
export const w = new Proxy({} as Words, {
  get: (_target, name) => language.words[name as Namespace],
});

/** The name of something that is stored in both languages. */
export function named(thing: { name_zh: string; name_en: string } | undefined): string {
  if (thing === undefined) return "–";
  return (language.current === "zh" ? thing.name_zh : thing.name_en) || thing.name_zh || thing.name_en;
}

/** A person's professional title in the language shown, as far as it is a usual one; otherwise as it was typed. */
export function rankOf(title: string): string {
  return w.common.ranks[title] ?? title;
}

/** The name of the institution of a person or a station. */
export function institutionOf(card: { institution_name_zh: string; institution_name_en: string }): string {
  return named({ name_zh: card.institution_name_zh, name_en: card.institution_name_en });
}
