/** What the operator can do now with one press, by a foot switch or the one large key: offered, done, or said why not. */

import { socket } from "../../api/events";
import type { ChecklistCard, GuidingView } from "../../api/types";
import { titleOf } from "../../guiding";
import { type Act, ACTS } from "../../pedals";
import { session } from "../../session.svelte";
import { VIEW_PROTOCOLS } from "../../viewProtocols";
import { w } from "../../words/index.svelte";
import { sentenceOf } from "../../words/refusal";
import { viewWords } from "./checklists";
import type { Offer } from "./largeKey.svelte";
import type { RoomModel } from "./room.svelte";

/** Pressed again within this, a foot switch has bounced: a freeze would be undone by it. */
const BOUNCE_MS = 300;

/** The first view of the opened protocols that nobody has said anything of; `null`: there is none. */
export function nextView(cards: readonly ChecklistCard[]): { card: ChecklistCard; view: string } | null {
  for (const card of cards) {
    const ticked = new Set(card.ticks.filter((one) => one.state !== "open").map((one) => one.view));
    const view = VIEW_PROTOCOLS[card.protocol].views.find(({ code }) => !ticked.has(code));
    if (view !== undefined) return { card, view: view.code };
  }
  return null;
}

export class OperatorModel {
  /** What was done last, or why it was not. */
  said = $state("");
  private last: { act: Act; at_ms: number } | null = null;

  constructor(
    private readonly room: RoomModel,
    private readonly callHelp: () => void,
  ) {}

  /** What can be done now, the most urgent first. */
  get offers(): Offer[] {
    return ACTS.flatMap((act) => {
      const offer = this.offerOf(act);
      return offer === null ? [] : [{ act, ...offer }];
    });
  }

  /** A foot switch was pressed: do it, or say why it is not done. */
  press(act: Act, now_ms: number): void {
    const bounced = this.last?.act === act && now_ms - this.last.at_ms < BOUNCE_MS;
    this.last = { act, at_ms: now_ms };
    if (bounced) return;
    const offer = this.offerOf(act);
    if (offer === null) this.said = w.operator.notNow(w.operator.act[act], w.operator.whyNot[act]);
    else this.perform({ act, ...offer });
  }

  /** Do what was offered. */
  perform({ act, words }: Offer): void {
    this.said = w.operator.did(words);
    const { room } = this;
    const [asked] = room.guiding.open;
    switch (act) {
      case "done":
      case "seen": if (asked !== undefined) room.guiding.answer(asked, act); return;
      case "cannot": if (asked !== undefined) room.guiding.answer(asked, "cannot", "other"); return;
      case "take_back_control":
        if (this.isAllowed) void room.guiding.allowTurning(false);
        for (const one of this.controls) room.guiding.answer(one, "cannot", "other");
        return;
      case "freeze": return room.toggleFreeze();
      case "keep_still": return room.keepPicture();
      case "keep_clip": return void room.takeClip();
      case "next_view": return void this.tickNext();
      case "call_help": return this.callHelp();
    }
  }

  /** It was held, but is not what it was any more. */
  gone({ words }: Offer): void {
    this.said = w.operator.gone(words);
  }

  /** The specialist may turn the scanner at this moment. */
  private get isAllowed(): boolean {
    return this.room.guiding.scanner?.allowed != null;
  }

  private get controls(): GuidingView[] {
    return this.room.guiding.open.filter((one) => one.control !== null);
  }

  private offerOf(act: Act): Omit<Offer, "act"> | null {
    const { room } = this;
    if (act === "call_help") return { subject: "", words: w.operator.act.call_help };
    if (room.over || !room.joined) return null;
    if (act === "done" || act === "seen" || act === "cannot") return this.answerOf(act);
    const { scan } = room;
    switch (act) {
      case "take_back_control":
        if (this.isAllowed) return { subject: "allowed", words: w.operator.act.take_back_control };
        return this.controls.length === 0 ? null : { subject: this.controls.map(({ id }) => id).join(" "), words: w.operator.act.take_back_control };
      case "freeze":
        if (!session.may("mark_picture") || (scan.frozen === null && scan.last === null)) return null;
        return scan.frozen === null ? { subject: "freeze", words: w.operator.freeze } : { subject: "live", words: w.operator.live };
      case "keep_still": {
        const card = scan.exact_card;
        if (card === null || room.keep.keeping || (room.kept !== null && !room.kept_lacks) || !session.may("keep_still")) return null;
        return { subject: card.still_id, words: w.operator.act.keep_still };
      }
      case "keep_clip": return room.no_clip === null && !room.clips.asking && session.may("keep_still") ? { subject: "", words: w.operator.act.keep_clip } : null;
      case "next_view": {
        const next = nextView(room.consult?.checklists ?? []);
        if (next === null || !session.may("mark_picture")) return null;
        return { subject: `${next.card.protocol} ${next.view}`, words: w.operator.view(viewWords(next.card.protocol, next.view).name) };
      }
    }
  }

  private answerOf(act: "done" | "seen" | "cannot"): Omit<Offer, "act"> | null {
    const [asked] = this.room.guiding.open;
    if (asked === undefined || (act === "seen" && asked.state === "seen")) return null;
    return { subject: asked.id, words: w.operator.answer(w.operator.act[act], titleOf(asked)) };
  }

  private async tickNext(): Promise<void> {
    const next = nextView(this.room.consult?.checklists ?? []);
    if (next === null) return;
    const { card, view } = next;
    try {
      await socket.command({ type: "tick_view", consult_id: this.room.consult_id, protocol: card.protocol, view, state: "adequate", still_id: null });
    } catch (refused) {
      this.said = sentenceOf(refused);
    }
  }
}
