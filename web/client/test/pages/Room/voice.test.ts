import { expect, test } from "vitest";
import { voiceFor } from "../../../src/pages/Room/voice";

const voice = (lang: string, localService = true) => ({ lang, localService, name: lang, default: false, voiceURI: lang }) as SpeechSynthesisVoice;

test("Chinese is spoken by a Chinese voice, of the machine's own before one over the network", () => {
  const voices = [voice("en-US"), voice("zh-CN", false), voice("zh-TW")];
  expect(voiceFor("zh", voices)?.lang).toBe("zh-TW");
  expect(voiceFor("zh", [...voices, voice("zh_CN")])?.lang).toBe("zh_CN");
  expect(voiceFor("zh", voices.slice(0, 2))?.lang).toBe("zh-CN");
});

test("without a voice for the language nothing is spoken", () => {
  expect(voiceFor("zh", [voice("en-US"), voice("de-DE")])).toBeNull();
  expect(voiceFor("en", [])).toBeNull();
});
