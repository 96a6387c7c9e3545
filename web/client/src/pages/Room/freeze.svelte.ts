/**
 * The room's one frozen picture: what stands on the stage, whether it is EXACT, and going from frame to frame.
 *
 * Whoever freezes sees the own copy of the frame at once; the room is told, and what the room says then holds.
 */

import { untrack } from "svelte";
import { ApiError } from "../../api/client";
import { download } from "../../api/download";
import { socket } from "../../api/events";
import type { FrozenPicture, NotStepped, StepUnit, StillAbsence, StillCard } from "../../api/types";
import { decodeStill, verdictOf } from "../../ultrasound/exact";
import type { KeptPicture } from "../../ultrasound/keeping";
import { type KeptFrame, type LookBack, nearest, SAME_FRAME_US, stepped } from "../../ultrasound/lookback";

export type Kept = KeptFrame<KeptPicture>;

export interface Frozen {
  capture_us: number | null;
  /** The frame as it was decoded here; `null`: only what the video showed could be kept, or nothing. */
  kept: Kept | null;
  /** Who froze it or stepped last, when the room said so. */
  by: string | null;
  /** Everybody's; a picture without capture times can stand still for oneself only. */
  shared: boolean;
}

/** How far the exact still of the frozen frame is. Only `exact` may be measured. */
export type Still =
  /** The picture carries no time: nobody can find its frame again. */
  | { kind: "none" }
  | { kind: "asked" }
  | { kind: "fetching"; card: StillCard; bytes: number }
  | { kind: "exact"; card: StillCard; pixels: ImageData }
  /** What came does not have the pixels it claims. */
  | { kind: "differs"; card: StillCard }
  /** This browser cannot compare: no secure connection. */
  | { kind: "cannot_check"; card: StillCard }
  | { kind: "failed"; card: StillCard; fault: ApiError }
  | { kind: "absent"; why: StillAbsence };

/** What stands around the frozen picture. */
export interface AroundFreeze {
  lookBack: LookBack<KeptPicture>;
  /** The capture time on the stage while it is live. */
  live_us(): number | null;
  /** Another frame stands on the stage, or the live picture again. */
  changed(): void;
  /** The same frame, by a truer time. */
  retimed(): void;
}

const RETRY_MS = 3000;
const SEEK_EVERY_MS = 120;
/** How long it is told that something was refused. */
const TOLD_MS = 8000;

export class FreezeModel {
  frozen = $state.raw<Frozen | null>(null);
  /** The seconds before the freeze that this browser kept, oldest first. */
  range = $state.raw<readonly Kept[]>([]);
  /** The frame that was frozen at first; `null` where that is not known here. */
  since_us = $state.raw<number | null>(null);
  still = $state.raw<Still>({ kind: "none" });
  /** Why the last step went nowhere; gone with the next. */
  not_stepped = $state.raw<{ unit: StepUnit; why: NotStepped } | null>(null);
  fault = $state.raw<unknown>(null);
  /** What was asked for and the room did not yet answer. */
  private wanted_us: number | null = null;
  private room: FrozenPicture | null = null;
  /** This page went live so often, and the room has not answered. */
  private going_live = 0;
  private fetching: AbortController | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private seeking: ReturnType<typeof setTimeout> | undefined;
  private steps: { unit: StepUnit; by: number } | null = null;
  private stepping = false;

  constructor(
    private readonly consult_id: string,
    private readonly me: () => string | null,
    private readonly around: AroundFreeze,
  ) {}

  follow(): () => void {
    const stops = [
      socket.on("picture_frozen", ({ consult_id, frozen }) => consult_id === this.consult_id && this.told(frozen ?? null)),
      socket.on("picture_not_stepped", ({ consult_id, unit, why }) => consult_id === this.consult_id && (this.not_stepped = { unit, why })),
    ];
    return () => {
      stops.forEach((stop) => stop());
      clearTimeout(this.seeking);
      this.dropStill();
    };
  }

