/**
 * A consult rings: by sound, by the system's notification, and by the page's title.
 *
 * While the specialist is in a call a ring is quiet: a strip on the page and nothing else.
 */

import { live } from "./api/live.svelte";
import type { ConsultCard } from "./api/types";
import { preferences } from "./preferences.svelte";
import { router } from "./router.svelte";
import { RingSound } from "./ringSound";
import { session } from "./session.svelte";
import { w } from "./words/index.svelte";

const FLASH_EVERY_MS = 1_000;
const IN_ROOM = /^\/consults\/[^/]+\/(room|check)$/;
const RANK = { emergency: 0, expedited: 1, routine: 2 } as const;

class Ringing {
  readonly sound = new RingSound();
  /** The browser does not let the page make a sound before it was clicked. */
  blocked = $state(false);
  /** The title while it flashes; null between and when nothing rings. */
  flash = $state<string | null>(null);
  private told = new Set<string>();
  private notifications = new Map<string, Notification>();

  readonly cards = $derived(sorted([...live.consults.values()].filter((card) => card.rings_me)));
  readonly inCall = $derived(
    IN_ROOM.test(router.path) ||
      [...live.consults.values()].some((card) => card.state === "in_call" && isMine(card, session.current?.account.id)),
  );
  readonly loud = $derived(this.cards.length > 0 && !this.inCall);

  constructor() {
    if (typeof window === "undefined") return;
    $effect.root(() => {
      $effect(() => this.sounding());
      $effect(() => this.flashing());
      $effect(() => this.notifying());
    });
  }

  /** A click lets the sound begin. */
  async unblock(): Promise<void> {
    await this.sound.unlock();
    this.blocked = !this.sound.running;
  }

  private sounding(): (() => void) | void {
    if (!this.loud || !preferences.sound) return;
    this.sound.start();
    this.blocked = !this.sound.running;
    this.sound.onRunning = () => (this.blocked = false);
    return () => this.sound.stop();
  }

  private flashing(): (() => void) | void {
    if (!this.loud) {
      this.flash = null;
      return;
    }
    const timer = setInterval(() => (this.flash = this.flash === null ? w.worklist.titleRinging(this.cards.length) : null), FLASH_EVERY_MS);
    return () => clearInterval(timer);
  }

  private notifying(): void {
    const ids = new Set(this.cards.map((card) => card.id));
    for (const [id, notification] of this.notifications) if (!ids.has(id)) this.withdraw(id, notification);
    for (const id of [...this.told]) if (!ids.has(id)) this.told.delete(id);
    for (const card of this.cards) if (!this.told.has(card.id)) this.notify(card);
  }

  /** Without a name or a question: others may see the screen. */
  private notify(card: ConsultCard): void {
    if (this.inCall) return; // told when the call is over, if it still rings
    this.told.add(card.id);
    if (typeof Notification === "undefined" || Notification.permission !== "granted") return;
    if (document.visibilityState === "visible" && document.hasFocus()) return;
    const notification = new Notification(w.worklist.notification(w.common.urgency[card.urgency]), { tag: card.id, requireInteraction: true });
    notification.onclick = () => {
      window.focus();
      notification.close();
    };
    this.notifications.set(card.id, notification);
  }

  private withdraw(id: string, notification: Notification): void {
    notification.close();
    this.notifications.delete(id);
  }
}

/** The most urgent first, then who waits longest. */
export function sorted(cards: ConsultCard[]): ConsultCard[] {
  return cards.sort((a, b) => RANK[a.urgency] - RANK[b.urgency] || a.waiting_since.localeCompare(b.waiting_since));
}

/** Whether this account answers the consult. */
export function isMine(card: ConsultCard, account_id: string | undefined): boolean {
  return card.specialist?.id === account_id || card.added_specialists.some((one) => one.id === account_id);
}

export const ringing = new Ringing();
