/**
 * A second window for a second monitor: an empty page of the same origin that this page fills.
 *
 * Both are one program with one connection: what is shown there are the same tracks, the same frozen frame, the
 * same marks. It closes with the room. When this page is loaded anew nothing runs in the other window meanwhile: it is
 * emptied first, since a picture that stands there would be nobody's, and it is filled again by its name.
 */

import { w } from "../../words/index.svelte";

const FEATURES = "popup,width=1280,height=900";
const KEPT_AS = "cloud-clinic.second-window";

/** Puts the pictures into a place in another window; returns the way to take them out again. */
export type Fill = (place: HTMLElement, shownIn: Window) => () => void;

export class SecondWindow {
  state = $state<"closed" | "open" | "blocked">("closed");
  private shown: { window: Window; empty: () => void } | null = null;

  constructor(
    private readonly consult_id: string,
    private readonly fill: Fill,
  ) {}

  /** Open it, or close it. A browser lets it open only for somebody's press. */
  toggle(): void {
    if (this.shown === null) this.open();
    else this.close();
  }

  open(): void {
    if (this.shown !== null) return this.shown.window.focus();
    const opened = window.open("", `${KEPT_AS}.${this.consult_id}`, FEATURES);
    if (opened === null) {
      this.state = "blocked";
      return;
    }
    this.keep(true);
    this.dress(opened);
    this.state = "open";
  }

  /** It was open before this page was loaded anew. */
  restore(): void {
    if (this.shown === null && this.was_open) this.open();
  }

  close(): void {
    this.keep(false);
    const shown = this.leave();
    shown?.window.close();
  }

  /** This page goes, perhaps to come again: nothing is left standing there. */
  pageGoes(): void {
    const shown = this.leave();
    if (shown === null) return;
    const words = shown.window.document.createElement("p");
    words.textContent = w.sideBySide.window.gone;
    words.style.cssText = "margin:0;height:100vh;display:grid;place-content:center;background:#0c1216;color:#e4edf2;font:20px/1.5 sans-serif;padding:24px";
    shown.window.document.body.replaceChildren(words);
  }

  private get was_open(): boolean {
    try {
      return sessionStorage.getItem(KEPT_AS) === this.consult_id;
    } catch {
      return false; // storage may be forbidden
    }
  }

  private keep(open: boolean): void {
    try {
      if (open) sessionStorage.setItem(KEPT_AS, this.consult_id);
      else sessionStorage.removeItem(KEPT_AS);
    } catch {
      // storage may be forbidden: then it is not opened again
    }
  }

  private dress(opened: Window): void {
    const page = opened.document;
    page.documentElement.lang = document.documentElement.lang;
    const styles = [...document.head.querySelectorAll("link[rel=stylesheet], style")].map((one) => page.importNode(one, true));
    page.head.replaceChildren(...styles);
    const place = page.createElement("div");
    place.style.height = "100vh";
    page.body.replaceChildren(place);
    const empty = this.fill(place, opened);
    for (const kind of ["keydown", "keyup"] as const) opened.addEventListener(kind, passOn);
    const left = () => {
      this.keep(false);
      this.leave();
    };
    opened.addEventListener("pagehide", left);
    const gone = () => this.pageGoes();
    addEventListener("pagehide", gone);
    this.shown = {
      window: opened,
      empty: () => {
        removeEventListener("pagehide", gone);
        opened.removeEventListener("pagehide", left);
        for (const kind of ["keydown", "keyup"] as const) opened.removeEventListener(kind, passOn);
        empty();
      },
    };
  }

  private leave(): typeof this.shown {
    const { shown } = this;
    this.shown = null;
    this.state = "closed";
    shown?.empty();
    return shown;
  }
}

/** The room's keys and pedals work in the other window too: nothing is typed there. */
function passOn(event: KeyboardEvent): void {
  const { code, key, shiftKey, ctrlKey, altKey, metaKey, repeat, isComposing } = event;
  if (key === "Tab") return;
  const passed = new KeyboardEvent(event.type, { code, key, shiftKey, ctrlKey, altKey, metaKey, repeat, isComposing, bubbles: true, cancelable: true });
  if (!document.body.dispatchEvent(passed)) event.preventDefault();
}
