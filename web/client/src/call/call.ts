/**
 * One participant's media connection to a consult's room.
 *
 * The server is the only offerer. Each offer is a new RTCPeerConnection; the tracks, what is muted, and
 * the last pictures outlive it. A lost path is answered by asking for a new offer, again and again.
 */

import type { AnswerMedia, MediaKind, MediaOffer, RestartMedia, SendAtMost, SlotBound } from "../api/types";
import { type Decoded, DecodedFrames, NOTHING_DECODED } from "./decoded";
import { asHeard } from "./fullBand";
import { peerConfiguration } from "./ice";
import { PathWatch, waitBeforeTry_ms } from "./path";
import { type Figures, NO_FIGURES, QualityMeter, type StatsEntry } from "./quality";
import { sendAtMost, smaller } from "./sendAtMost";
import { bound, carrying, ecgLines, expectsMedia, NO_SLOTS, type Slots } from "./slots";

export type CallState = "joining" | "connected" | "reconnecting" | "closed";

/** What the room may see of the connection. */
export interface CallView {
  state: CallState;
  /** When the path was lost (this computer's clock), `null` while it is up. */
  lost_at_ms: number | null;
  /** Tries since then. */
  attempt: number;
  slots: Slots;
  figures: Figures;
  /** When new frames were decoded last. */
  decoded: Decoded;
  /** Nothing came since the look before. */
  quiet: boolean;
  /** The browser cannot read the ECG's RTP stream: it must come over the socket. */
  ecg_over_socket: boolean;
}

/** What the call needs from outside. Commands reject when refused or when the socket is away. */
export interface CallOutside {
  answer(message: Omit<AnswerMedia, "id">): Promise<unknown>;
  restart(message: Omit<RestartMedia, "id">): Promise<unknown>;
  changed(view: CallView): void;
  /** A remote track is there (again). Never called for the ECG. */
  track(mid: string, track: MediaStreamTrack, receiver: RTCRtpReceiver): void;
  now_ms(): number;
  after(ms: number, then: () => void): () => void;
  makePeer(configuration: RTCConfiguration): RTCPeerConnection;
  /** The drawing worker that reads the ECG. */
  ecg_worker: Worker | null;
}

const LOOK_EVERY_MS = 500;
const LOOK_SOON_MS = 100;
const OFFER_WITHIN_MS = 5000;

/** The parts of the encoded-transform API used here; absent in older browsers. */
type ScriptTransform = new (worker: Worker, options?: unknown) => RTCRtpReceiver["transform"];

export function scriptTransform(): ScriptTransform | null {
  const found = (globalThis as { RTCRtpScriptTransform?: ScriptTransform }).RTCRtpScriptTransform;
  return found ?? null;
}

export class Call {
  private peer: RTCPeerConnection | null = null;
  private offer: MediaOffer | null = null;
  private tracks = new Map<MediaKind, MediaStreamTrack | null>();
  private readonly limits = new Map<MediaKind, number>();
  /** What the server says an m-line of this connection carries. */
  private readonly told_limits = new Map<string, number>();
  private full_band = false;
  /** The connection whose descriptions are being set. */
  private negotiating: RTCPeerConnection | null = null;
  private slots: Slots = NO_SLOTS;
  private readonly transformed = new WeakSet<RTCRtpReceiver>();
  private state: CallState = "joining";
  private lost_at_ms: number | null = null;
  private attempt = 0;
  private ecg_worker: Worker | null;
  private watch: PathWatch | null = null;
  private readonly meter = new QualityMeter();
  private figures = NO_FIGURES;
  private readonly frames = new DecodedFrames();
  private decoded = NOTHING_DECODED;
  private stopLooking: () => void = () => undefined;
  private stopWaiting: () => void = () => undefined;

  constructor(
    readonly consult_id: string,
    private readonly outside: CallOutside,
  ) {
    this.ecg_worker = outside.ecg_worker;
  }

  get view(): CallView {
    const { state, lost_at_ms, attempt, slots, figures, decoded } = this;
    return { state, lost_at_ms, attempt, slots, figures, decoded, quiet: this.watch?.isQuiet === true, ecg_over_socket: scriptTransform() === null };
  }

  /** An offer of the server: leave the old connection, answer this one. */
  async offered(offer: MediaOffer): Promise<void> {
    if (this.state === "closed" || offer.consult_id !== this.consult_id) return;
    this.stopWaiting();
    this.leavePeer();
    const peer = this.outside.makePeer(peerConfiguration(offer));
    this.peer = peer;
    this.offer = offer;
    this.watch = new PathWatch(this.outside.now_ms());
    peer.onconnectionstatechange = () => void this.look(peer);
    peer.ontrack = (event) => this.arrived(event);
    this.listen();
    try {
      await this.answer(peer, offer);
    } catch {
      if (this.peer === peer) this.lose();
    }
  }

