/** The room's media for its pages: the call, one's own devices, who sends what, the button "hear". */

import { SvelteMap } from "svelte/reactivity";
import { suspectLine } from "../../api/clock";
import { socket } from "../../api/events";
import type { MediaKind } from "../../api/types";
import { Call, type CallView } from "../../call/call";
import { NOTHING_DECODED } from "../../call/decoded";
import { type Devices, openDevices } from "../../call/devices";
import { NO_FIGURES } from "../../call/quality";
import { carrying, midOf, NO_SLOTS } from "../../call/slots";
import { Voices } from "../../call/voices";
import type { MaskedTrack } from "../../ultrasound/maskedTrack";
import { KeptPictures } from "./kept";
import { keepMute, keptCard, keptMute } from "./store";

const JOINING: CallView = {
  state: "joining",
  lost_at_ms: null,
  attempt: 0,
  slots: NO_SLOTS,
  figures: NO_FIGURES,
  decoded: NOTHING_DECODED,
  quiet: false,
  ecg_over_socket: false,
};

/** An ultrasound of a browser, and what is left to the face beside it. */
const CARD_BPS = 2_200_000;
const FACE_BESIDE_CARD_BPS = 400_000;

interface Remote {
  track: MediaStreamTrack;
  receiver: RTCRtpReceiver;
}

export class RoomMedia {
  view = $state.raw<CallView>(JOINING);
  devices = $state.raw<Devices | null>(null);
  microphone_on = $state(true);
  camera_on = $state(true);
  needs_hear = $state(false);
  /** No worker takes the room now; the server tries again by itself. */
  is_full = $state(false);
  private readonly remotes = new SvelteMap<string, Remote>();
  private readonly pictures = new KeptPictures();
  private readonly voices: Voices;
  private readonly call: Call;
  private closed = false;
  /** A stethoscope's microphone in place of one's own. */
  private stethoscope: MediaStreamTrack | null = null;
  /** A capture card of this computer, as ultrasound: masked, as the others see it. */
  card = $state.raw<MaskedTrack | null>(null);
  /** While the loudspeaker must be heard, nothing is sent. */
  private hushed = false;

  constructor(
    readonly consult_id: string,
    readonly demo: boolean,
    ecg_worker: Worker | null,
  ) {
    const kept = keptMute(consult_id);
    this.microphone_on = kept.microphone_on;
    this.camera_on = kept.camera_on;
    this.voices = new Voices(demo, (needed) => (this.needs_hear = needed));
    this.call = new Call(consult_id, {
      answer: (message) => socket.command(message),
      restart: (message) => {
        const answer = socket.command(message);
        suspectLine();
        return answer;
      },
      changed: (view) => this.changed(view),
      track: (mid, track, receiver) => this.arrived(mid, { track, receiver }),
      now_ms: () => Date.now(),
      after: (ms, then) => {
        const timer = setTimeout(then, ms);
        return () => clearTimeout(timer);
      },
      makePeer: (configuration) => new RTCPeerConnection(configuration),
      ecg_worker,
    });
  }

