/** Speaks a sentence with the browser's own voice, in one language or not at all. */

import type { Language } from "../../api/types";

const TAG: Record<Language, string> = { zh: "zh-CN", en: "en-US" };

/** The voice to speak a language with: a local one first; `null`: none speaks it, and another would only make noise. */
export function voiceFor(language: Language, voices: readonly SpeechSynthesisVoice[]): SpeechSynthesisVoice | null {
  const speaks = voices.filter((one) => one.lang.toLowerCase().replace("_", "-").split("-")[0] === language);
  const own = speaks.filter((one) => one.localService);
  const exact = (one: SpeechSynthesisVoice) => one.lang.replace("_", "-") === TAG[language];
  return own.find(exact) ?? own[0] ?? speaks.find(exact) ?? speaks[0] ?? null;
}

/** Whether this browser can speak the language at all. */
export function speaks(language: Language): boolean {
  return "speechSynthesis" in globalThis && voiceFor(language, speechSynthesis.getVoices()) !== null;
}

/** Say it now; what was being said before is broken off. False: there is no voice for the language. */
export function speak(sentence: string, language: Language): boolean {
  if (!("speechSynthesis" in globalThis)) return false;
  const voice = voiceFor(language, speechSynthesis.getVoices());
  hush();
  if (voice === null) return false;
  const said = new SpeechSynthesisUtterance(sentence);
  said.lang = voice.lang;
  said.voice = voice;
  said.rate = 0.95;
  speechSynthesis.speak(said);
  return true;
}

/** Say nothing more. */
export function hush(): void {
  if ("speechSynthesis" in globalThis) speechSynthesis.cancel();
}

/** Be told when the browser has found its voices, which it does late; returns the way to stop. */
export function onVoices(found: () => void): () => void {
  if (!("speechSynthesis" in globalThis)) return () => undefined;
  speechSynthesis.addEventListener("voiceschanged", found);
  return () => speechSynthesis.removeEventListener("voiceschanged", found);
}
