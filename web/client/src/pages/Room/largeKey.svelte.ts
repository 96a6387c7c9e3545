/**
 * One large key: pressed shortly it goes to the next of the acts that are offered, held it does the one shown.
 *
 * What is done is what stood there when the key went down; if that is not offered any more when it has been held
 * long enough, nothing is done. The one shown never changes by itself while it is still offered: a hand that is
 * already on its way must not meet another act.
 */

import type { Act } from "../../pedals";

/** An act as it can be done now; `subject` tells apart what it would be done to. */
export interface Offer {
  act: Act;
  subject: string;
  /** What it does, in words. */
  words: string;
}

/** What stands around the key. */
export interface AroundLargeKey {
  offers(): readonly Offer[];
  perform(offer: Offer): void;
  /** It was held, but what was shown is not offered any more. */
  gone(offer: Offer): void;
  hold_ms(): number;
  now_ms(): number;
  after(delay_ms: number, then: () => void): () => void;
}

/** A worn switch opens and closes several times in one press. */
const BOUNCE_MS = 80;

export class LargeKey {
  private chosen = $state<Act | null>(null);
  /** What is held at this moment, until it is done or let go. */
  held = $state.raw<Offer | null>(null);
  private down = false;
  private let_go_ms = -Infinity;
  private stop: () => void = () => undefined;

  constructor(private readonly around: AroundLargeKey) {}

  /** What is done when the key is held; `null`: nothing is offered. */
  get shown(): Offer | null {
    const offers = this.around.offers();
    return offers.find(({ act }) => act === this.chosen) ?? offers[0] ?? null;
  }

  /** What a short press goes to; `null`: there is no other. */
  get next(): Offer | null {
    const { shown } = this;
    const offers = this.around.offers();
    if (shown === null || offers.length < 2) return null;
    return offers[(offers.findIndex(({ act }) => act === shown.act) + 1) % offers.length] ?? null;
  }

  press(): void {
    if (this.down) return;
    this.down = true;
    const early_ms = BOUNCE_MS - (this.around.now_ms() - this.let_go_ms);
    if (early_ms <= 0) this.begin();
    else this.stop = this.around.after(early_ms, () => this.begin()); // held for longer than a switch bounces, it is meant
  }

  release(): void {
    if (!this.down) return;
    const short = this.held !== null;
    const { next } = this;
    this.cancel();
    this.let_go_ms = this.around.now_ms();
    if (short && next !== null) this.chosen = next.act;
  }

  /** The window lost the key: nothing is done, and nothing goes on. */
  cancel(): void {
    this.stop();
    this.down = false;
    this.held = null;
  }

  private begin(): void {
    const { shown } = this;
    if (shown === null) return;
    this.chosen = shown.act;
    this.held = shown;
    this.stop = this.around.after(this.around.hold_ms(), () => this.heldLong(shown));
  }

  private heldLong(shown: Offer): void {
    this.held = null;
    const is_still = this.around.offers().some(({ act, subject }) => act === shown.act && subject === shown.subject);
    if (is_still) this.around.perform(shown);
    else this.around.gone(shown);
  }
}
