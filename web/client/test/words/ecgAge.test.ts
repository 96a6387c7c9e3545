import { expect, test } from "vitest";
import { ecgAgeAt, ecgAgeNow } from "../../src/words/ecgAge";

const ASKED = "2026-11-23T10:46:00Z";
const before = (minutes: number) => new Date(Date.parse(ASKED) - minutes * 60_000).toISOString();

test("how old an ECG was at the request is said in minutes, hours, days", () => {
  expect(ecgAgeAt(before(25), ASKED)?.words).toBe("申请前 25 分钟采集");
  expect(ecgAgeAt(before(3 * 60), ASKED)?.words).toBe("申请前 3 小时采集");
  expect(ecgAgeAt(before(72 * 60), ASKED)?.words).toBe("非近期：申请前 3 天采集");
});

test("it is emphasised when it was older than 24 hours, and not before", () => {
  expect(ecgAgeAt(before(24 * 60), ASKED)).toEqual({ words: "申请前 24 小时采集", old: false });
  expect(ecgAgeAt(before(24 * 60 + 1), ASKED)).toEqual({ words: "非近期：申请前 24 小时采集", old: true });
});

test("nothing is said of an ECG that was taken after the request, or whose time is not known", () => {
  expect(ecgAgeAt(before(-1), ASKED)).toBeNull();
  expect(ecgAgeAt(undefined, ASKED)).toBeNull();
  expect(ecgAgeAt(before(5), null)).toBeNull();
});

test("the asker is told before she sends it", () => {
  expect(ecgAgeNow(before(72 * 60), new Date(ASKED))?.old).toBe(true);
  expect(ecgAgeNow(before(5), new Date(ASKED))?.words).toBe("随申请发送的心电图：5 分钟前采集");
});
