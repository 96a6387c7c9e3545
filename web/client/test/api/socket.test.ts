import { beforeEach, expect, test } from "vitest";
import { backOff_ms, EventSocket, type Line, RefusedError } from "../../src/api/socket.svelte";

/** A line to a server that this test plays. */
class FakeLine implements Line {
  binaryType: BinaryType = "blob";
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  sent: Record<string, unknown>[] = [];
  closed = false;

  send(data: string): void {
    this.sent.push(JSON.parse(data) as Record<string, unknown>);
  }

  close(): void {
    this.closed = true;
  }

  say(message: unknown): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  welcome(seq: number, resumed: boolean): void {
    this.onopen?.();
    this.say({ type: "welcome", account_id: "a", seq, resumed, snapshot: null, server_us: 0, demo: true });
  }
}

interface Timer {
  at_ms: number;
  then: () => void;
}

let lines: FakeLine[];
let timers: Timer[];
let now_ms: number;
let made: number;
let socket: EventSocket;
/** Whether the server answers, and how often it was asked. */
let server: { is_there: boolean; asked: number };

beforeEach(() => {
  [lines, timers, now_ms, made] = [[], [], 0, 0];
  server = { is_there: false, asked: 0 };
  socket = new EventSocket({
    open() {
      const line = new FakeLine();
      lines.push(line);
      return line;
    },
    reaches() {
      server.asked += 1;
      return Promise.resolve(server.is_there);
    },
    now_ms: () => now_ms,
    after(delay_ms, then) {
      const timer = { at_ms: now_ms + delay_ms, then };
      timers.push(timer);
      return () => (timers = timers.filter((one) => one !== timer));
    },
    newId: () => `id-${++made}`,
    language: () => "zh",
  });
});

function pass(ms: number): void {
  now_ms += ms;
  const due = timers.filter((timer) => timer.at_ms <= now_ms);
  timers = timers.filter((timer) => timer.at_ms > now_ms);
  for (const timer of due) timer.then();
}

function connect(): FakeLine {
  socket.start();
  lines[0]!.welcome(7, false);
  return lines[0]!;
}

function lineAfterLoss(): FakeLine {
  lines.at(-1)!.onclose?.();
  pass(backOff_ms(socket.attempts));
  return lines.at(-1)!;
}

test("the first message says who this page load is, and asks for a snapshot", () => {
  const line = connect();
  expect(line.sent[0]).toEqual({ type: "hello", client_id: "id-1", resume_after: null, language: "zh" });
  expect(socket.status).toBe("connected");
});

test("a lost line is opened again after a quarter of a second, then ever more slowly", () => {
  expect([1, 2, 3, 4, 60, 120, 121, 199].map(backOff_ms)).toEqual([250, 500, 1000, 1000, 1000, 1000, 5000, 5000]);
  connect();
  lines[0]!.onclose?.();
  expect(socket.status).toBe("reconnecting");
  pass(249);
  expect(lines).toHaveLength(1);
  pass(1);
  expect(lines).toHaveLength(2);
});

test("after a loss the server is told the last event that was seen", () => {
  connect().say({ type: "consult_gone", seq: 8, consult_id: "c", why: "taken" });
  const second = lineAfterLoss();
  second.onopen?.();
  expect(second.sent[0]).toMatchObject({ type: "hello", client_id: "id-1", resume_after: 8 });
});

test("an event is told once, however often it comes", () => {
  const seen: string[] = [];
  socket.on("consult_gone", ({ consult_id }) => seen.push(consult_id));
  const line = connect();
  line.say({ type: "consult_gone", seq: 8, consult_id: "first", why: "taken" });
  const second = lineAfterLoss();
  second.welcome(9, true);
  second.say({ type: "consult_gone", seq: 8, consult_id: "first", why: "taken" });
  second.say({ type: "consult_gone", seq: 9, consult_id: "second", why: "taken" });
  expect(seen).toEqual(["first", "second"]);
});

test("a missing event asks for a snapshot instead of going on without it", () => {
  connect().say({ type: "consult_gone", seq: 10, consult_id: "c", why: "taken" });
  expect(socket.status).toBe("reconnecting");
  pass(backOff_ms(1));
  lines[1]!.onopen?.();
  expect(lines[1]!.sent[0]).toMatchObject({ resume_after: null });
});

test("a command that was not answered is sent again with the same id", async () => {
  const line = connect();
  const done = socket.command({ type: "accept_consult", consult_id: "c" });
  const first = line.sent.at(-1);
  const second = lineAfterLoss();
  second.welcome(7, true);
  expect(second.sent.at(-1)).toEqual(first);
  second.say({ type: "done", re: first!["id"], value: "v" });
  expect((await done).value).toBe("v");
});

test("an answered command is not sent again", async () => {
  const line = connect();
  const done = socket.command({ type: "accept_consult", consult_id: "c" });
  line.say({ type: "done", re: line.sent.at(-1)!["id"], value: "" });
  await done;
  const second = lineAfterLoss();
  second.welcome(7, true);
  expect(second.sent.map((message) => message["type"])).toEqual(["hello"]);
});

