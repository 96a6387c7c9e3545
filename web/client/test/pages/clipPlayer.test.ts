import { beforeEach, describe, expect, it, vi } from "vitest";
import type { UltrasoundClip } from "../../src/api/types";

const made = vi.hoisted(() => ({ parts: [] as Uint8Array[], asked: [] as string[], decoded: [] as number[], playable: true }));
vi.mock("../../src/api/download", () => ({
  download: (path: string, came: (bytes: number) => void) => {
    made.asked.push(path);
    const part = made.parts[Number(path.split("/").at(-1))];
    if (part === undefined) return Promise.reject(new Error("not_found"));
    came(part.length);
    return Promise.resolve(new Blob([part as Uint8Array<ArrayBuffer>]));
  },
}));
vi.mock("../../src/ultrasound/clipPictures", () => ({
  picturesOf: () => Promise.resolve(made.playable ? { at: (place: number) => (made.decoded.push(place), Promise.resolve({ place, close: () => undefined })), close: () => undefined } : null),
}));
const { ClipPlayer } = await import("../../src/pages/kept/clipPlayer.svelte");

const HEAD = { masked: false, simulated: true, calibration: null, frames: [0, 1, 2, 3].map((n) => ({ number: n, capture_us: n * 100_000, codec: "png", size_bytes: 1, is_key: true, before: false, header: "" })) };

function file(): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(JSON.stringify(HEAD));
  const whole = new Uint8Array(8 + head.length + 4);
  whole.set([0x55, 0x53, 0x43, 0x31]);
  new DataView(whole.buffer).setUint32(4, head.length, true);
  whole.set(head, 8);
  return whole;
}

async function clipOf(content: Uint8Array<ArrayBuffer>, sha256?: string): Promise<UltrasoundClip> {
  const hash = [...new Uint8Array(await crypto.subtle.digest("SHA-256", content))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { id: "k", parts: [{}, {}], size_bytes: content.length, sha256: sha256 ?? hash } as unknown as UltrasoundClip;
}

async function opened(sha256?: string) {
  const content = file();
  made.parts = [content.slice(0, 30), content.slice(30)];
  let next: ((now_ms: number) => void) | null = null;
  const drawn: unknown[] = [];
  const player = new ClipPlayer(await clipOf(content, sha256), { draw: (picture) => drawn.push(picture), next: (then) => ((next = then), () => (next = null)) });
  await player.open();
  const settled = () => new Promise((then) => setTimeout(then));
  const tick = async (now_ms: number) => {
    next?.(now_ms);
    await settled();
  };
  await settled();
  return { player, drawn, tick, waits: () => next !== null };
}

beforeEach(() => Object.assign(made, { parts: [], asked: [], decoded: [], playable: true }));

describe("a kept clip", () => {
  it("is fetched part by part, held to its hash, and its first frame is shown", async () => {
    const { player } = await opened();
    expect(made.asked).toEqual(["/api/kept-clips/k/parts/0", "/api/kept-clips/k/parts/1"]);
    expect([player.state.kind, player.checked, player.codecs, made.decoded]).toEqual(["ready", true, ["png"], [0]]);
  });

  it("that is not what was kept shows nothing", async () => {
    const { player, drawn } = await opened("0".repeat(64));
    expect([player.state.kind, player.reel, drawn]).toEqual(["damaged", null, []]);
  });

  it("that cannot be decoded here is handed out as it is", async () => {
    made.playable = false;
    const { player } = await opened();
    expect(player.state).toMatchObject({ kind: "unplayable", whole: file() });
  });

  it("of which a part is missing says so", async () => {
    const content = file();
    made.parts = [content];
    const player = new ClipPlayer(await clipOf(content), { draw: () => undefined, next: () => () => undefined });
    await player.open();
    expect(player.state.kind).toBe("failed");
  });

  it("plays at its own frame times, at the speed that is chosen, over and over", async () => {
    const { player, tick, waits } = await opened();
    player.play();
    for (const now of [1000, 1090, 1110, 1250]) await tick(now);
    expect(made.decoded).toEqual([0, 1, 2]);
    player.speed = 0.25;
    await tick(1600); // a quarter of 350 ms: 337 ms of the clip, beyond its last frame at 300 ms
    expect([made.decoded.at(-1), player.at, player.playing]).toEqual([0, 0, true]);
    player.pause();
    expect(waits()).toBe(false);
  });

  it("is stepped through, and neither before its first nor after its last frame", async () => {
    const { player } = await opened();
    for (const by of [1, 1, 1, 1, -1]) player.step(by);
    expect(player.at).toBe(2);
    for (const by of [-1, -1, -1]) player.step(by);
    expect(player.at).toBe(0);
  });
});
