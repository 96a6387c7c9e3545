import { expect, test } from "vitest";
import type { TapeAct } from "../../src/api/types";
import { chatAt, frozenAt, inPixels, markFrom, marksMadeOn, marksOf, namesOf, pointersAt, roomAt } from "../../src/tape/acts";
import { micros, readingAt, readingsOf } from "../../src/tape/clock";
import { playerActionFor } from "../../src/tape/keys";

const S = 1_000_000;
const act = (at_s: number, message: Record<string, unknown>): TapeAct => ({ at_us: at_s * S, message });
const room = (...names: string[]) => ({ type: "room_changed", room: { participants: names.map((name) => ({ id: `p-${name}`, person: { display_name: name } })) } });
const ACTS: TapeAct[] = [
  act(0, room("周敏")),
  act(1, room("周敏", "陈立")),
  act(2, { type: "pointer_moved", participant_id: "p-陈立", x: 0.1, y: 0.2 }),
  act(2.5, { type: "pointer_moved", participant_id: "p-陈立", x: 0.3, y: 0.4 }),
  act(3, { type: "pointer_moved", participant_id: "p-陈立", x: null, y: null }),
  act(4, { type: "frame_held", participant_id: "p-周敏", capture_us: 1 }),
  act(5, { type: "chat_said", line: { text: "看左室" } }),
  act(6, { type: "frame_held", participant_id: "p-周敏", capture_us: null }),
  act(9, { type: "pointer_moved", participant_id: "p-周敏", x: 0.5, y: 0.5 }),
  act(10, { type: "stroke_drawn", stroke: { id: "s1", participant_id: "p-陈立", shape: "arrow", points: [[0.1, 0.1], [0.2, 0.2]], capture_us: 107 * S } }),
  act(11, { type: "frame_held", participant_id: "p-陈立", capture_us: 107 * S }),
  act(12, { type: "frame_held", participant_id: "p-陈立", capture_us: null }),
];

test("each stroke, freeze and line of chat is a mark to jump to", () => {
  const marks = marksOf(ACTS, (capture_us) => capture_us - 100 * S);
  expect(marks.map((mark) => [mark.kind, mark.at_us / S])).toEqual([["drawing", 2], ["freeze", 4], ["chat", 5], ["drawing", 7.008], ["drawing", 9], ["freeze", 11]]);
  expect(markFrom(marks, "drawing", 2 * S, true)).toBe(7.008 * S);
  expect(markFrom(marks, "drawing", 7.008 * S, false)).toBe(2 * S);
  expect(markFrom(marks, "chat", 5 * S, true)).toBeNull();
  expect(marksOf(ACTS).at(-2)).toEqual({ at_us: 10 * S, kind: "drawing" }); // no clock known: when it was drawn
});

test("a drawing stands on the one frame it was made on, though browser and tape reckon its time apart", () => {
  for (const apart_us of [0, 1, -1, 1000, -8000, 8000]) expect(marksMadeOn(ACTS, 107 * S + apart_us).map((mark) => mark.id)).toEqual(["s1"]);
  for (const apart_us of [8001, -8001, 16_667, -33_333]) expect(marksMadeOn(ACTS, 107 * S + apart_us)).toEqual([]);
  expect(marksMadeOn(ACTS, null)).toEqual([]);
});

const mark = (id: string, capture_us: number) => ({ id, participant_id: "p-陈立", shape: "arrow", points: [[10, 20], [30, 40]], capture_us, text: "" });
const FREEZES: TapeAct[] = [
  act(1, { type: "picture_frozen", frozen: { capture_us: 101 * S, by: "p-周敏", still: null } }),
  act(1.4, { type: "picture_frozen", frozen: { capture_us: 101 * S + 40, by: "p-周敏", still: { still_id: "s" } } }),
  act(2, { type: "mark_drawn", mark: mark("m1", 101 * S) }),
  act(3, { type: "mark_drawn", mark: mark("m2", 101 * S) }),
  act(4, { type: "mark_undone", mark_id: "m2" }),
  act(5, { type: "picture_frozen", frozen: { capture_us: 101 * S - 33_333, by: "p-陈立", still: null } }),
  act(6, { type: "picture_frozen", frozen: null }),
  act(7, { type: "mark_passing", mark: mark("m3", 106.5 * S) }),
];

