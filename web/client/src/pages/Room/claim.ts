/**
 * What only one in a room does at a time, a stethoscope or a capture card: asked of the room, held here, given back.
 * The room and this page end at one word, whichever of them ended it and whatever was refused on the way.
 */

const AGAIN_EVERY_MS = 5_000;

export interface Held {
  /** This page does it. */
  is_on(): boolean;
  /** End it here; the room is not told. */
  stop(): void;
  /** Ask the room for it, or give it back; rejects when refused. */
  tell(on: boolean): Promise<unknown>;
}

export class Claim {
  private asking = false;
  private giving_back = false;
  /** The room's last word. */
  private there = false;

  constructor(private readonly held: Held) {}

  follow(): () => void {
    const timer = setInterval(() => this.takeBack(), AGAIN_EVERY_MS);
    return () => clearInterval(timer);
  }

  /** The room says that this person does it: what is told of it is heard. */
  get is_heard(): boolean {
    return this.there;
  }

  /** Rejects when it is refused. The room's word comes before its answer. */
  async ask(): Promise<void> {
    this.asking = true;
    try {
      await this.held.tell(true);
    } finally {
      this.asking = false;
    }
  }

  /** Refused, for too many at once perhaps: it is said again while the room goes on saying so. */
  async giveBack(): Promise<void> {
    if (this.giving_back) return;
    this.giving_back = true;
    await this.held.tell(false).catch(() => undefined);
    this.giving_back = false;
  }

  /** The room's word, whenever it comes: what ended there ends here, and what ended here ends there. */
  keepTo(on: boolean): void {
    this.there = on;
    if (!on && this.held.is_on()) this.held.stop();
    this.takeBack();
  }

  /** This page is out of the room. */
  left(): void {
    this.there = false;
    if (this.held.is_on()) this.held.stop();
  }

  private takeBack(): void {
    if (this.there && !this.asking && !this.held.is_on()) void this.giveBack();
  }
}
