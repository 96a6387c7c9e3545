import { beforeAll, describe, expect, it } from "vitest";
import { type Player, Voices } from "../../src/call/voices";

beforeAll(() => {
  (globalThis as { MediaStream?: unknown }).MediaStream ??= class {
    constructor(readonly tracks: unknown[]) {}
  };
});

class FakePlayer {
  srcObject: unknown = null;
  volume = 1;
  playing = false;
  constructor(private readonly allowed: () => boolean) {}
  play(): Promise<void> {
    if (!this.allowed()) {
      const fault = new Error("blocked");
      fault.name = "NotAllowedError";
      return Promise.reject(fault);
    }
    this.playing = true;
    return Promise.resolve();
  }
  pause(): void {
    this.playing = false;
  }
}

function listening(demo: boolean, allowed = () => true) {
  const players: FakePlayer[] = [];
  const said: boolean[] = [];
  const voices = new Voices(demo, (needed) => said.push(needed), () => {
    const player = new FakePlayer(allowed);
    players.push(player);
    return player as unknown as Player;
  });
  return { voices, players, said };
}

const track = (id: string) => ({ id }) as MediaStreamTrack;

describe("the voices of the others", () => {
  it("sound at once, and fall silent when they are gone", () => {
    const { voices, players } = listening(false);
    voices.set(new Map([["3", track("a")]]));
    expect(players[0]).toMatchObject({ playing: true, volume: 1 });
    voices.set(new Map());
    expect(players[0]).toMatchObject({ playing: false, srcObject: null });
  });

  it("wait for one press of a button when the browser will not play", async () => {
    let allowed = false;
    const { voices, players, said } = listening(false, () => allowed);
    voices.set(new Map([["3", track("a")]]));
    await Promise.resolve();
    await Promise.resolve();
    expect(said.at(-1)).toBe(true);
    allowed = true;
    voices.hear();
    expect(said.at(-1)).toBe(false);
    expect(players[0]!.playing).toBe(true);
  });

  it("are silent in the demo until asked for, and then soft: two windows must not howl", () => {
    const { voices, players, said } = listening(true);
    voices.set(new Map([["3", track("a")]]));
    expect(players[0]!.playing).toBe(false);
    expect(said.at(-1)).toBe(true);
    voices.hear();
    expect(players[0]!.playing).toBe(true);
    expect(players[0]!.volume).toBeLessThan(0.5);
  });

  it("take a new player when a voice comes by a new track", () => {
    const { voices, players } = listening(false);
    voices.set(new Map([["3", track("a")]]));
    voices.set(new Map([["3", track("b")]]));
    expect(players.map((player) => player.playing)).toEqual([false, true]);
  });
});
