import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SecondWindow } from "../../../src/pages/Room/secondWindow.svelte";

type Heard = Map<string, Set<(event?: unknown) => void>>;

/** As much of a page as the second window touches. */
class FakePage {
  heard: Heard = new Map();
  in_body: unknown[] = [];
  closed = false;
  document = {
    documentElement: { lang: "" },
    head: { replaceChildren: () => undefined },
    body: { replaceChildren: (...nodes: unknown[]) => (this.in_body = nodes) },
    createElement: (tag: string) => ({ tag, style: {}, textContent: "" }),
    importNode: (node: unknown) => node,
  };
  addEventListener = (kind: string, then: () => void) => void this.heard.set(kind, (this.heard.get(kind) ?? new Set()).add(then));
  removeEventListener = (kind: string, then: () => void) => void this.heard.get(kind)?.delete(then);
  close = () => (this.closed = true);
  focus = () => undefined;
  fire = (kind: string) => [...(this.heard.get(kind) ?? [])].forEach((then) => then());
}

let popup: FakePage;
let own: FakePage;
let opened: unknown[][];
let allowed: boolean;
let filled: number;

beforeEach(() => {
  [popup, own, opened, allowed, filled] = [new FakePage(), new FakePage(), [], true, 0];
  const kept = new Map<string, string>();
  vi.stubGlobal("sessionStorage", { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value), removeItem: (key: string) => kept.delete(key) });
  vi.stubGlobal("document", { documentElement: { lang: "zh-CN" }, head: { querySelectorAll: () => [] } });
  vi.stubGlobal("window", { open: (...given: unknown[]) => (opened.push(given), allowed ? popup : null) });
  vi.stubGlobal("addEventListener", own.addEventListener);
  vi.stubGlobal("removeEventListener", own.removeEventListener);
});
afterEach(() => vi.unstubAllGlobals());

const second = (consult_id = "c") => new SecondWindow(consult_id, () => ((filled += 1), () => (filled -= 1)));

describe("the second window", () => {
  it("opens once, an empty page of this origin, and closes with its pictures", () => {
    const one = second();
    one.toggle();
    one.open();
    expect([one.state, filled, opened.length, opened[0]![0]]).toEqual(["open", 1, 1, ""]);
    one.toggle();
    expect([one.state, filled, popup.closed]).toEqual(["closed", 0, true]);
    expect([...own.heard.values(), ...popup.heard.values()].every((heard) => heard.size === 0)).toBe(true);
  });

  it("shows no picture while the room's page loads anew, and is filled again after it, by the same name", () => {
    second().open();
    own.fire("pagehide");
    expect([filled, popup.closed]).toEqual([0, false]);
    expect(popup.in_body).toEqual([expect.objectContaining({ textContent: expect.stringContaining("不显示任何画面") })]);
    const anew = second();
    anew.restore();
    expect([anew.state, filled, opened[1]![1]]).toEqual(["open", 1, opened[0]![1]]);
  });

  it("is not opened again when somebody closed it, nor for another consult", () => {
    const one = second();
    one.open();
    popup.fire("pagehide");
    expect([one.state, filled]).toEqual(["closed", 0]);
    second().restore();
    expect(opened.length).toBe(1);
    one.open();
    second("another").restore();
    expect(opened.length).toBe(2);
  });

  it("says so when the browser holds it back", () => {
    allowed = false;
    const one = second();
    one.open();
    expect([one.state, filled]).toEqual(["blocked", 0]);
    allowed = true;
    one.open();
    expect([one.state, filled]).toEqual(["open", 1]);
  });
});
