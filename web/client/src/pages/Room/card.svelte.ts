/** A capture card of this computer as the room's ultrasound: masked, begun by a person, with this computer's clock told. */

import { api } from "../../api/client";
import { serverOffset } from "../../api/clock";
import { socket } from "../../api/events";
import type { CardProfileGiven, CardProfiles, PictureTrouble } from "../../api/types";
import { faultOf, type DeviceFault } from "../../call/devices";
import { watchCard } from "../../ultrasound/cardWatch";
import type { MaskState } from "../../ultrasound/frameMasker";
import { type MaskedTrack, maskTrack } from "../../ultrasound/maskedTrack";
import { Claim } from "./claim";
import type { RoomMedia } from "./media.svelte";
import { maskTroubles } from "./maskTroubles";
import { keepCard } from "./store";

const CLOCK_EVERY_MS = 5_000;
/** So long a new layout is told of, as a new size is. */
const CHANGED_FOR_MS = 10_000;
/** Every frame counts, and none is scaled or cut: what a card gives is what is masked and sent. */
const PICTURE: MediaTrackConstraints & { resizeMode: string } = {
  width: { ideal: 1280 },
  height: { ideal: 960 },
  frameRate: { ideal: 30, max: 30 },
  resizeMode: "none",
};

export class CaptureCard {
  on = $state(false);
  fault = $state.raw<unknown>(null);
  device_fault = $state<DeviceFault | null>(null);
  /** The card gives nothing any more. What was sent of it stays the room's ultrasound, told as lost, until a person opens it anew or ends it. */
  pulled_out = $state(false);
  /** Masking broke down, and the sending with it: in the browser's words. */
  mask_fault = $state<string | null>(null);
  /** What browsers call the card that is open. */
  source = $state("");
  /** The card's own track: for the eyes of who sets its mask up, and for nothing else. */
  raw = $state.raw<MediaStreamTrack | null>(null);
  masked = $state.raw<MaskedTrack | null>(null);
  mask = $state.raw<MaskState | null>(null);
  profiles = $state.raw<readonly CardProfileGiven[]>([]);
  private picture_troubles: PictureTrouble[] = [];
  readonly claim = new Claim({
    is_on: () => this.on,
    stop: () => this.stop(),
    tell: (on) => socket.command({ type: "publish_ultrasound", consult_id: this.consult_id, on, ...(on ? { resident_confirmed: true } : {}) }),
  });
  /** The layout that held last, and since when it is another than before. */
  private layout: string | null = null;
  private layout_changed_ms = -Infinity;
  /** Ends the watch over the picture. */
  private watching: () => void = () => undefined;

  constructor(
    private readonly consult_id: string,
    private readonly media: RoomMedia,
  ) {}

  /** Tell how this computer's clock stands, while a card is sent; returns the way to stop. */
  follow(): () => void {
    const timer = setInterval(() => {
      this.tellClock();
      if (this.pulled_out) this.tellPicture();
    }, CLOCK_EVERY_MS);
    const stops = [this.claim.follow(), socket.on("room_changed", () => this.tellClock())];
    return () => {
      clearInterval(timer);
      stops.forEach((stop) => stop());
      this.on = false;
      this.close();
    };
  }

  /** Open a card and mask it, without sending anything. A card that cannot be masked is not opened. */
  async open(device_id: string): Promise<boolean> {
    this.close();
    this.fault = this.device_fault = this.mask_fault = null;
    keepCard(device_id);
    await this.media.notAsFace(device_id);
    try {
      await this.loadProfiles();
    } catch (fault) {
      this.fault = fault;
      return false;
    }
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { ...PICTURE, deviceId: { exact: device_id } } });
      this.take(stream.getVideoTracks()[0]!);
    } catch (fault) {
      this.device_fault = faultOf(fault);
      return false;
    }
    return true;
  }

  /** What was picked as a card is a camera after all: it may be one's face again. */
  async isCamera(): Promise<void> {
    this.close();
    keepCard("");
    await this.media.openDevices();
  }

  /** Make the open card the room's ultrasound. The person has confirmed whose picture it is. */
  async begin(): Promise<boolean> {
    const { masked } = this;
    if (masked === null) return false;
    this.fault = null;
    try {
      await this.claim.ask();
    } catch (fault) {
      this.fault = fault;
      return false;
    }
    if (masked.track.readyState === "ended") {
      if (!this.on) await this.claim.giveBack(); // pulled out meanwhile
      return false;
    }
    this.on = true;
    this.pulled_out = false;
    this.media.useCard(masked);
    this.tellClock();
    this.tellPicture();
    return true;
  }

  async end(): Promise<void> {
    this.stop();
    await this.claim.giveBack();
  }

  /** Let the card go, as long as it is not sent. */
  close(): void {
    if (this.on && !this.pulled_out) return;
    if (!this.on) this.pulled_out = false; // of what is sent it is told on
    this.letGo();
  }

  /** A profile was signed: what is sent is masked by it from the next frame on. */
  async loadProfiles(): Promise<void> {
    this.profiles = (await api.get<CardProfiles>("/api/card-profiles")).profiles;
    this.masked?.useProfiles(this.own);
  }

  /** The signed profiles of the open card. */
  get own() {
    return this.profiles.map((one) => one.profile).filter((one) => one.source === this.source);
  }

  private stop(): void {
    this.on = false;
    this.close();
    this.media.useCard(null);
  }

  private letGo(): void {
    this.watching();
    this.watching = () => undefined;
    this.masked?.close();
    this.masked = this.raw = this.mask = this.layout = null;
  }

  private take(raw: MediaStreamTrack): void {
    this.close();
    this.picture_troubles = [];
    this.source = raw.label;
    this.raw = raw;
    this.masked = maskTrack(raw, this.own, {
      tell: (state) => this.toldMask(state),
      ended: (why) => this.maskEnded(why),
    });
    this.masked.track.contentHint = "motion";
    this.watching = watchCard(raw, (troubles) => {
      this.picture_troubles = troubles;
      this.tellPicture();
    });
  }

  private maskEnded(why: string | null): void {
    this.mask_fault = why;
    const is_sent = this.on && !this.pulled_out;
    if (why !== null && is_sent) return void this.end();
    this.close();
    this.pulled_out = why === null || this.on;
    this.tellPicture();
  }

  private toldMask(state: MaskState): void {
    if (this.layout !== null && state.layout !== null && this.layout !== state.layout) this.layout_changed_ms = performance.now();
    this.layout = state.layout ?? this.layout;
    this.mask = state;
    this.tellPicture();
  }

  /** Tell the room what is wrong with the picture; again and again, for who comes later. */
  private tellPicture(): void {
    if (!this.on || !this.claim.is_heard) return;
    const troubles: PictureTrouble[] = this.pulled_out
      ? ["lost"]
      : [...this.picture_troubles, ...maskTroubles(this.mask, performance.now() - this.layout_changed_ms < CHANGED_FOR_MS)];
    socket.notice({ type: "report_picture", consult_id: this.consult_id, troubles });
  }

  private tellClock(): void {
    const offset = serverOffset();
    if (!this.on || !this.claim.is_heard || offset === null) return;
    socket.notice({ type: "report_clock", consult_id: this.consult_id, ...offset });
  }
}
