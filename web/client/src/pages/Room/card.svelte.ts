/** A capture card of this computer as the room's ultrasound: begun by a person, with this computer's clock told. */

import { serverOffset } from "../../api/clock";
import { socket } from "../../api/events";
import { faultOf, type DeviceFault } from "../../call/devices";
import type { PictureTrouble } from "../../api/types";
import { watchCard } from "../../ultrasound/cardWatch";
import type { RoomMedia } from "./media.svelte";

const CLOCK_EVERY_MS = 5_000;
/** Every frame counts, and none is scaled: what a card gives is what is sent. */
const PICTURE: MediaTrackConstraints = { width: { ideal: 1280 }, height: { ideal: 960 }, frameRate: { ideal: 30, max: 30 } };

export class CaptureCard {
  on = $state(false);
  fault = $state.raw<unknown>(null);
  device_fault = $state<DeviceFault | null>(null);

  constructor(
    private readonly consult_id: string,
    private readonly media: RoomMedia,
  ) {}

  /** Tell how this computer's clock stands, while a card is sent; returns the way to stop. */
  follow(): () => void {
    const timer = setInterval(() => this.tellClock(), CLOCK_EVERY_MS);
    const stop = socket.on("room_changed", () => this.tellClock());
    return () => {
      clearInterval(timer);
      stop();
    };
  }

  /** Open the card and make it the room's ultrasound. The person has confirmed whose picture it is. */
  async begin(device_id: string): Promise<boolean> {
    this.fault = null;
    this.device_fault = null;
    let track: MediaStreamTrack;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { ...PICTURE, deviceId: { exact: device_id } } });
      track = stream.getVideoTracks()[0]!;
    } catch (fault) {
      this.device_fault = faultOf(fault);
      return false;
    }
    track.contentHint = "motion";
    try {
      await socket.command({ type: "publish_ultrasound", consult_id: this.consult_id, on: true, resident_confirmed: true });
    } catch (fault) {
      track.stop();
      this.fault = fault;
      return false;
    }
    this.on = true;
    await this.media.useCard(track);
    this.tellClock();
    this.watching = watchCard(track, (troubles) => this.tellPicture(troubles));
    track.onended = () => void this.end(); // pulled out
    return true;
  }

  async end(): Promise<void> {
    this.on = false;
    this.watching();
    await this.media.useCard(null);
    await socket.command({ type: "publish_ultrasound", consult_id: this.consult_id, on: false }).catch(() => undefined);
  }

  /** The room says who sends: a card that lost its place sends nothing any more. */
  keepTo(on: boolean): void {
    if (this.seen_on && !on && this.on) {
      this.on = false;
      this.watching();
      void this.media.useCard(null);
    }
    this.seen_on = on;
  }

  private seen_on = false;
  /** Ends the watch over the picture. */
  private watching: () => void = () => undefined;

  /** Tell the room what is wrong with the picture; again and again, for who comes later. */
  private tellPicture(troubles: PictureTrouble[]): void {
    if (this.on && this.seen_on) socket.notice({ type: "report_picture", consult_id: this.consult_id, troubles });
  }

  private tellClock(): void {
    const offset = serverOffset();
    if (!this.on || !this.seen_on || offset === null) return;
    socket.notice({ type: "report_clock", consult_id: this.consult_id, ...offset });
  }
}
