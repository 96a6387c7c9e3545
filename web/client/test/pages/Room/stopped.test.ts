import { describe, expect, it } from "vitest";
import { stoppedAt, STOPPED_MS } from "../../../src/pages/Room/stopped";

const moving = { due_since_ms: 0, newest_ms: 10_000, looked_at_ms: 10_500 };

describe("somebody's picture", () => {
  it("has stopped when its last frame is too old, and says when that came", () => {
    expect(stoppedAt(moving)).toBeNull();
    expect(stoppedAt({ ...moving, looked_at_ms: 10_000 + STOPPED_MS - 1 })).toBeNull();
    expect(stoppedAt({ ...moving, looked_at_ms: 10_000 + STOPPED_MS })).toBe(10_000);
  });

  it("is told within three seconds, with a look every half second", () => {
    expect(STOPPED_MS + 2 * 500).toBeLessThanOrEqual(3000);
  });

  it("has not stopped while none is due: camera off, faces given up, line away", () => {
    expect(stoppedAt({ ...moving, due_since_ms: null, looked_at_ms: 60_000 })).toBeNull();
  });

  it("has its time to come again once it is due again", () => {
    const again = { due_since_ms: 60_000, newest_ms: 10_000 };
    expect(stoppedAt({ ...again, looked_at_ms: 60_000 + STOPPED_MS - 1 })).toBeNull();
    expect(stoppedAt({ ...again, looked_at_ms: 60_000 + STOPPED_MS })).toBe(10_000);
  });

  it("that never came has not stopped", () => {
    expect(stoppedAt({ ...moving, newest_ms: null, looked_at_ms: 60_000 })).toBeNull();
  });
});