  /** An m-line carries something else from now on. */
  bound(message: SlotBound): void {
    if (message.peer_id !== this.offer?.peer_id) return;
    const { mid, participant_id, kind } = message;
    this.slots = bound(this.slots, { mid, participant_id, kind });
    if (kind === "ecg") this.readEcg(mid);
    this.tell();
  }

  /** The server says how much an m-line carries of what is published. */
  limited({ peer_id, mid, bits_per_second }: Pick<SendAtMost, "peer_id" | "mid" | "bits_per_second">): void {
    if (peer_id !== this.offer?.peer_id) return;
    this.told_limits.set(mid, bits_per_second);
    void this.applyLimit(mid);
  }

  /** The server says that a peer connection is gone. */
  lost(peer_id: string): void {
    if (peer_id === this.offer?.peer_id) this.lose();
  }

  /** What is published as `kind` from now on; `null`: nothing. */
  publish(kind: MediaKind, track: MediaStreamTrack | null): void {
    this.tracks.set(kind, track);
    for (const [mid, wanted] of Object.entries(this.offer?.publish ?? {})) {
      if (wanted === kind) void this.transceiver(mid)?.sender.replaceTrack(track);
    }
  }

  /** The highest bit rate of what is published as `kind`; kept through new connections. `null`: the browser's own. */
  async limit(kind: MediaKind, most_bps: number | null): Promise<void> {
    if (most_bps === null) this.limits.delete(kind);
    else this.limits.set(kind, most_bps);
    await this.applyLimits();
  }

  /** Let the microphone's whole band through, down to the lowest tone; kept through new connections. */
  async setFullBand(on: boolean): Promise<void> {
    if (on === this.full_band) return;
    this.full_band = on;
    const { peer, offer } = this;
    if (peer === null || offer === null || this.negotiating === peer) return; // whoever negotiates looks again
    try {
      await this.negotiate(peer, offer);
    } catch {
      if (this.peer === peer) this.lose(); // a new connection begins as it should be
    }
  }

  private async applyLimits(): Promise<void> {
    await Promise.all(Object.keys(this.published).map((mid) => this.applyLimit(mid)));
  }

  /** The only place that limits a sender: what this page wishes and what the server says are weighed here. */
  private async applyLimit(mid: string): Promise<void> {
    const kind = this.published[mid];
    const sender = this.transceiver(mid)?.sender;
    if (kind === undefined || sender === undefined) return;
    await sendAtMost(sender, smaller(this.limits.get(kind) ?? null, this.told_limits.get(mid) ?? null));
  }

  /** Another worker draws the ECG from now on. */
  useEcgWorker(worker: Worker): void {
    this.ecg_worker = worker;
    for (const mid of this.ecgMids(this.offer?.sdp ?? "")) {
      const receiver = this.transceiver(mid)?.receiver;
      if (receiver !== undefined) this.transformed.delete(receiver);
      this.readEcg(mid);
    }
  }

  /** The socket is back: a path that is lost is asked for at once. */
  tryNow(): void {
    if (this.isWaiting()) this.retry();
  }

  /** What is published on which m-line. */
  get published(): Record<string, MediaKind> {
    return this.offer?.publish ?? {};
  }

  receiverOf(mid: string): RTCRtpReceiver | null {
    return this.transceiver(mid)?.receiver ?? null;
  }

  async stats(): Promise<StatsEntry[]> {
    const report = await this.peer?.getStats();
    const entries: StatsEntry[] = [];
    report?.forEach((entry: StatsEntry) => entries.push(entry));
    return entries;
  }

  close(): void {
    this.state = "closed";
    this.stopWaiting();
    this.leavePeer();
    this.tell();
  }

  private async answer(peer: RTCPeerConnection, offer: MediaOffer): Promise<void> {
    await this.negotiate(peer, offer);
    const sdp = peer.localDescription?.sdp;
    if (this.peer !== peer || sdp === undefined) return;
    await this.applyLimits();
    await this.outside.answer({ type: "answer_media", peer_id: offer.peer_id, sdp });
  }

  /** Take the offer with the band that is wished for, and once more when that changed meanwhile: never two at once. */
  private async negotiate(peer: RTCPeerConnection, offer: MediaOffer): Promise<void> {
    this.negotiating = peer;
    let full_band: boolean;
    do {
      full_band = this.full_band;
      await peer.setRemoteDescription({ type: "offer", sdp: asHeard(offer.sdp, full_band) });
      if (this.peer !== peer) return;
      this.ecgMids(offer.sdp).forEach((mid) => this.readEcg(mid));
      for (const transceiver of peer.getTransceivers()) this.direct(transceiver, offer.publish);
      await peer.setLocalDescription(await peer.createAnswer());
      if (this.peer !== peer) return;
    } while (full_band !== this.full_band);
    this.negotiating = null;
  }

