import { beforeEach, expect, it, vi } from "vitest";
import type { RoomMedia } from "../../../src/pages/Room/media.svelte";
import type { MaskOutside } from "../../../src/ultrasound/maskedTrack";

const wire = vi.hoisted(() => ({ sent: [] as boolean[], told: [] as string[][], refuse: null as Error | null }));
const made = vi.hoisted(() => ({ masks: [] as { outside: MaskOutside; closed: boolean; track: { readyState: string } }[] }));
vi.mock("../../../src/api/events", () => ({
  socket: {
    command: ({ on }: { on: boolean }) => (wire.sent.push(on), wire.refuse === null ? Promise.resolve("id") : Promise.reject(wire.refuse)),
    notice: (message: { type: string; troubles: string[] }) => void (message.type === "report_picture" && wire.told.push(message.troubles)),
  },
}));
vi.mock("../../../src/api/client", () => ({ api: { get: () => Promise.resolve({ profiles: [] }) } }));
vi.mock("../../../src/api/clock", () => ({ serverOffset: () => null }));
vi.mock("../../../src/pages/Room/store", () => ({ keepCard: () => undefined }));
vi.mock("../../../src/ultrasound/cardWatch", () => ({ watchCard: () => () => undefined }));
vi.mock("../../../src/ultrasound/maskedTrack", () => ({
  maskTrack: (_: unknown, __: unknown, outside: MaskOutside) => {
    const mask = { outside, closed: false, track: { readyState: "live" }, useProfiles: () => undefined, close: () => (mask.closed = true) };
    made.masks.push(mask);
    return mask;
  },
}));
const { CaptureCard } = await import("../../../src/pages/Room/card.svelte");

let used: unknown[];
let card: InstanceType<typeof CaptureCard>;

beforeEach(() => {
  Object.assign(wire, { sent: [], told: [], refuse: null });
  made.masks.length = 0;
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia: () => Promise.resolve({ getVideoTracks: () => [{ label: "Cam Link" }] }) } });
  used = [];
  const media = { notAsFace: () => Promise.resolve(), useCard: (one: unknown) => void used.push(one) };
  card = new CaptureCard("c", media as unknown as RoomMedia);
});

async function sending(): Promise<void> {
  expect((await card.open("usb")) && (await card.begin())).toBe(true);
  card.claim.keepTo(true);
}

it("is the room's once a person said whose picture it is", async () => {
  await sending();
  expect([card.on, wire.sent, used]).toEqual([true, [true], [made.masks[0]]]);
  card.claim.keepTo(true);
  expect(wire.sent).toEqual([true]);
});

it("that is pulled out stays the room's and is told as lost, until it is opened and begun anew", async () => {
  await sending();
  made.masks[0]!.outside.ended(null);
  expect([card.on, card.pulled_out, wire.sent, wire.told.at(-1)]).toEqual([true, true, [true], ["lost"]]);
  await card.open("usb");
  expect([card.pulled_out, made.masks[0]!.closed]).toEqual([true, true]); // nothing of it is sent yet
  made.masks[1]!.outside.tell({ seen: "by_profile", layout: "B", unsure: null, width: 640, height: 480, new_text: false });
  expect(wire.told.at(-1)).toEqual(["lost"]);
  await card.begin();
  expect([card.on, card.pulled_out, used.at(-1), wire.told.at(-1)]).toEqual([true, false, made.masks[1], []]);
});

it("that is pulled out in the device check is said and let go", async () => {
  await card.open("usb");
  made.masks[0]!.outside.ended(null);
  expect([card.on, card.pulled_out, card.masked, wire.told]).toEqual([false, true, null, []]);
});

it("whose masking broke down is sent no more, and why is said", async () => {
  await sending();
  made.masks[0]!.outside.ended("out of memory");
  expect([card.on, card.mask_fault, card.pulled_out, used.at(-1), wire.sent]).toEqual([false, "out of memory", false, null, [true, false]]);
});

it("ends here at once, and takes back in the room what was not heard there", async () => {
  await sending();
  wire.refuse = new Error("rate_limited");
  await card.end();
  expect([card.on, used.at(-1)]).toEqual([false, null]);
  card.claim.keepTo(true);
  expect(wire.sent).toEqual([true, false, false]);
  card.claim.keepTo(false);
  expect(wire.sent).toHaveLength(3);
});

it("that lost its place sends nothing any more, and takes nothing back", async () => {
  await sending();
  card.claim.keepTo(false);
  expect([card.on, used.at(-1), wire.sent]).toEqual([false, null, [true]]);
});

it("that was pulled out while the room was asked is not begun", async () => {
  await card.open("usb");
  const beginning = card.begin();
  card.claim.keepTo(true);
  made.masks[0]!.track.readyState = "ended";
  made.masks[0]!.outside.ended(null);
  expect([await beginning, card.on, card.pulled_out, used, wire.sent]).toEqual([false, false, true, [], [true, false]]);
});

it("that could not be begun anew goes on being told as lost, and the new one is let go", async () => {
  await sending();
  made.masks[0]!.outside.ended(null);
  wire.refuse = new Error("rate_limited");
  await card.open("usb");
  expect(await card.begin()).toBe(false);
  card.close();
  expect([card.on, card.pulled_out, made.masks[1]!.closed]).toEqual([true, true, true]);
});

it("ends when this page is out of the room, and tells nobody", async () => {
  await sending();
  card.claim.left();
  expect([card.on, used.at(-1), wire.sent]).toEqual([false, null, [true]]);
});
