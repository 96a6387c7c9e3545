import { expect, test } from "vitest";
import type { Guiding, GuidingView, Movement, Toward } from "../src/api/types";
import { hintOf, isAtDevice, isOpen, keptOutcomeOf, outcomeOf, settingOf, spokenOf, tailOf, titleOf, toSpeak, wordOf } from "../src/guiding";

const view = (more: Partial<GuidingView> = {}): GuidingView => ({
  id: "g1", participant_id: "p1", guide_name: "陈立", word: wordOf("tilt", "head"), control: null, state: "asked",
  asked_at: "2026-11-23T10:41:24Z", changed_at: "2026-11-23T10:41:24Z", answered_by: "", reason: null, remote: null, at_device: false, reported: null, ...more,
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

const STANDS = { depth_mm: 150, gain_db: 3, mode: "mode_m", frozen: true } as const;
const turning = (more: Partial<GuidingView> = {}) => view({ word: null, control: "depth_less", at_device: true, ...more });

test("how a scanner stands is what it says, and nothing of what it does not", () => {
  expect(settingOf(STANDS)).toBe("深度 15.0 cm、增益 +3 dB、M 型、仪器已冻结");
  expect(settingOf({ depth_mm: null, gain_db: -1.5, mode: null, frozen: false })).toBe("增益 -1.5 dB");
  expect(settingOf({ depth_mm: null, gain_db: null, mode: null, frozen: null })).toBe("");
});

test("what the scanner itself did is told apart from what a hand did, with what it reports", () => {
  const reported = { depth_mm: 150, gain_db: null, mode: null, frozen: null };
  expect(outcomeOf(turning())).toBe("超声仪正在执行…");
  expect(outcomeOf(turning({ state: "done", reported }))).toBe("超声仪已执行：仪器回报 深度 15.0 cm");
  expect(outcomeOf(turning({ state: "cannot", reason: "device_refused", reported }))).toBe("超声仪未执行：当前状态不允许，或已到极限、仪器回报 深度 15.0 cm");
  expect(outcomeOf(turning({ state: "taken_back" }))).toBe("未执行：控制已收回，或指令到得太晚");
  expect(outcomeOf(turning({ state: "unanswered" }))).toContain("不知是否已执行");
  expect(outcomeOf(view({ state: "done" }))).toBe("完成");
});

test("only while it is asked is it the scanner's to answer, and then nothing is spoken", () => {
  expect(isAtDevice(turning())).toBe(true);
  expect([turning({ state: "unanswered" }), view()].map(isAtDevice)).toEqual([false, false]);
  expect(toSpeak(null, turning())).toBeNull();
  expect(toSpeak(null, turning({ state: "unanswered" }))).not.toBeNull();
});

test("what is kept says the same, and what a hand did after the scanner was silent is the hand's", () => {
  const step = (event: string, more: object = {}) => ({ event, at: "2026-11-23T10:41:25Z", by: null, reason: null, reported: null, ...more });
  const kept = (state: string, ...steps: object[]) => ({ state, at_device: true, steps }) as unknown as Guiding;
  expect(keptOutcomeOf(kept("cannot", step("cannot", { reason: "device_failed" })))).toBe("超声仪未执行：没有照做，或没有回应");
  expect(keptOutcomeOf(kept("done", step("time_out"), step("done")))).toBe("完成");
});

test("that it was allowed, or why it ended, is one sentence", () => {
  expect(titleOf({ control: null, remote: "allowed" })).toBe("允许专家调节超声仪");
  expect(titleOf({ control: null, remote: "touched" })).toContain("有人操作了仪器");
});
