/**
 * The room's sound beyond plain talk: the guard against echoes, and auscultation.
 *
 * While one's own microphone is a stethoscope nothing cancels an echo: unless one wears headphones, either it
 * sends or the others are heard, never both.
 */

import { socket } from "../../api/events";
import { type DeviceFault, faultOf } from "../../call/devices";
import { EchoGuard, LOOK_EVERY_MS } from "../../call/echoGuard";
import { HalfDuplex, type Way } from "../../call/halfDuplex";
import { SoundMeter } from "../../call/loudness";
import { Claim } from "./claim";
import type { RoomMedia } from "./media.svelte";

/** No noise suppression, no automatic gain, no echo cancelling: what the microphone hears. */
export const UNPROCESSED: MediaTrackConstraints = {
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: false,
  channelCount: 1,
  sampleRate: 48_000,
};
export const AUSCULTATION_BPS = 128_000;
const LOWERED = 0.25;
const WINDOWS = "cloud-clinic.sound";
const SAID_EVERY_MS = 1_000;
const GONE_AFTER_MS = 3_000;

export class RoomSound {
  /** This microphone is a stethoscope. */
  on = $state(false);
  /** Which way is open while auscultating without headphones. */
  way = $state<Way>("sending");
  headphones = $state(false);
  /** The guard found one's own loudspeaker in one's own microphone. */
  lowered = $state(false);
  /** Another window of this browser sounds already. */
  elsewhere = $state(false);
  /** The microphone is being chosen. */
  asking = $state(false);
  fault = $state.raw<unknown>(null);
  device_fault = $state<DeviceFault | null>(null);
  private readonly guard = new EchoGuard();
  private readonly duplex = new HalfDuplex();
  private meter: SoundMeter | null = null;
  private metered: MediaStreamTrack | null = null;
  readonly claim = new Claim({
    is_on: () => this.on,
    stop: () => this.stop(),
    tell: (on) => socket.command({ type: "set_auscultation", consult_id: this.consult_id, on }),
  });
  private readonly window_id = `${Date.now().toString().padStart(15, "0")}-${Math.random()}`;
  private heard_other_ms = -Infinity;

  constructor(
    private readonly consult_id: string,
    private readonly media: RoomMedia,
  ) {}

  follow(): () => void {
    const timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    const stops = [this.claim.follow(), this.listenToWindows()];
    return () => {
      clearInterval(timer);
      stops.forEach((stop) => stop());
    };
  }

  /**
   * Begin: this microphone, unprocessed, for all to hear. False when refused or when it cannot be opened; true as
   * soon as the room has granted it, while the browser still changes what it sends.
   */
  async begin(device_id: string): Promise<boolean> {
    this.fault = null;
    this.device_fault = null;
    const track = await this.openUnprocessed(device_id);
    if (track === null) return false;
    try {
      await this.claim.ask();
    } catch (fault) {
      track.stop();
      this.fault = fault;
      return false;
    }
    if (track.readyState === "ended") {
      this.device_fault = "none_found"; // pulled out meanwhile
      await this.claim.giveBack();
      return false;
    }
    this.on = true;
    this.duplex.reset();
    this.media.useMicrophone(track, AUSCULTATION_BPS);
    track.onended = () => void this.end(); // pulled out
    return true;
  }

  async end(): Promise<void> {
    this.stop();
    await this.claim.giveBack();
  }

  /** Hear the others in this window after all. */
  hearHere(): void {
    this.heard_other_ms = -Infinity;
    this.forced = true;
  }

  private forced = false;

  close(): void {
    this.meter?.close();
    this.meter = null;
  }

  private async openUnprocessed(device_id: string): Promise<MediaStreamTrack | null> {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: { ...UNPROCESSED, deviceId: { exact: device_id } } });
      return stream.getAudioTracks()[0]!;
    } catch (fault) {
      this.device_fault = faultOf(fault);
      return null;
    }
  }

  private stop(): void {
    this.on = false;
    this.way = "sending";
    this.media.hush(false);
    this.media.useMicrophone(null, null);
  }

  private look(): void {
    const now_ms = performance.now();
    this.elsewhere = !this.forced && now_ms - this.heard_other_ms < GONE_AFTER_MS;
    const others = this.media.othersLevel();
    if (this.on && !this.headphones) return this.oneWay(now_ms, others);
    this.media.hush(false);
    this.way = "sending";
    this.lowered = this.guardAgainst(others);
    this.media.setVolume(this.elsewhere ? 0 : this.lowered ? LOWERED : 1);
  }

  private oneWay(now_ms: number, others: number): void {
    this.lowered = false;
    this.guard.reset();
    this.way = this.duplex.look(now_ms, others);
    this.media.hush(this.way === "listening");
    this.media.setVolume(this.way === "listening" && !this.elsewhere ? 1 : 0);
  }

  /** While others' unprocessed sound or none is heard, there is nothing to guard against. */
  private guardAgainst(others: number): boolean {
    const microphone = this.media.microphone;
    if (this.on || microphone === null || !this.media.microphone_on) {
      this.guard.reset();
      return false;
    }
    return this.guard.look(this.media.sounding ? others : 0, this.level(microphone));
  }

  private level(microphone: MediaStreamTrack): number {
    if (!this.media.sounding) return 0;
    if (this.metered !== microphone) {
      this.meter?.close();
      this.meter = new SoundMeter(microphone);
      this.metered = microphone;
    }
    return this.meter?.level() ?? 0;
  }

  /** Two windows of one browser in calls at once: the one that came second stays silent. */
  private listenToWindows(): () => void {
    if (!("BroadcastChannel" in globalThis)) return () => undefined;
    const channel = new BroadcastChannel(WINDOWS);
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === "string" && data < this.window_id) this.heard_other_ms = performance.now();
    };
    const timer = setInterval(() => channel.postMessage(this.window_id), SAID_EVERY_MS);
    return () => {
      clearInterval(timer);
      channel.close();
    };
  }
}