test("a command given while the line is away goes out when it is back", () => {
  connect();
  lines[0]!.onclose?.();
  void socket.command({ type: "accept_consult", consult_id: "c" });
  pass(backOff_ms(1));
  lines[1]!.welcome(7, true);
  expect(lines[1]!.sent.at(-1)).toMatchObject({ type: "accept_consult", consult_id: "c" });
});

test("a refusal rejects with its code and sentence", async () => {
  const line = connect();
  const refused = socket.command({ type: "accept_consult", consult_id: "c" });
  line.say({ type: "refused", re: line.sent.at(-1)!["id"], code: "taken_by_another", sentence: "…" });
  await expect(refused).rejects.toMatchObject({ code: "taken_by_another", sentence: "…" });
});

test("a notice is dropped while there is no line", () => {
  connect();
  const second = lineAfterLoss();
  socket.notice({ type: "probe_clock", sent_us: 1 });
  second.welcome(7, true);
  expect(second.sent.map((message) => message["type"])).toEqual(["hello"]);
});

test("signed out closes for good and refuses what waits", async () => {
  const line = connect();
  const waiting = socket.command({ type: "accept_consult", consult_id: "c" });
  line.say({ type: "signed_out", code: "expired" });
  await expect(waiting).rejects.toBeInstanceOf(RefusedError);
  expect(socket.status).toBe("closed");
  pass(60_000);
  expect(lines).toHaveLength(1);
  expect(line.closed).toBe(true);
});

test("the outbox of commands is bounded", async () => {
  socket.start();
  for (let i = 0; i < 64; i++) void socket.command({ type: "accept_consult", consult_id: "c" }).catch(() => {});
  await expect(socket.command({ type: "accept_consult", consult_id: "c" })).rejects.toMatchObject({ code: "rate_limited" });
  socket.stop();
});

test("binary messages go to who asked for bytes", () => {
  const got: number[] = [];
  socket.onBytes((bytes) => got.push(bytes.byteLength));
  connect().onmessage?.({ data: new ArrayBuffer(12) });
  expect(got).toEqual([12]);
});

test("a line that does not open in time is given up", () => {
  socket.start();
  pass(6_000);
  expect(socket.status).toBe("reconnecting");
  expect(lines[0]!.closed).toBe(true);
});

test("a page that gives way to another says so and does not come back by itself", async () => {
  socket.start();
  lines[0]!.welcome(0, false);
  const waiting = socket.command({ type: "end_consult", consult_id: "c" });
  lines[0]!.say({ type: "refused", re: "", code: "too_many_tabs", sentence: "", about: "" });
  lines[0]!.onclose?.();
  await expect(waiting).rejects.toMatchObject({ code: "too_many_tabs" });
  expect([socket.superseded, socket.status, lines.length, timers.length]).toEqual([true, "closed", 1, 0]);
});

test("a refusal names what is in the way", async () => {
  socket.start();
  lines[0]!.welcome(0, false);
  const asked = socket.command({ type: "end_consult", consult_id: "c" });
  const id = lines[0]!.sent.at(-1)!["id"];
  lines[0]!.say({ type: "refused", re: id, code: "already_asked", sentence: "", about: "HZ-20261123-0001" });
  await expect(asked).rejects.toMatchObject({ code: "already_asked", about: "HZ-20261123-0001" });
});

test("after eight lines in vain it opens another only when the server answers", async () => {
  connect().onclose?.();
  for (let k = 0; k < 8; k++) {
    pass(backOff_ms(socket.attempts));
    expect(lines).toHaveLength(k + 2);
    lines.at(-1)!.onclose?.();
  }
  for (let k = 1; k <= 60; k++) {
    pass(backOff_ms(socket.attempts));
    await Promise.resolve();
    await Promise.resolve();
    expect([lines.length, server.asked]).toEqual([9, k]);
  }
  server.is_there = true;
  pass(backOff_ms(socket.attempts));
  await Promise.resolve();
  await Promise.resolve();
  expect(lines).toHaveLength(10);
  lines[9]!.welcome(7, true);
  expect(socket.status).toBe("connected");
});

test("an answer that comes when another line was opened, or none is wanted, opens none", async () => {
  connect().onclose?.();
  for (let k = 0; k < 8; k++) {
    pass(backOff_ms(socket.attempts));
    lines.at(-1)!.onclose?.();
  }
  server.is_there = true;
  pass(backOff_ms(socket.attempts));
  socket.retryNow();
  await Promise.resolve();
  await Promise.resolve();
  expect(lines).toHaveLength(10);
  lines[9]!.onclose?.();
  pass(backOff_ms(socket.attempts));
  socket.stop();
  await Promise.resolve();
  await Promise.resolve();
  expect(lines).toHaveLength(10);
});
