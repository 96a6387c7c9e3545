/**
 * The signaling socket: one WebSocket that comes back by itself.
 *
 * Events carry a sequence number: after a dropped line the server is told the last one seen, and sends the
 * rest or a snapshot. Commands carry an id made here and are sent again with the same id until answered;
 * the server answers a repeat with the first answer, so nothing is lost or doubled.
 */

import type { ClientMessage, Done, Language, ServerMessage } from "./types";

export type SocketStatus = "connecting" | "connected" | "reconnecting" | "closed";
type Tag = ServerMessage["type"];
export type Told<T extends Tag> = Extract<ServerMessage, { type: T }>;
/** A command as pages write it; the socket makes its id. */
export type Command = ClientMessage extends infer M ? (M extends { id: string } ? Omit<M, "id"> : never) : never;
export type Notice = ClientMessage extends infer M ? (M extends { id: string } ? never : M) : never;

/** The server refused a command; nothing changed. */
export class RefusedError extends Error {
  override name = "RefusedError";

  constructor(
    readonly code: string,
    readonly sentence: string,
    /** What is in the way, where that has a name: the number of a consult. */
    readonly about = "",
  ) {
    super(code);
  }
}

/** What the socket needs of a `WebSocket`. */
export interface Line {
  binaryType: BinaryType;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
  onerror: (() => void) | null;
  send(data: string): void;
  close(): void;
}

/** Lines, time and chance, given from outside. */
export interface Surroundings {
  open(): Line;
  /** Whether the server answers at all, by another way than a line. */
  reaches(within_ms: number): Promise<boolean>;
  now_ms(): number;
  after(delay_ms: number, then: () => void): () => void;
  newId(): string;
  language(): Language;
}

interface Pending {
  text: string;
  resolve(done: Done): void;
  reject(error: RefusedError): void;
}

const FIRST_WAIT_MS = 250;
/** While a line may be back any moment, and when it has been away for about two minutes. */
const LONGEST_WAIT_MS = 1_000;
const LONG_AWAY_WAIT_MS = 5_000;
const LONG_AWAY_ATTEMPTS = 120;
/** An attempt begun on a dead line is given up soon; a very slow line needs longer: by turns. */
const OPENING_LIMITS_MS = [6_000, 2_500];
/**
 * After so many attempts in vain the server is asked by other means whether it is there: Chromium puts off each new
 * WebSocket by 1 to 5 s once many have failed (its WebSocketPerProcessThrottler, from about 30 failures on).
 */
const MOST_IN_VAIN = 8;
const ANSWERS_WITHIN_MS = 2_500;
const MOST_PENDING = 64;
const MOST_EARLY_NOTICES = 16;

/** How long to wait before the n-th attempt (1 is the first), in milliseconds. */
export function backOff_ms(attempt: number): number {
  const longest_ms = attempt > LONG_AWAY_ATTEMPTS ? LONG_AWAY_WAIT_MS : LONGEST_WAIT_MS;
  return Math.min(longest_ms, FIRST_WAIT_MS * 2 ** Math.max(0, attempt - 1));
}

export class EventSocket {
  status = $state<SocketStatus>("closed");
  /** Attempts since the line was lost; 0 while connected. */
  attempts = $state(0);
  /** When the line was lost, milliseconds since 1970; null while connected. */
  lost_at_ms = $state<number | null>(null);
  /** Another page of the account took this one's place: it follows nothing any more. */
  superseded = $state(false);
  /** When anything last came, milliseconds since 1970. */
  heard_at_ms = $state<number | null>(null);

  private readonly client_id: string;
  private line: Line | null = null;
  private last_seq: number | null = null;
  private greeted = false;
  private readonly pending = new Map<string, Pending>();
  private early: string[] = [];
  private readonly handlers = new Map<Tag, Set<(message: never) => void>>();
  private readonly byteHandlers = new Set<(bytes: ArrayBuffer) => void>();
  private stopWaiting: () => void = () => {};
  /** Counts whatever begins or ends an attempt. */
  private turn = 0;

  constructor(private readonly around: Surroundings) {
    this.client_id = around.newId();
  }

  /** Open the line and keep it open until `stop`. */
  start(): void {
    if (this.status !== "closed") return;
    this.status = "connecting";
    this.open();
  }

  /** Close for good; what still waits for an answer is refused. */
  stop(code = "signed_out"): void {
    this.status = "closed";
    this.last_seq = null;
    this.lost_at_ms = null;
    this.attempts = 0;
    this.early = [];
    this.drop();
    for (const one of this.pending.values()) one.reject(new RefusedError(code, ""));
    this.pending.clear();
  }

  /** Ask for something to be done; settles when the server has answered, also across a reconnect. */
  command(message: Command): Promise<Done> {
    if (this.status === "closed") return Promise.reject(new RefusedError("signed_out", ""));
    if (this.pending.size >= MOST_PENDING) return Promise.reject(new RefusedError("rate_limited", ""));
    const id = this.around.newId();
    const text = JSON.stringify({ ...message, id });
    return new Promise((resolve, reject) => {
      this.pending.set(id, { text, resolve, reject });
      this.transmit(text);
    });
  }

  /** Tell the server something that is only of use now; dropped while there is no line. */
  notice(message: Notice): void {
    this.transmit(JSON.stringify(message));
  }

