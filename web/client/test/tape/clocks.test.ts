import { expect, test } from "vitest";
import type { TapeAct } from "../../src/api/types";
import { TapeClocks } from "../../src/tape/clocks";

const S = 1_000_000;
const HOURS_US = 5 * 3600 * S;
const STATION_AHEAD_US = 250_000;
const act = (at_s: number, message: Record<string, unknown>): TapeAct => ({ at_us: at_s * S, message });
const seat = (id: string, role: string, publishes: string[], door: string | null = null) => ({ id, person: { role, display_name: id }, publishes, door, connected: true });
const STATION = seat("station", "station", ["ultrasound", "ecg"]);
const room = (...participants: unknown[]) => ({ type: "room_changed", room: { participants } });
const changed = (one_clock: boolean) => ({ type: "station_changed", station: { id: "s1", one_clock } });
const BEGUN: TapeAct[] = [
  act(0, room(STATION)),
  act(0, { type: "binding_began", binding_id: "b", station_id: "s1" }),
  act(0, { type: "station_clock", binding_id: "b", offset_us: STATION_AHEAD_US, uncertainty_us: 1500 }),
];
const CARD: TapeAct[] = [
  ...BEGUN,
  act(10, room(seat("station", "station", ["ecg"]), seat("zhou", "community_doctor", ["face", "ultrasound"]))),
  act(11, { type: "publisher_clock", participant_id: "zhou", offset_us: HOURS_US, uncertainty_us: 2500 }),
];
const of = (participant_id: string, capture_us: number | null) => ({ participant_id, capture_us });

test("the station's picture and its ECG are of one clock, and of one instant", () => {
  const clocks = new TapeClocks(BEGUN, "b");
  const picture = of("station", 7 * S);
  expect(clocks.alignment(picture, 8 * S)).toEqual({ kind: "one_clock" });
  expect(clocks.stationTime(picture, 8 * S)).toBe(7 * S);
  expect(clocks.stationTime(null, 8 * S)).toBe(8 * S + STATION_AHEAD_US);
});

test("a capture card's picture carries the error of both clocks, as it did in the room", () => {
  const clocks = new TapeClocks(CARD, "b");
  const picture = of("zhou", 12 * S + HOURS_US);
  expect(clocks.alignment(picture, 12.1 * S)).toEqual({ kind: "two_clocks", bound_ms: 4 });
  expect(clocks.stationTime(picture, 12.1 * S)).toBe(12 * S + STATION_AHEAD_US);
});

test("a capture card whose clock was never told, or without a station's, is not aligned", () => {
  const picture = of("zhou", 12 * S + HOURS_US);
  const untold = new TapeClocks(CARD.slice(0, -1), "b");
  expect(untold.alignment(picture, 12 * S)).toEqual({ kind: "not_aligned" });
  expect(untold.stationTime(picture, 12 * S)).toBe(12 * S + STATION_AHEAD_US); // about this moment, not the picture's
  const alone = new TapeClocks(CARD, "another");
  expect(alone.alignment(picture, 12 * S)).toEqual({ kind: "not_aligned" });
  expect(alone.stationTime(picture, 12 * S)).toBeNull();
});

test("what came by a standard door, or from nobody the tape knows, is never aligned", () => {
  const device = seat("device", "station", ["ultrasound"], "ultrasound");
  const clocks = new TapeClocks([...BEGUN, act(10, room(STATION, device))], "b");
  for (const who of ["device", "stranger"]) expect(clocks.alignment(of(who, 11 * S), 12 * S)).toEqual({ kind: "not_aligned" });
});

test("a station whose picture is stamped by another clock, or not at all, is not aligned", () => {
  const clocks = new TapeClocks([...BEGUN, act(1, changed(true)), act(20, changed(false))], "b");
  expect([2, 21].map((at) => clocks.alignment(of("station", at * S), at * S).kind)).toEqual(["one_clock", "not_aligned"]);
  expect(clocks.alignment(of("station", null), 2 * S).kind).toBe("not_aligned");
});

test("a drawing stands by the clock of the picture it was made on", () => {
  expect(new TapeClocks(CARD, "b").placeOf(3 * S + STATION_AHEAD_US, 4 * S)).toBe(3 * S);
  expect(new TapeClocks(CARD, "b").placeOf(12 * S + HOURS_US, 13 * S)).toBe(12 * S);
  const device = seat("device", "station", ["ultrasound"], "ultrasound");
  expect(new TapeClocks([...BEGUN, act(10, room(STATION, device))], "b").placeOf(12 * S, 13 * S)).toBeNull();
});