  /** Keep the frame that is on the screen, with the seconds before it, for everybody. */
  freeze(): void {
    const live_us = this.around.live_us();
    const kept = this.around.lookBack.shownAt(live_us);
    this.range = this.around.lookBack.take();
    const capture_us = kept?.capture_us ?? live_us;
    this.since_us = capture_us;
    // Without a time, what the video holds a moment later stands there: which frame that is, nobody can say.
    if (capture_us === null) return this.show({ capture_us, kept, by: null, shared: false });
    this.show({ capture_us, kept, by: null, shared: true });
    this.ask(capture_us);
  }

  unfreeze(): void {
    const shared = this.frozen?.shared === true;
    this.goLive();
    if (shared) void this.askLive();
  }

  private async askLive(): Promise<void> {
    this.going_live += 1;
    await this.send(socket.command({ type: "unfreeze_picture", consult_id: this.consult_id }));
    this.going_live -= 1;
    // The room's word comes before its answer: still frozen, it refused, or somebody froze it anew.
    if (this.going_live === 0 && this.wanted_us === null && this.room !== null) this.told(this.room);
  }

  /** Frame by frame, or beat by beat: back (below 0) and on. */
  step(by: number, unit: StepUnit): void {
    const { frozen } = this;
    this.not_stepped = null;
    if (frozen === null) return by < 0 ? this.freeze() : undefined;
    if (!frozen.shared) return;
    if (unit === "frame" && this.by_copies) return this.stepHere(by);
    // A key held down steps faster than the station answers: what came meanwhile goes in one.
    this.steps = { unit, by: (this.steps?.unit === unit ? this.steps.by : 0) + by };
    if (!this.stepping) void this.stepOn();
  }

  /** Whether steps go through this browser's own copies: nobody keeps this picture frame by frame. */
  private get by_copies(): boolean {
    return this.still.kind === "absent" && (this.still.why === "no_ring" || this.still.why === "station_lost");
  }

  private stepHere(by: number): void {
    const kept = stepped(this.range, this.frozen?.capture_us ?? 0, by);
    if (kept !== null) this.seek(kept.capture_us);
  }

  private async stepOn(): Promise<void> {
    this.stepping = true;
    while (this.steps !== null) {
      const { unit, by } = this.steps;
      this.steps = null;
      await this.send(socket.command({ type: "step_picture", consult_id: this.consult_id, by, unit }));
    }
    this.stepping = false;
  }

  /** Go to a frame that was kept here, for everybody; told at most every 120 ms while a hand slides. */
  seek(capture_us: number): void {
    const kept = this.find(capture_us);
    if (kept === null || kept.capture_us === this.frozen?.capture_us) return;
    this.not_stepped = null;
    this.show({ capture_us: kept.capture_us, kept, by: null, shared: true });
    this.wanted_us = kept.capture_us;
    this.seeking ??= setTimeout(() => {
      this.seeking = undefined;
      if (this.wanted_us !== null) this.ask(this.wanted_us);
    }, SEEK_EVERY_MS);
  }

  /** Fetch what could not be fetched once more. */
  again(): void {
    clearTimeout(this.retry);
    if (this.still.kind === "failed" || this.still.kind === "differs") void this.fetch(this.still.card);
  }

  /** Another picture, or none: nothing of the one before stays. */
  forget(): void {
    this.frozen = null;
    this.range = [];
    this.since_us = null;
    this.wanted_us = null;
    this.room = null;
    this.not_stepped = null;
    this.dropStill();
  }