  private direct(transceiver: RTCRtpTransceiver, publish: Record<string, MediaKind>): void {
    const kind = transceiver.mid === null ? undefined : publish[transceiver.mid];
    transceiver.direction = kind === undefined ? "recvonly" : "sendonly";
    if (kind !== undefined) void transceiver.sender.replaceTrack(this.tracks.get(kind) ?? null);
  }

  private arrived({ transceiver, track, receiver }: RTCTrackEvent): void {
    const mid = transceiver.mid;
    if (mid === null || this.isEcg(mid)) return;
    this.outside.track(mid, track, receiver);
  }

  private isEcg(mid: string): boolean {
    return this.ecgMids(this.offer?.sdp ?? "").includes(mid);
  }

  private ecgMids(sdp: string): string[] {
    const told = [...this.slots.values()].filter((slot) => slot.kind === "ecg");
    return [...ecgLines(sdp), ...told.map((slot) => slot.mid)];
  }

  /** Hand an m-line's encoded frames to the drawing worker, before any decoder sees them. */
  private readEcg(mid: string): void {
    const receiver = this.transceiver(mid)?.receiver;
    const Transform = scriptTransform();
    if (receiver === undefined || Transform === null || this.ecg_worker === null) return;
    if (this.transformed.has(receiver)) return;
    this.transformed.add(receiver);
    receiver.transform = new Transform(this.ecg_worker, { kind: "ecg" });
  }

  private transceiver(mid: string): RTCRtpTransceiver | undefined {
    return this.peer?.getTransceivers().find((transceiver) => transceiver.mid === mid);
  }

  private listen(): void {
    this.stopLooking();
    const again = () => {
      const peer = this.peer;
      if (peer !== null) void this.look(peer);
      this.stopLooking = this.outside.after(this.watch?.isQuiet === true ? LOOK_SOON_MS : LOOK_EVERY_MS, again);
    };
    this.stopLooking = this.outside.after(LOOK_EVERY_MS, again);
  }

  private async look(peer: RTCPeerConnection): Promise<void> {
    const entries = await this.stats();
    const figures = this.meter.read(entries);
    if (this.peer !== peer || this.watch === null) return;
    this.figures = figures;
    this.decoded = this.frames.read(entries, this.slots, this.outside.now_ms());
    const lost = this.watch.isLost({
      at_ms: this.outside.now_ms(),
      state: peer.connectionState,
      packets: figures.packets,
      expects_media: expectsMedia(this.slots),
    });
    if (lost) return this.lose();
    if (peer.connectionState === "connected") this.isUp();
    this.tell();
  }

  private isUp(): void {
    this.state = "connected";
    this.lost_at_ms = null;
    this.attempt = 0;
  }

  private lose(): void {
    if (this.state === "closed") return;
    this.leavePeer();
    this.figures = NO_FIGURES;
    this.state = "reconnecting";
    this.lost_at_ms ??= this.outside.now_ms();
    this.tell();
    this.retry();
  }

  private retry(): void {
    this.stopWaiting();
    this.attempt += 1;
    const wait_ms = waitBeforeTry_ms(this.attempt);
    this.stopWaiting = this.outside.after(wait_ms, () => void this.ask());
    this.tell();
  }

  private async ask(): Promise<void> {
    try {
      await this.outside.restart({ type: "restart_media", consult_id: this.consult_id });
      if (this.isWaiting()) this.stopWaiting = this.outside.after(OFFER_WITHIN_MS, () => this.retry());
    } catch {
      if (this.isWaiting()) this.retry();
    }
  }

  private isWaiting(): boolean {
    return this.state === "reconnecting" && this.peer === null;
  }

  private leavePeer(): void {
    this.stopLooking();
    const peer = this.peer;
    this.peer = null;
    this.offer = null;
    this.watch = null;
    this.slots = NO_SLOTS;
    this.told_limits.clear();
    this.meter.reset();
    this.frames.reset();
    this.decoded = NOTHING_DECODED;
    if (peer === null) return;
    peer.onconnectionstatechange = null;
    peer.ontrack = null;
    peer.close();
  }

  private tell(): void {
    this.outside.changed(this.view);
  }
}

/** The m-lines that carry a kind at this moment. */
export function linesOf(view: CallView, kind: MediaKind): string[] {
  return carrying(view.slots, kind).map((slot) => slot.mid);
}
