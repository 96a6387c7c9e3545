/** This page's one socket to the server it came from. */

import { language } from "../words/index.svelte";
import { EventSocket, type Line } from "./socket.svelte";

export { RefusedError, type Command, type Notice, type SocketStatus, type Told } from "./socket.svelte";

function open(): Line {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  return new WebSocket(`${scheme}://${location.host}/socket`) as unknown as Line;
}

async function reaches(within_ms: number): Promise<boolean> {
  try {
    const answer = await fetch("/healthz", { cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(within_ms) });
    return answer.status < 500; // a proxy before a server that is away answers 502 to 504
  } catch {
    return false;
  }
}

function after(delay_ms: number, then: () => void): () => void {
  const timer = setTimeout(then, delay_ms);
  return () => clearTimeout(timer);
}

/** 128 bits of chance; `crypto.randomUUID` is missing on plain http addresses other than loopback. */
export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const socket = new EventSocket({
  open,
  reaches,
  after,
  newId,
  now_ms: () => Date.now(),
  language: () => language.current,
});