  /** What the room says now stands before what the own key did. */
  private told(room: FrozenPicture | null): void {
    this.room = room;
    // What was under way when this page went live, and the end of it once this page has frozen anew, are not news.
    if (this.going_live > 0 && (room !== null || this.wanted_us !== null)) return;
    if (this.wanted_us !== null && room !== null && room.by === this.me() && !isSame(room.capture_us, this.wanted_us)) return;
    this.wanted_us = null;
    if (room === null) return this.goLive();
    const { capture_us, by } = room;
    const kept = this.find(capture_us);
    // What came here until the other side's freeze was told is after it: both sides count from the same frame.
    if (this.frozen === null) {
      this.range = this.around.lookBack.take().filter((one) => one.capture_us <= capture_us || isSame(one.capture_us, capture_us));
      // A page that came later was not there when it was frozen.
      this.since_us = this.range.length > 0 ? capture_us : null;
    }
    const here = this.frozen?.capture_us;
    if (here == null || !isSame(here, capture_us)) this.show({ capture_us, kept, by, shared: true });
    else {
      this.frozen = { ...this.frozen!, capture_us, by, shared: true };
      // The ring's own time, up to 8 ms from what was reckoned here: what lies beside the picture goes by it.
      if (here !== capture_us) this.around.retimed();
    }
    this.tellStill(room);
  }

  private tellStill({ still, absent }: FrozenPicture): void {
    if (still != null) {
      const { still: mine } = this;
      if ("card" in mine && mine.card.still_id === still.still_id && mine.kind !== "failed") return;
      void this.fetch(still);
    } else if (absent != null) {
      this.dropStill();
      this.still = { kind: "absent", why: absent };
    } else {
      // Asked for anew, though it was here: what was said of it, as what a pixel is worth, holds no longer.
      this.dropStill();
      this.still = { kind: "asked" };
    }
  }

  private async fetch(card: StillCard): Promise<void> {
    this.dropStill();
    const mine = new AbortController();
    this.fetching = mine;
    this.still = { kind: "fetching", card, bytes: 0 };
    const settle = (still: Still) => !mine.signal.aborted && (this.still = still);
    try {
      const png = await download(`/api/consults/${this.consult_id}/stills/${card.still_id}`, (bytes) => settle({ kind: "fetching", card, bytes }), mine.signal);
      const pixels = await decodeStill(png).catch(() => null);
      const verdict = pixels === null ? "differs" : await verdictOf(pixels, card);
      settle(verdict === "exact" ? { kind: "exact", card, pixels: pixels! } : { kind: verdict, card });
    } catch (fault) {
      settle({ kind: "failed", card, fault: fault as ApiError });
      if (!mine.signal.aborted && (fault as ApiError).status === 0) this.retry = setTimeout(() => this.again(), RETRY_MS);
    }
  }

  private dropStill(): void {
    this.fetching?.abort();
    this.fetching = null;
    clearTimeout(this.retry);
    this.still = { kind: "none" };
  }

  private show(frozen: Frozen): void {
    this.dropStill();
    this.frozen = frozen;
    if (frozen.shared) this.still = { kind: "asked" };
    this.around.changed();
  }

  private goLive(): void {
    if (this.frozen === null) return;
    this.frozen = null;
    this.range = [];
    this.since_us = null;
    this.not_stepped = null;
    this.wanted_us = null;
    this.dropStill();
    this.around.changed();
  }

  private find(capture_us: number): Kept | null {
    return nearest(untrack(() => this.range), capture_us) ?? this.around.lookBack.find(capture_us);
  }

  private ask(capture_us: number): void {
    this.wanted_us = capture_us;
    void this.send(socket.command({ type: "freeze_picture", consult_id: this.consult_id, capture_us: Math.round(capture_us) }), () => this.refused());
  }

  /** The room stands where it stood, and so does this page. */
  private refused(): void {
    this.wanted_us = null;
    if (this.room === null) this.goLive();
    else this.told(this.room);
  }

  private send(sent: Promise<unknown>, refused?: () => void): Promise<void> {
    this.fault = null;
    return sent.then(
      () => undefined,
      (fault: unknown) => {
        this.fault = fault;
        setTimeout(() => this.fault === fault && (this.fault = null), TOLD_MS);
        refused?.();
      },
    );
  }
}

function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) <= SAME_FRAME_US;
}
