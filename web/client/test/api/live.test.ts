import { beforeEach, expect, test, vi } from "vitest";

type Handler = (message: unknown) => void;
const handlers = new Map<string, Handler>();
const sent: unknown[] = [];

vi.mock("../../src/api/events", () => ({
  socket: {
    on: (tag: string, handler: Handler) => handlers.set(tag, handler),
    command: (message: unknown) => {
      sent.push(message);
      return Promise.resolve();
    },
  },
}));

const { live, followEvents } = await import("../../src/api/live.svelte");

function welcome(presence: string): void {
  const snapshot = { consults: [], specialists: [], stations: [], rooms: [], presence, unread_chat: {} };
  handlers.get("welcome")?.({ account_id: "chen", snapshot });
}

beforeEach(() => {
  sent.length = 0;
  live.account_id = "";
  live.presence = null;
  followEvents();
});

test("every welcome is believed: the server keeps what was said, maybe on another page", () => {
  welcome("available");
  live.presence = "away";
  welcome("busy");
  expect(sent).toEqual([]);
  expect(live.presence).toBe("busy");
});

test("a consult that leaves is remembered once with the reason, one never shown is not", () => {
  live.consults.set("c", { id: "c", rings_me: true } as never);
  handlers.get("consult_gone")?.({ consult_id: "unknown", why: "taken" });
  expect(live.gone).toBeNull();
  handlers.get("consult_gone")?.({ consult_id: "c", why: "taken" });
  expect(live.gone).toMatchObject({ card: { id: "c" }, why: "taken" });
  expect(live.consults.has("c")).toBe(false);
});
