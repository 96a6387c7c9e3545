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

async function call(method: Method, path: string, body?: unknown): Promise<Response> {
  const answer = await send(method, path, body);
  if (answer.ok) return answer;
  const error = new ApiError(answer.status, await problemOf(answer));
  if (answer.status === 401) for (const watcher of watchers) watcher(error);
  throw error;
}

async function send(method: Method, path: string, body: unknown): Promise<Response> {
  const headers: Record<string, string> = { "Accept-Language": language.current };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    return await fetch(path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(TIME_LIMIT_MS),
      cache: "no-store",
    });
  } catch {
    throw new ApiError(0, { code: "unreachable", sentence: "", fields: {} });
  }
}

async function problemOf(answer: Response): Promise<Problem> {
  try {
    const { code, sentence, fields } = (await answer.json()) as Partial<Problem>;
    return { code: code ?? "server_fault", sentence: sentence ?? "", fields: fields ?? {} };
  } catch {
    return { code: "server_fault", sentence: "", fields: {} };
  }
}

async function json<T>(method: Method, path: string, body?: unknown): Promise<T> {
  const answer = await call(method, path, body);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

export const api = {
  get: <T>(path: string): Promise<T> => json<T>("GET", path),
  post: <T>(path: string, body?: unknown): Promise<T> => json<T>("POST", path, body),
  put: <T>(path: string, body: unknown): Promise<T> => json<T>("PUT", path, body),
  remove: (path: string): Promise<void> => json<void>("DELETE", path),
  bytes: async (path: string): Promise<ArrayBuffer> => (await call("GET", path)).arrayBuffer(),
  /** Be told when a call finds nobody signed in; returns the way to stop being told. */
  onSignedOut(watcher: Watcher): () => void {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  },
};