test("a room's freeze is one mark a frame, also when its exact still comes", () => {
  expect(marksOf(FREEZES).filter((one) => one.kind === "freeze").map((one) => one.at_us / S)).toEqual([1, 5]);
  expect([0.9, 1.2, 5, 6].map((at) => frozenAt(FREEZES, at * S))).toEqual([null, "p-周敏", "p-陈立", null]);
});

test("marks stand on their frame without those that were taken back", () => {
  expect(marksMadeOn(FREEZES, 101 * S).map((one) => one.id)).toEqual(["m1"]);
  expect(marksMadeOn(FREEZES, 106.5 * S).map((one) => one.id)).toEqual(["m3"]);
  expect(marksMadeOn(FREEZES, 101 * S - 33_333)).toEqual([]);
});

test("places of older tapes are shares of the picture", () => {
  const size = { width: 640, height: 480 };
  expect(inPixels(marksMadeOn(ACTS, 107 * S)[0]!, size).points).toEqual([[63.5, 47.5], [127.5, 95.5]]);
  expect(inPixels(marksMadeOn(FREEZES, 101 * S)[0]!, size).points).toEqual([[10, 20], [30, 40]]);
});

test("pointers stand where they stood, and go when they were taken away", () => {
  expect(pointersAt(ACTS, 1 * S)).toEqual([]);
  expect(pointersAt(ACTS, 2.6 * S)).toEqual([{ participant_id: "p-陈立", x: 0.3, y: 0.4 }]);
  expect(pointersAt(ACTS, 3 * S)).toEqual([]);
});

test("the room, its names, what was frozen and written are those of the moment", () => {
  expect(roomAt(ACTS, 0.5 * S)?.participants).toHaveLength(1);
  expect(roomAt(ACTS, 1 * S)?.participants).toHaveLength(2);
  expect(roomAt(ACTS, -1)?.participants).toHaveLength(1);
  expect([...namesOf(ACTS).values()]).toEqual(["周敏", "陈立"]);
  expect([3.9, 4, 6, 11, 12].map((at) => frozenAt(ACTS, at * S))).toEqual([null, "p-周敏", null, "p-陈立", null]);
  expect([4.9, 5].map((at) => chatAt(ACTS, at * S).length)).toEqual([0, 1]);
});

test("the station's clock is the one that was last told", () => {
  const clock = (at: number, offset_us: number) => act(at, { type: "station_clock", binding_id: "b", offset_us, uncertainty_us: 5 });
  const readings = readingsOf([clock(1, 10), act(2, { type: "station_clock", binding_id: "other", offset_us: 99, uncertainty_us: 1 }), clock(3, 20)], "b");
  expect([0, 1, 2.9, 3].map((at) => readingAt(readings, at * S)?.offset_us)).toEqual([10, 10, 10, 20]);
  expect(readingAt([], 1)).toBeNull();
});

test("a moment keeps its microseconds", () => {
  expect(micros("2026-11-26T22:00:00.123456Z")).toBe(Date.parse("2026-11-26T22:00:00Z") * 1000 + 123_456);
  expect(micros("2026-11-26T22:00:00Z")).toBe(Date.parse("2026-11-26T22:00:00Z") * 1000);
  expect(micros("2026-11-26T22:00:00.5+00:00") % 1_000_000).toBe(500_000);
  expect(micros("yesterday")).toBeNaN();
});

test("keys are told by their place and not while somebody types", () => {
  const press = { code: "KeyR", shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, isComposing: false, repeat: false, typing: false, key: "r", choosing: false };
  expect(playerActionFor(press)).toBe("waveOn");
  expect(playerActionFor({ ...press, shiftKey: true })).toBe("waveBack");
  expect(playerActionFor({ ...press, code: "ArrowLeft" })).toBe("frameBack");
  expect(playerActionFor({ ...press, typing: true })).toBeNull();
  expect(playerActionFor({ ...press, code: "ArrowLeft", choosing: true })).toBeNull();
  expect(playerActionFor({ ...press, isComposing: true })).toBeNull();
  expect(playerActionFor({ ...press, ctrlKey: true })).toBeNull();
});