  /** Tell the server something as soon as there is a line; of several kept, the oldest is dropped. */
  noticeLater(message: Notice): void {
    const text = JSON.stringify(message);
    if (this.greeted) return this.transmit(text);
    this.early = [...this.early, text].slice(-MOST_EARLY_NOTICES);
  }

  /** Hear every message with this tag; returns the way to stop hearing. */
  on<T extends Tag>(tag: T, handler: (message: Told<T>) => void): () => void {
    const all = this.handlers.get(tag) ?? new Set();
    this.handlers.set(tag, all);
    all.add(handler as (message: never) => void);
    return () => all.delete(handler as (message: never) => void);
  }

  /** Hear every binary message. */
  onBytes(handler: (bytes: ArrayBuffer) => void): () => void {
    this.byteHandlers.add(handler);
    return () => this.byteHandlers.delete(handler);
  }

  /** The line is known to be dead, or may be back: try at once. */
  retryNow(): void {
    if (this.status === "closed") return;
    if (this.status === "connected") return this.lose();
    this.stopWaiting();
    this.drop();
    this.open();
  }

  private attempt(): void {
    if (this.attempts <= MOST_IN_VAIN) this.open();
    else void this.openWhenReached();
  }

  private async openWhenReached(): Promise<void> {
    const turn = ++this.turn;
    const is_there = await this.around.reaches(ANSWERS_WITHIN_MS);
    if (turn !== this.turn) return; // another attempt was made meanwhile, or none is wanted any more
    if (is_there) this.open();
    else this.lose();
  }

  private open(): void {
    this.stopWaiting();
    this.turn += 1;
    const line = this.around.open();
    this.line = line;
    line.binaryType = "arraybuffer";
    line.onopen = () => this.hello(line);
    line.onmessage = ({ data }) => this.line === line && this.receive(data);
    line.onclose = () => this.line === line && this.lose();
    line.onerror = () => {}; // `onclose` follows and decides
    const limit_ms = OPENING_LIMITS_MS[this.attempts % OPENING_LIMITS_MS.length]!;
    this.stopWaiting = this.around.after(limit_ms, () => !this.greeted && this.line === line && this.lose());
  }

  private hello(line: Line): void {
    if (this.line !== line) return;
    const { client_id, last_seq: resume_after } = this;
    line.send(JSON.stringify({ type: "hello", client_id, resume_after, language: this.around.language() }));
  }

  private transmit(text: string): void {
    if (this.greeted) this.line?.send(text);
  }

  private receive(data: unknown): void {
    this.heard_at_ms = this.around.now_ms();
    if (data instanceof ArrayBuffer) {
      for (const handler of this.byteHandlers) handler(data);
      return;
    }
    const message = readMessage(data);
    if (message === null || !this.isNext(message)) return;
    this.settle(message);
    this.tell(message);
  }

  /** False for an event that was seen before. A missing one cannot be made up for: start afresh. */
  private isNext(message: ServerMessage): boolean {
    if (message.type === "welcome" || !("seq" in message)) return true;
    if (this.last_seq !== null && message.seq <= this.last_seq) return false;
    if (this.last_seq !== null && message.seq > this.last_seq + 1) {
      this.last_seq = null;
      this.lose();
      return false;
    }
    this.last_seq = message.seq;
    return true;
  }

  private settle(message: ServerMessage): void {
    switch (message.type) {
      case "welcome":
        return this.welcomed(message);
      case "done":
        return this.answer(message.re)?.resolve(message);
      case "refused":
        if (message.code === "too_many_tabs" && message.re === "") return this.giveWay();
        return this.answer(message.re)?.reject(new RefusedError(message.code, message.sentence, message.about));
      case "signed_out":
        return this.stop(message.code);
    }
  }

  /** Coming back by itself would put out another page, which would come back in its turn. */
  private giveWay(): void {
    this.superseded = true;
    this.stop("too_many_tabs");
  }

  private answer(id: string): Pending | undefined {
    const waiting = this.pending.get(id);
    this.pending.delete(id);
    return waiting;
  }

  private welcomed(welcome: Told<"welcome">): void {
    if (!welcome.resumed) this.last_seq = welcome.seq;
    this.greeted = true;
    this.stopWaiting();
    this.status = "connected";
    this.attempts = 0;
    this.lost_at_ms = null;
    for (const text of [...this.early.splice(0), ...[...this.pending.values()].map((one) => one.text)]) this.transmit(text);
  }

  private tell(message: ServerMessage): void {
    for (const handler of this.handlers.get(message.type) ?? []) (handler as (message: ServerMessage) => void)(message);
  }

  private lose(): void {
    this.drop();
    if (this.status === "closed") return;
    this.status = "reconnecting";
    this.lost_at_ms ??= this.around.now_ms();
    this.attempts += 1;
    this.stopWaiting = this.around.after(backOff_ms(this.attempts), () => this.attempt());
  }

  private drop(): void {
    const line = this.line;
    this.line = null;
    this.greeted = false;
    this.turn += 1;
    this.stopWaiting();
    line?.close();
  }
}

function readMessage(data: unknown): ServerMessage | null {
  try {
    return JSON.parse(String(data)) as ServerMessage;
  } catch {
    return null; // not one of ours; the server never sends such
  }
}
