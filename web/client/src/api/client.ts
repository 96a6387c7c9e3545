/** The HTTP API. Every refusal is an `ApiError` with the server's `Problem`. */

import { language } from "../words/index.svelte";
import type { Problem } from "./types";

const TIME_LIMIT_MS = 20_000;

/** The server said no, or could not be reached (`status` 0). */
export class ApiError extends Error {
  override name = "ApiError";

  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(problem.code);
  }
}

type Method = "GET" | "POST" | "PUT" | "DELETE";
type Watcher = (error: ApiError) => void;

/** Who wants to know that a call was refused because nobody is signed in. */
const watchers = new Set<Watcher>();

async function call(method: Method, path: string, body?: unknown, limit_ms = TIME_LIMIT_MS): Promise<Response> {
  const answer = await send(method, path, body, limit_ms);
  if (answer.ok) return answer;
  throw refusal(answer.status, await answer.text());
}

/** The server said no: whoever wants to know that nobody is signed in is told. */
export function refusal(status: number, body: string): ApiError {
  const error = new ApiError(status, problemOf(body));
  if (status === 401) for (const watcher of watchers) watcher(error);
  return error;
}

/** The server could not be reached, or not in time. */
export function unreachable(): ApiError {
  return new ApiError(0, { code: "unreachable", sentence: "", fields: {} });
}

async function send(method: Method, path: string, body: unknown, limit_ms: number): Promise<Response> {
  const headers: Record<string, string> = { "Accept-Language": language.current };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    return await fetch(path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(limit_ms),
      cache: "no-store",
    });
  } catch {
    throw unreachable();
  }
}

function problemOf(body: string): Problem {
  try {
    const { code, sentence, fields } = JSON.parse(body) as Partial<Problem>;
    return { code: code ?? "server_fault", sentence: sentence ?? "", fields: fields ?? {} };
  } catch {
    return { code: "server_fault", sentence: "", fields: {} };
  }
}

async function json<T>(method: Method, path: string, body?: unknown, limit_ms?: number): Promise<T> {
  const answer = await call(method, path, body, limit_ms);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

export const api = {
  get: <T>(path: string, limit_ms?: number): Promise<T> => json<T>("GET", path, undefined, limit_ms),
  /** `limit_ms`: for what the server says takes longer. */
  post: <T>(path: string, body?: unknown, limit_ms?: number): Promise<T> => json<T>("POST", path, body, limit_ms),
  put: <T>(path: string, body: unknown): Promise<T> => json<T>("PUT", path, body),
  remove: <T = void>(path: string): Promise<T> => json<T>("DELETE", path),
  bytes: async (path: string): Promise<ArrayBuffer> => (await call("GET", path)).arrayBuffer(),
  /** A document with the name the server gives it. `limit_ms`: drawing one takes longer than most. */
  file: async (path: string, limit_ms?: number): Promise<{ name: string; content: Blob }> => {
    const answer = await call("GET", path, undefined, limit_ms);
    const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? "";
    return { name, content: await answer.blob() };
  },
  /** Be told when a call finds nobody signed in; returns the way to stop being told. */
  onSignedOut(watcher: Watcher): () => void {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  },
};
