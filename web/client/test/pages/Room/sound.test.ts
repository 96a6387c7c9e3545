import { beforeEach, expect, it, vi } from "vitest";
import type { RoomMedia } from "../../../src/pages/Room/media.svelte";

const wire = vi.hoisted(() => ({ sent: [] as boolean[], answers: [] as ((refused: Error | null) => void)[] }));
vi.mock("../../../src/api/events", () => ({
  socket: {
    command: ({ on }: { on: boolean }) => {
      wire.sent.push(on);
      return new Promise((resolve, reject) => wire.answers.push((refused) => (refused === null ? resolve("id") : reject(refused))));
    },
  },
}));
const { RoomSound } = await import("../../../src/pages/Room/sound.svelte");

let microphone: { stopped: boolean; readyState: string; stop: () => void; onended?: () => void };
let used: unknown[];
let sound: InstanceType<typeof RoomSound>;

beforeEach(() => {
  Object.assign(wire, { sent: [], answers: [] });
  microphone = { stopped: false, readyState: "live", stop: () => (microphone.stopped = true) };
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia: () => Promise.resolve({ getAudioTracks: () => [microphone] }) } });
  used = [];
  const media = { hush: () => undefined, useMicrophone: (track: unknown) => void used.push(track) };
  sound = new RoomSound("c", media as unknown as RoomMedia);
});

async function begun(refused: Error | null = null): Promise<boolean> {
  const beginning = sound.begin("stethoscope");
  await vi.waitFor(() => expect(wire.answers).toHaveLength(1));
  wire.answers[0]!(refused);
  return beginning;
}

it("begins when the room has granted it, whichever of its words comes first", async () => {
  const beginning = sound.begin("stethoscope");
  await vi.waitFor(() => expect(wire.sent).toEqual([true]));
  sound.claim.keepTo(true);
  expect([sound.on, used]).toEqual([false, []]);
  wire.answers[0]!(null);
  expect(await beginning).toBe(true);
  sound.claim.keepTo(true);
  expect([sound.on, used, wire.sent]).toEqual([true, [microphone], [true]]);
});

it("lets the microphone go when it is refused, and says why", async () => {
  const taken = new Error("auscultation_taken");
  expect(await begun(taken)).toBe(false);
  expect([sound.on, sound.fault, microphone.stopped, used]).toEqual([false, taken, true, []]);
});

it("ends here at once, and takes back in the room what was not heard there", async () => {
  await begun();
  sound.claim.keepTo(true);
  const ending = sound.end();
  expect([sound.on, used.at(-1)]).toEqual([false, null]);
  wire.answers[1]!(new Error("rate_limited"));
  await ending;
  sound.claim.keepTo(true); // the room still says so
  expect(wire.sent).toEqual([true, false, false]);
  sound.claim.keepTo(false);
  expect(wire.sent).toHaveLength(3);
});

it("takes back what the room says and this page does not", async () => {
  expect(await begun(new Error("no answer"))).toBe(false);
  sound.claim.keepTo(true);
  expect(wire.sent).toEqual([true, false]);
});

it("ends when the microphone was muted, or pulled out", async () => {
  await begun();
  sound.claim.keepTo(true);
  sound.claim.keepTo(false);
  expect([sound.on, used.at(-1), wire.sent]).toEqual([false, null, [true]]);
  wire.answers.length = 0;
  await begun();
  microphone.onended!();
  expect([sound.on, wire.sent]).toEqual([false, [true, true, false]]);
});

it("that was pulled out while the room was asked begins nothing", async () => {
  const beginning = sound.begin("stethoscope");
  await vi.waitFor(() => expect(wire.answers).toHaveLength(1));
  sound.claim.keepTo(true);
  microphone.readyState = "ended";
  wire.answers[0]!(null);
  await vi.waitFor(() => expect(wire.answers).toHaveLength(2));
  wire.answers[1]!(null);
  expect([await beginning, sound.on, sound.device_fault, used, wire.sent]).toEqual([false, false, "none_found", [], [true, false]]);
});

it("ends when this page is out of the room, and tells nobody", async () => {
  await begun();
  sound.claim.keepTo(true);
  sound.claim.left();
  expect([sound.on, used.at(-1), wire.sent]).toEqual([false, null, [true]]);
});