  /** Follow the socket; returns the way to stop. */
  follow(): () => void {
    const stops = [
      socket.on("media_offer", (offer) => {
        this.is_full = false;
        void this.call.offered(offer);
      }),
      socket.on("slot_bound", (slot) => this.call.bound(slot)),
      socket.on("send_at_most", (limit) => this.call.limited(limit)),
      socket.on("media_lost", ({ consult_id, peer_id, is_full }) => {
        if (consult_id !== this.consult_id) return;
        this.is_full = is_full ?? false;
        this.call.lost(peer_id);
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }

  /** Open camera and microphone, as far as there are any. */
  async openDevices(): Promise<void> {
    const devices = await openDevices(navigator.mediaDevices as MediaDevices | undefined, this.demo, undefined, keptCard());
    if (this.closed) return devices.close();
    this.devices?.close();
    this.devices = devices;
    this.applyMute();
    this.call.publish("face", devices.camera);
    this.call.publish("voice", this.microphone);
  }

  /** A camera that is picked as capture card is nobody's face any more: no line carries it but masked. */
  async notAsFace(device_id: string): Promise<void> {
    const camera = this.devices?.camera ?? null;
    if (camera === null || camera.getSettings().deviceId !== device_id) return;
    this.call.publish("face", null);
    camera.stop();
    await this.openDevices();
  }

  async setMuted(muted: { microphone_on?: boolean; camera_on?: boolean }): Promise<void> {
    this.microphone_on = muted.microphone_on ?? this.microphone_on;
    this.camera_on = muted.camera_on ?? this.camera_on;
    this.applyMute();
    const { consult_id } = this;
    keepMute(consult_id, this.sent);
    await socket.command({ type: "set_muted", consult_id, ...this.sent });
  }

  /** What is really sent: a device that is not there is off. */
  get sent(): { microphone_on: boolean; camera_on: boolean } {
    return { microphone_on: this.microphone_on, camera_on: this.camera_on };
  }

  /** The video or voice of somebody, as it arrives now; `null` when nothing is bound. */
  trackOf(participant_id: string, kind: MediaKind): MediaStreamTrack | null {
    const mid = midOf(this.view.slots, participant_id, kind);
    return mid === null ? null : (this.remotes.get(mid)?.track ?? null);
  }

  /** When the last frame of somebody's video was decoded, as the last look at the statistics says. */
  newestFrame(participant_id: string, kind: MediaKind): { newest_ms: number | null; looked_at_ms: number } {
    const { slots, decoded } = this.view;
    const mid = midOf(slots, participant_id, kind);
    return { newest_ms: mid === null ? null : (decoded.newest_ms.get(mid) ?? null), looked_at_ms: decoded.looked_at_ms };
  }

  /** Packets come now, over a path that stands. */
  get arriving(): boolean {
    return this.view.state === "connected" && this.view.lost_at_ms === null && !this.view.quiet;
  }

  /** The ultrasound picture, whoever sends it; one's own capture card's comes from no connection. */
  get ultrasound(): Pick<Remote, "track"> & { receiver: RTCRtpReceiver | null } | null {
    if (this.card !== null) return { track: this.card.track, receiver: null };
    const slot = carrying(this.view.slots, "ultrasound")[0];
    return slot === undefined ? null : (this.remotes.get(slot.mid) ?? null);
  }

  get has_ecg_slot(): boolean {
    return carrying(this.view.slots, "ecg").length > 0;
  }

  stats() {
    return this.call.stats();
  }

  /** The ECG's drawing worker was replaced. */
  useEcgWorker(worker: Worker): void {
    this.call.useEcgWorker(worker);
  }

  /** Which m-lines this browser sends on. */
  get published(): Record<string, MediaKind> {
    return this.call.published;
  }

  /** The track that is sent as voice. */
  get microphone(): MediaStreamTrack | null {
    return this.stethoscope ?? this.devices?.microphone ?? null;
  }

  /** Send this microphone in place of one's own, at this bit rate; `null`: one's own again. */
  useMicrophone(track: MediaStreamTrack | null, most_bps: number | null): void {
    if (this.stethoscope !== track) this.stethoscope?.stop();
    this.stethoscope = track;
    this.applyMute();
    this.call.publish("voice", this.microphone);
    void this.call.setFullBand(track !== null);
    void this.call.limit("voice", most_bps);
  }

  /** Send a capture card as ultrasound, never but masked; the face makes room for it. `null`: no more. */
  useCard(card: MaskedTrack | null): void {
    if (this.card !== card) this.card?.close();
    this.card = card;
    this.call.publish("ultrasound", card?.track ?? null);
    void this.call.limit("ultrasound", card === null ? null : CARD_BPS);
    void this.call.limit("face", card === null ? null : FACE_BESIDE_CARD_BPS);
  }

  /** Close the microphone for the moment, without telling anybody that it is muted. */
  hush(hushed: boolean): void {
    if (this.hushed === hushed) return;
    this.hushed = hushed;
    this.applyMute();
  }

  /** The loudest of the others' voices as they arrive, 0 to 1 (RFC 6464, as the browser tells it). */
  othersLevel(): number {
    const levels = carrying(this.view.slots, "voice").map(({ mid }) => {
      const source = this.remotes.get(mid)?.receiver.getSynchronizationSources()[0];
      const fresh = source !== undefined && performance.timeOrigin + performance.now() - source.timestamp < 500;
      return fresh ? (source.audioLevel ?? 0) : 0;
    });
    return Math.max(0, ...levels);
  }

  get sounding(): boolean {
    return this.voices.sounding;
  }

  setVolume(volume: number): void {
    this.voices.setVolume(volume);
  }

  hear(): void {
    this.voices.hear();
  }

  tryNow(): void {
    this.call.tryNow();
  }

  close(): void {
    this.closed = true;
    this.call.close();
    this.voices.close();
    this.pictures.close();
    this.devices?.close();
    this.devices = null;
    this.stethoscope?.stop();
    this.card?.close();
    this.remotes.clear();
  }

  private applyMute(): void {
    const { camera, microphone } = this.devices ?? { camera: null, microphone: null };
    if (camera !== null) camera.enabled = this.camera_on;
    const open = this.microphone_on && !this.hushed;
    if (microphone !== null) microphone.enabled = open;
    if (this.stethoscope !== null) this.stethoscope.enabled = open;
  }

  private arrived(mid: string, remote: Remote): void {
    this.remotes.set(mid, remote);
    this.pictures.keep(mid, remote.track);
    this.setVoices();
  }

  private changed(view: CallView): void {
    this.view = view;
    this.setVoices();
  }

  /** Only what is bound as a voice is ever played: the ECG rides on an audio line too. */
  private setVoices(): void {
    const sounding = new Map<string, MediaStreamTrack>();
    for (const { mid } of carrying(this.view.slots, "voice")) {
      const remote = this.remotes.get(mid);
      if (remote !== undefined) sounding.set(mid, remote.track);
    }
    this.voices.set(sounding);
  }
}
