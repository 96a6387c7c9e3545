/** What weak lines make the room do without, followed on the socket; see `call/weakLine.ts`. */

import { socket } from "../../api/events";
import type { Encoding, PicturePart, PictureShown } from "../../api/types";
import { NOTHING_GIVEN_UP, onUltrasound, sentences, type WeakLine, WeakLineWatch } from "../../call/weakLine";
import { w } from "../../words/index.svelte";

const LOOK_EVERY_MS = 250;
/** Told of before the page knew its binding: as many as one scan may need. */
const HEARD = 16;

export class WeakLineModel {
  line = $state.raw<WeakLine>(NOTHING_GIVEN_UP);
  over = $state(false);
  private binding_id: string | null = null;
  private heard: PictureShown[] = [];
  private readonly watch = new WeakLineWatch();

  constructor(
    readonly consult_id: string,
    private readonly onPart: (since_us: number, part: PicturePart, encoding: Encoding) => void,
    /** Whether pictures and voices come at this moment. */
    private readonly arriving: () => boolean,
  ) {}

  /** Follow the socket; returns the way to stop. */
  follow(): () => void {
    const stops = [
      socket.on("line_reduced", ({ consult_id, given_up }) => {
        if (consult_id === this.consult_id) this.tell(() => this.watch.own(given_up, performance.now()));
      }),
      // On a new connection nothing has been given up yet: that says nothing of the line.
      socket.on("media_offer", ({ consult_id }) => {
        if (consult_id === this.consult_id) this.tell(() => this.watch.forget("own"));
      }),
      socket.on("picture_shown", (shown) => {
        if (shown.consult_id !== this.consult_id) return;
        this.heard = [...this.heard, shown].slice(-HEARD);
        this.shown(shown);
      }),
    ];
    const timer = setInterval(() => this.tell(() => undefined), LOOK_EVERY_MS);
    return () => {
      clearInterval(timer);
      stops.forEach((stop) => stop());
    };
  }

  /** Another station, or none: nothing of the one before stays. */
  bind(binding_id: string | null): void {
    if (binding_id === this.binding_id) return;
    this.binding_id = binding_id;
    this.tell(() => this.watch.forget("station"));
    this.heard.forEach((shown) => this.shown(shown));
  }

  private shown({ binding_id, since_us, part, given_up, encoding }: PictureShown): void {
    if (binding_id !== this.binding_id) return;
    this.onPart(since_us, part, encoding);
    // What is given up in the reduced encoding concerns only who gets it, and comes as one's own line's.
    if (encoding === "main") this.tell(() => this.watch.station(given_up, performance.now()));
  }

  get faces_off(): boolean {
    return this.line.own.includes("faces");
  }

  /** All of it, to be said once aloud. */
  get said(): string {
    const all = sentences(this.line, w.room.weak, w.common.listComma);
    return all.length > 0 ? all.join(w.common.listComma) : this.over ? w.room.weak.over : "";
  }

  /** What is said on the ultrasound picture. */
  get onUltrasound(): string[] {
    return sentences(onUltrasound(this.line), w.room.weak, w.common.listComma);
  }

  private tell(change: () => void): void {
    change();
    this.line = this.watch.line;
    this.over = this.watch.isOver(performance.now(), this.arriving());
  }
}
