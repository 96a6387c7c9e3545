import { expect, test } from "vitest";
import type { GuidingView, Movement, Toward } from "../src/api/types";
import { hintOf, isOpen, outcomeOf, spokenOf, tailOf, titleOf, toSpeak, wordOf } from "../src/guiding";

const view = (more: Partial<GuidingView> = {}): GuidingView => ({
  id: "g1", participant_id: "p1", guide_name: "陈立", word: wordOf("tilt", "head"), control: null, state: "asked",
  asked_at: "2026-11-23T10:41:24Z", changed_at: "2026-11-23T10:41:24Z", answered_by: "", reason: null, ...more,
});

test("a word says the movement and where, by the marker or the patient's body", () => {
  const said = ([movement, toward, hour]: [Movement, Toward?, number?]) => titleOf({ word: wordOf(movement, toward ?? null, hour ?? null), control: null });
  const words: [Movement, Toward?, number?][] = [["slide", "to_marker"], ["sweep", "patient_left"], ["rock", "from_marker"], ["tilt", "head"], ["rotate", "clockwise"], ["compress"], ["marker", "oclock", 10]];
  expect(words.map(said)).toEqual([
    "滑动 → 朝标记侧", "扫查 → 朝患者左侧", "摇摆 → 声束朝标记对侧", "倾斜 → 声束朝头侧", "旋转 → 顺时针", "加压", "探头标记指向 → 10 点钟",
  ]);
});

test("where the beam is aimed, the tail leans to the other side, and that is said", () => {
  expect(tailOf(wordOf("tilt", "head"))).toBe("feet");
  expect(tailOf(wordOf("rock", "to_marker"))).toBe("from_marker");
  expect(tailOf(wordOf("slide", "to_marker"))).toBeNull();
  expect(hintOf(view())).toContain("探头尾端倒向足侧");
});

test("a little is said as such, and what is spoken has no arrow", () => {
  const little = { ...view(), word: { ...wordOf("tilt", "head"), little: true } };
  expect(titleOf(little)).toBe("倾斜 → 声束朝头侧、少许");
  expect(spokenOf(little)).toBe("倾斜、声束朝头侧、少许");
});

test("a control is asked for by its name", () => {
  expect(titleOf({ word: null, control: "depth_less" })).toBe("深度减小");
});

test("an outcome names its reason", () => {
  expect(outcomeOf(view({ state: "cannot", reason: "pain" }))).toBe("做不到：患者疼痛");
  expect(outcomeOf(view({ state: "done" }))).toBe("完成");
});

test("what is not answered is open, also when it is late", () => {
  const states = ["asked", "seen", "done", "cannot", "unanswered", "replaced", "taken_back"] as const;
  expect(states.filter(isOpen)).toEqual(["asked", "seen", "unanswered"]);
});

test("each asking is spoken once, and once more when nobody answered", () => {
  const first = toSpeak(null, view());
  expect(first?.view.id).toBe("g1");
  expect(toSpeak(first!.key, view())).toBeNull();
  expect(toSpeak(first!.key, view({ state: "seen" }))).toBeNull();
  expect(toSpeak(first!.key, view({ state: "unanswered" }))).not.toBeNull();
  expect(toSpeak(first!.key, view({ id: "g2" }))).not.toBeNull();
  expect(toSpeak(null, null)).toBeNull();
});
