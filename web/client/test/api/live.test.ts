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

test("after a server forgot, a specialist who was away says so again", () => {
  welcome("available");
  live.presence = "away";
  welcome("available");
  expect(sent).toEqual([{ type: "set_presence", presence: "away" }]);
});

test("a first welcome is believed", () => {
  welcome("available");
  expect(sent).toEqual([]);
  expect(live.presence).toBe("available");
});
