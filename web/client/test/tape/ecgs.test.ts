import { expect, test, vi } from "vitest";
import type { EcgRecording, TapeAct, TapeEcg } from "../../src/api/types";
import { bindingsOf } from "../../src/tape/bindings";
import { isSame } from "../../src/tape/ecg";
import { TapeEcgs } from "../../src/tape/ecgs";

const S = 1_000_000;
const BEGUN = Date.parse("2026-11-26T22:00:00Z") * 1000;
const RATE_HZ = 500;
/** The clock of the first station is 3 s ahead of the server's, that of the second 10 min behind. */
const AHEAD_US = { a: 3 * S, b: -600 * S };
const act = (at_s: number, message: Record<string, unknown>): TapeAct => ({ at_us: BEGUN + at_s * S, message });
const room = (...stations: string[]) => ({ type: "room_changed", room: { participants: stations.map((id) => ({ id: `p-${id}`, person: { id, role: "station" } })) } });
const began = (at_s: number, binding_id: string, station_id = `station of ${binding_id}`) => act(at_s, { type: "binding_began", binding_id, station_id });
const ended = (at_s: number, binding_id: string) => act(at_s, { type: "binding_ended", binding_id });
const clock = (at_s: number, binding_id: "a" | "b") => act(at_s, { type: "station_clock", binding_id, offset_us: AHEAD_US[binding_id], uncertainty_us: 1000 });
const ACTS: TapeAct[] = [act(0, room("station of a")), began(0, "a"), clock(0, "a"), ended(20, "a"), act(20, room()), began(30, "b"), act(30, room("station of b")), clock(30, "b")];

/** A recording that began with its binding, by its own station's clock; its waves are 1 s apart, from 0.5 s on. */
function ecg(binding_id: "a" | "b", began_s: number, length_s: number): TapeEcg {
  const started_at = new Date((BEGUN + began_s * S + AHEAD_US[binding_id]) / 1000).toISOString();
  return { binding_id, recording: { id: `ecg of ${binding_id}`, started_at, rate_hz: RATE_HZ, nv_per_lsb: 2500, leads: ["II"], sample_count: length_s * RATE_HZ } as unknown as EcgRecording };
}
const A = ecg("a", 0, 40); // it went on for another resident after it was released here
const B = ecg("b", 30, 40);

vi.mock("../../src/ecg/recording", () => ({
  readRecording: ({ first, count }: { first: number; count: number }) => ({
    lead_count: 1,
    count,
    samples: Int16Array.from({ length: count }, (_, i) => ((first + i) % 500 === 250 ? 400 : (first + i) % 500 === 251 ? 200 : 0)),
  }),
}));
function bytes(path: string): Promise<ArrayBuffer> {
  const [, first, count] = /first=(\d+)&count=(\d+)/.exec(path)!;
  return Promise.resolve({ first: Number(first), count: Number(count) } as unknown as ArrayBuffer);
}
const at = (s: number) => BEGUN + s * S;
const idAt = (ecgs: TapeEcgs, s: number) => ecgs.trackAt(at(s))?.recording.id ?? null;

test("each moment has the ECG that was bound then, by that station's own clock", () => {
  const ecgs = new TapeEcgs(ACTS, [A, B], bytes);
  expect([-0.1, 0, 19.9, 20, 25, 29.9, 30, 60].map((s) => idAt(ecgs, s))).toEqual(["ecg of a", "ecg of a", "ecg of a", null, null, null, "ecg of b", "ecg of b"]);
  expect([10, 25, 40].map((s) => ecgs.sampleAt(null, at(s)))).toEqual([10 * RATE_HZ, null, 10 * RATE_HZ]);
  const picture = { participant_id: "p-station of b", capture_us: at(39.5) + AHEAD_US.b };
  expect(ecgs.sampleAt(picture, at(40))).toBe(9.5 * RATE_HZ);
});

test("an ECG that is no longer this resident's is shown nowhere, and no other in its place", () => {
  const ecgs = new TapeEcgs(ACTS, [B], bytes);
  expect([10, 40].map((s) => idAt(ecgs, s))).toEqual([null, "ecg of b"]);
  expect(ecgs.piecesAround(null, at(10), 5)).toEqual([]);
});

test("around a break both ECGs are there, each only for as long as it was bound", () => {
  const ecgs = new TapeEcgs(ACTS, [A, B], bytes);
  const around = (s: number) => ecgs.piecesAround(null, at(s), 6).map(({ track, middle, from, until }) => [track.recording.id, middle, from, until]);
  const a = (middle: number) => ["ecg of a", middle * RATE_HZ, -Infinity, 20 * RATE_HZ];
  const b = (middle: number) => ["ecg of b", middle * RATE_HZ, 0, Infinity];
  expect(around(10)).toEqual([a(10)]);
  expect(around(18)).toEqual([a(18)]);
  expect(around(25)).toEqual([a(25), b(-5)]);
  expect(around(31)).toEqual([b(1)]);
});

test("the paper is drawn anew for another instant, and not for the same picture a moment later", () => {
  const ecgs = new TapeEcgs(ACTS, [A, B], bytes);
  const of = (capture_s: number, s: number) => ecgs.piecesAround({ participant_id: "p-station of a", capture_us: at(capture_s) + AHEAD_US.a }, at(s), 6);
  expect([isSame(of(18, 18), of(18, 18.03)), isSame(of(18, 18.03), of(18.02, 18.03)), isSame(of(18, 18), [])]).toEqual([true, false, false]);
});

test("R waves are gone through from one binding's ECG to the next, and none is met that was taken after the release", async () => {
  const ecgs = new TapeEcgs(ACTS, [A, B], bytes);
  const walk = async (from_s: number, forward: boolean, count: number) => {
    const seen: number[] = [];
    let [at_us, sample] = [at(from_s), ecgs.sampleAt(null, at(from_s))];
    for (let n = 0; n < count; n++) {
      const wave = await ecgs.rWave(at_us, sample, forward);
      if (wave === null) break;
      seen.push((wave.at_us - BEGUN) / S);
      [at_us, sample] = [wave.at_us, wave.sample];
    }
    return seen;
  };
  expect(await walk(18, true, 4)).toEqual([18.5, 19.5, 30.5, 31.5]);
  expect(await walk(25, true, 1)).toEqual([30.5]);
  expect(await walk(32, false, 4)).toEqual([31.5, 30.5, 19.5, 18.5]);
  expect((await walk(68, true, 9)).at(-1)).toBe(69.5);
});

test("a binding that is told of again goes on; another ends the one before, also when its end was lost", () => {
  const told = [act(0, room("s")), began(0, "a", "s"), began(5, "a", "s"), began(9, "b", "s")];
  expect(bindingsOf(told).map((one) => [one.binding_id, one.from_us, one.until_us])).toEqual([["a", -Infinity, at(9)], ["b", at(9), Infinity]]);
  expect(bindingsOf([act(0, room()), began(4, "a"), act(4, room("station of a"))]).map((one) => one.from_us)).toEqual([at(4)]); // bound while the tape ran
});
