/** The page's address: which page is shown, and with what. */

import type { Component } from "svelte";

type Page = { default: Component };
export interface Route {
  path: string;
  load: () => Promise<Page>;
  /** Shown without anybody signed in. */
  open?: boolean;
  /** Its sentences are among those loaded first. */
  first?: boolean;
}

/** The named parts of a path that a pattern such as `/consults/:id` finds; null when it does not fit. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const found = given[i] ?? "";
    const value = part.startsWith(":") ? decoded(found) : null;
    if (value !== null) params[part.slice(1)] = value;
    else if (part !== found) return null;
  }
  return params;
}

/** The text of a part of a path; null when it is empty or no valid text. */
function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part) || null;
  } catch {
    return null;
  }
}

class Router {
  path = $state(typeof location === "undefined" ? "/" : trimmed(location.pathname));
  params = $state<Record<string, string>>({});
}

function trimmed(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

export const router = new Router();

/** Asked before a page is left; false stays. */
export const leaving = { ask: null as (() => boolean) | null };

/** Go to another page of the client. */
export function navigate(path: string, { replace = false } = {}): void {
  if (path === router.path || (leaving.ask !== null && !leaving.ask())) return;
  history[replace ? "replaceState" : "pushState"](null, "", path);
  router.path = trimmed(path);
  scrollTo(0, 0);
}

/** `<a href="/residents" use:link>`: go there without loading the page anew. */
export function link(node: HTMLAnchorElement): { destroy(): void } {
  const click = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(node.pathname);
  };
  node.addEventListener("click", click);
  return { destroy: () => node.removeEventListener("click", click) };
}

/** Follow the browser's own back and forward. */
export function followHistory(): void {
  addEventListener("popstate", () => (router.path = trimmed(location.pathname)));
}
