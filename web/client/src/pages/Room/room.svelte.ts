/**
 * One consult's room: joins it, keeps it through lost lines, and holds what its pages show.
 *
 * Media, ECG and ultrasound have models of their own; this one ties them to the consult and its binding.
 */

import { SvelteMap } from "svelte/reactivity";
import { api, ApiError } from "../../api/client";
import { serverNow_ms } from "../../api/clock";
import { RefusedError, socket } from "../../api/events";
import { live } from "../../api/live.svelte";
import type { ConsultCard, ConsultPage, DerivedMeasurement, Institution, Participant, Reading, ReadingKind, StationCard, StepUnit, TapeView } from "../../api/types";
import { session } from "../../session.svelte";
import { CaptureCard } from "./card.svelte";
import { read } from "../../ecg/calipers";
import { readingOf } from "../../ultrasound/readings";
import { derivedText } from "../../words/derived";
import { readingText } from "../../words/ecgCalipers";
import { figure } from "../../words/format";
import { w } from "../../words/index.svelte";
import { measuredText } from "../../words/pictureCalipers";
import { CaliperModel } from "./calipers.svelte";
import { nameOf } from "./names";
import { captureClock } from "./picture";
import { EarlierExam } from "./earlierExam.svelte";
import { EcgModel } from "./ecg.svelte";
import { ClipModel, type NoClip, noClipOf } from "./clips.svelte";
import { DeriveModel } from "./derive.svelte";
import { type InRecord, KeepModel, type OnStage } from "./keepStill.svelte";
import { InsetModel } from "./inset.svelte";
import { GuidingModel } from "./guiding.svelte";
import { RoomMedia } from "./media.svelte";
import type { Tool } from "./marks.svelte";
import { ScanModel } from "./scan.svelte";
import { RoomSound } from "./sound.svelte";
import { WeakLineModel } from "./weak.svelte";
import { type BindableView, nextView, stateWith, viewsOf } from "./viewBinding";
import { type WayOut, wayOutOf } from "../../wayOut";
import { type Heard, lastKnownOf, laterOf, SHOWN_KINDS, type Vital, vitalOf } from "./vitals";

const REPORT_EVERY_MS = 2000;
const TICK_MS = 500;
const NOTHING_SENT = { microphone_on: false, camera_on: false };

export class RoomModel {
  page = $state.raw<ConsultPage | null>(null);
  /** A guest's consult is gone from the list when it ends: what the page then says stands under its last card. */
  private last_card = $state.raw<ConsultCard | null>(null);
  /** The room cannot be entered; the server's sentence. */
  refused = $state.raw<RefusedError | null>(null);
  joined = $state(false);
  /** The server says that there is no such consult for this person. */
  missing = $state(false);
  closed_reason = $state<string | null>(null);
  /** Moves every half second, for everything that shows a running time. */
  now_ms = $state(Date.now());
  readonly heard = new SvelteMap<ReadingKind, Heard>();
  readonly ecg: EcgModel;
  readonly calipers: CaliperModel;
  /** What is to be written into the opinion next. */
  addition = $state<string | null>(null);
  readonly scan: ScanModel;
  readonly keep: KeepModel;
  readonly clips: ClipModel;
  /** Why the last still was bound to no view. */
  bind_fault = $state.raw<unknown>(null);
  readonly deriving: DeriveModel;
  readonly media: RoomMedia;
  readonly sound: RoomSound;
  readonly card: CaptureCard;
  readonly weak: WeakLineModel;
  readonly guiding: GuidingModel;
  readonly inset = new InsetModel();
  /** An earlier exam of the resident, beside the running picture. */
  readonly earlier: EarlierExam;
  private stops: (() => void)[] = [];

  constructor(readonly consult_id: string) {
    this.ecg = new EcgModel(
      consult_id,
      () => this.scan.stationNow_us(),
      (worker) => this.media.useEcgWorker(worker),
      session.may("see_residents"),
    );
    this.calipers = new CaliperModel(consult_id, this.ecg);
    this.scan = new ScanModel(consult_id, (capture_us) => this.ecg.pointAt(this.station?.one_clock === false ? null : capture_us), this.ecg, () => this.me?.id ?? null);
    this.keep = new KeepModel(consult_id, () => this.marked);
    this.clips = new ClipModel(consult_id);
    this.deriving = new DeriveModel(consult_id);
    this.earlier = new EarlierExam(consult_id);
    this.weak = new WeakLineModel(
      consult_id,
      (since_us, part, encoding) => this.scan.partTold(since_us, part, encoding),
      () => this.media.arriving,
    );
    this.media = new RoomMedia(consult_id, session.current?.demo ?? false, this.ecg.worker);
    this.sound = new RoomSound(consult_id, this.media);
    this.card = new CaptureCard(consult_id, this.media);
    this.guiding = new GuidingModel(consult_id, { participants: () => this.participants, auscultating: () => this.auscultating !== null });
  }

  get consult(): ConsultCard | null {
    return live.consults.get(this.consult_id) ?? this.page?.consult ?? this.last_card;
  }

  get participants(): Participant[] {
    return live.rooms.get(this.consult_id)?.participants ?? [];
  }

  /** Who is a person among them: neither a station's devices nor a screen. */
  get people(): Participant[] {
    return this.participants.filter((one) => one.door === null && one.person.role !== "station");
  }

  /** Whether the room is recorded, as everyone in it is told. */
  get tape(): TapeView | null {
    return live.rooms.get(this.consult_id)?.tape ?? null;
  }

  get me(): Participant | null {
    return this.participants.find((one) => one.person.id === session.current?.account.id) ?? null;
  }

  /** Whether this role is heard in a room at all: an observer's camera and microphone are not even opened. */
  get speaks(): boolean {
    return session.current?.account.role !== "observer";
  }

  /** Whose microphone is a stethoscope at this moment. */
  get auscultating(): Participant | null {
    return this.participants.find((one) => one.auscultating) ?? null;
  }

  /** Who sends the ultrasound in place of the station: somebody's capture card, or a device by a standard door. */
  get card_of(): Participant | null {
    return this.participants.find((one) => one.publishes.includes("ultrasound") && (one.door === null ? one.person.role !== "station" : one.connected)) ?? null;
  }

  /** What somebody in the room is called. */
  nameOf(participant_id: string): string {
    const one = this.participants.find((other) => other.id === participant_id);
    return one === undefined ? "" : nameOf(one);
  }

  /** What the others measure on the ECG, a sentence each. */
  calipersOfOthers(rate_hz: number): string[] {
    return [...this.calipers.others].map(([id, one]) => {
      const limbs = { ...one, rr: one.rr ?? null };
      return `${this.nameOf(id)}: ${readingText(limbs, read(limbs, rate_hz))}`;
    });
  }

  /** Whether the opinion on this consult is this person's to write. */
  get writes_opinion(): boolean {
    return this.consult?.specialist?.id !== undefined && this.consult.specialist.id === session.current?.account.id;
  }

  /** Everybody but the station and oneself; its room's camera is somebody to look at, a screen is not. */
  get others(): Participant[] {
    return this.participants.filter((one) => (one.door === "camera" || (one.door === null && one.person.role !== "station")) && one.id !== this.me?.id);
  }

  /** Whose picture shows the hand at the probe: the room's camera, else whoever is at the station. */
  get probe_camera(): Participant | null {
    return this.participants.find((one) => one.id === this.guiding.pictured_id) ?? null;
  }

  /** Whoever may be seen, oneself last: an observer has no picture and is named among the people. */
  get faces(): Participant[] {
    const every = [...this.others, ...(this.me === null ? [] : [this.me])];
    return every.filter((one) => one.publishes.includes("face"));
  }

  /** The station whose devices are on this consult's resident. */
  get station(): StationCard | null {
    const bound = this.consult?.station ?? null;
    return bound === null ? null : (live.stations.get(bound.id) ?? bound);
  }

  /** The call is over; what the panels then show is no "not yet". */
  get over(): boolean {
    return ["opinion_due", "signed", "closed", "cancelled"].includes(this.consult?.state ?? "");
  }

  get simulated(): boolean {
    return this.ecg.binding?.simulated === true || this.ecg.status?.simulated === true;
  }

  /** Whether there is a picture of this consult's resident to show: of the bound station, or of a capture card. */
  get pictures(): boolean {
    return this.ecg.binding !== null || this.card_of !== null;
  }

  /** The asking side's institution: its address is what is read out in an emergency. */
  get institution(): Institution | null {
    return institutionBy(this.consult?.asked_by.institution_id);
  }

  /** The invited side's: its telephone is the way to go on when the line stays away. */
  get hospital(): Institution | null {
    return institutionBy(this.consult?.specialist?.institution_id);
  }

  /** The telephone numbers to go on by, the other side's first. */
  get way_out(): WayOut[] {
    const { consult } = this;
    return consult === null ? [] : wayOutOf(consult, session.directory?.institutions ?? [], session.may("answer_guiding"));
  }

  get vitals(): Vital[] {
    return [...SHOWN_KINDS, "diastolic_pressure" as const].map((kind) => this.vital(kind));
  }

  vital(kind: ReadingKind): Vital {
    const stored = this.consult?.readings ?? [];
    return vitalOf(kind, stored, this.heard.get(kind), this.ecg.binding?.id ?? null, this.now_ms, serverNow_ms(), this.station?.connected === false);
  }

  /** The last reading of a kind that is known here, live or not; for reading out with its time. */
  lastKnown(kind: ReadingKind): Reading | null {
    return lastKnownOf(kind, this.consult?.readings ?? [], this.heard.get(kind));
  }

  /** The path or the socket is lost: since when, and which try this is. */
  get lost(): { seconds: number; attempt: number; socket: boolean } | null {
    const { view } = this.media;
    const times = [view.lost_at_ms, socket.lost_at_ms].filter((one) => one !== null);
    if (!this.joined || times.length === 0) return null;
    const seconds = Math.max(0, (this.now_ms - Math.min(...times)) / 1000);
    return { seconds, attempt: Math.max(view.attempt, socket.attempts, 1), socket: socket.lost_at_ms !== null };
  }

  /** Pictures, voices and the ECG cannot arrive. A lost socket alone does not stop them. */
  get path_lost(): boolean {
    return this.joined && this.media.view.lost_at_ms !== null;
  }

  /** Open everything and go in. */
  open(): void {
    this.stops = [this.media.follow(), this.ecg.follow(), this.calipers.follow(), this.scan.follow(), this.keep.follow(), this.clips.follow(), this.deriving.follow(), this.weak.follow(), this.sound.follow(), this.card.follow(), this.followEvents(), this.keepTime()];
    if (session.may("see_residents")) {
      void this.load();
      void this.keep.load();
    }
    void this.enter();
  }

  /** Go in, or go in again after the server forgot us. */
  async enter(): Promise<void> {
    this.refused = null;
    this.closed_reason = null;
    try {
      if (this.media.devices === null && this.speaks) await this.media.openDevices();
      await socket.command({ type: "join_room", consult_id: this.consult_id, ...(this.speaks ? this.media.sent : NOTHING_SENT) });
      this.joined = true;
    } catch (fault) {
      if (!(fault instanceof RefusedError)) throw fault;
      this.refused = fault;
      this.letDevicesGo();
    }
  }

  /** Keep ECG and ultrasound at the running binding; call when the consult's card changes. */
  followBinding(): void {
    const binding = this.consult?.binding ?? null;
    const running = binding !== null && binding.ended_at === null ? binding : null;
    if (running?.id !== this.ecg.binding?.id) this.heard.clear();
    this.ecg.bind(running);
    this.scan.bind(running?.id ?? null);
    this.weak.bind(running?.id ?? null);
    if (this.media.view.ecg_over_socket) this.ecg.wantOverSocket();
  }

  /** Keep picture and sound at what the room says; call when its participants change. */
  followParticipants(): void {
    this.scan.comesFrom(this.card_of?.id ?? null);
    if (this.me === null) return; // a line that is away is no word of the room
    this.sound.claim.keepTo(this.me.auscultating);
    this.card.claim.keepTo(this.card_of?.id === this.me.id);
  }

  async leave(): Promise<void> {
    this.joined = false;
    await socket.command({ type: "leave_room", consult_id: this.consult_id }).catch(() => undefined);
  }

  close(): void {
    this.stops.forEach((stop) => stop());
    this.earlier.close();
    this.sound.close();
    this.media.close();
    this.ecg.close();
  }

  /** Turn microphone or camera on or off. What the server refuses is still done here: mute is never late. */
  toggle(device: "microphone" | "camera"): void {
    const { microphone_on, camera_on } = this.media;
    const change = device === "microphone" ? { microphone_on: !microphone_on } : { camera_on: !camera_on };
    this.media.setMuted(change).catch(() => undefined);
  }

  /** Freeze the picture for everybody, or go live again. */
  toggleFreeze(): void {
    if (session.may("mark_picture")) this.scan.toggleFreeze();
  }

  /** Take up a tool, or lay it down. */
  toggleTool(tool: Exclude<Tool, null>): void {
    if (session.may("mark_picture")) this.scan.use(this.scan.marks.tool === tool ? null : tool);
  }

  /** From frame to frame or beat to beat, for everybody. */
  step(by: number, unit: StepUnit): void {
    if (session.may("mark_picture")) this.scan.step(by, unit);
  }

  /** Take back what one did last on the frozen picture: a point that is being measured, else a mark. */
  undo(): void {
    const { scan } = this;
    if (!session.may("mark_picture") || scan.frozen === null) return;
    if (scan.marks.tool !== "measure" || !scan.measuring.undo()) scan.marks.undo();
  }

  /** Keep the exact picture on the stage, its marks and what is measured on it with the record. */
  keepPicture(): void {
    const { exact_card: card, measuring } = this.scan;
    if (card !== null && session.may("keep_still")) void this.keep.keep(card, measuring.laidOn(card.still_id));
  }

  /** Look at an earlier exam beside the running picture, or put it away. */
  toggleEarlier(): void {
    const { consult } = this;
    if (this.earlier.is_open) this.earlier.close();
    else if (consult !== null && session.may("see_residents")) void this.earlier.open(consult.resident.id);
  }

  /** The still on the stage as it is in the record; `null`: it is not kept. */
  get kept(): InRecord | null {
    const { exact_card: card } = this.scan;
    return card === null ? null : (this.keep.kept.get(card.still_id) ?? null);
  }

  /** The kept still on the stage lacks what was drawn or measured since. */
  get kept_lacks(): boolean {
    const { exact_card: card, measuring } = this.scan;
    return card !== null && this.keep.changedSince(card, measuring.laidOn(card.still_id));
  }

  private get marked(): OnStage | null {
    const { exact_card: card, marks } = this.scan;
    return card === null ? null : { still_id: card.still_id, mark_ids: marks.shown.map(({ mark }) => mark.id) };
  }

  /** Keep the exact picture on the stage, unless it is kept as it stands, and bind it to a view: the one whose turn it is, unless told. */
  async keepForView(chosen: BindableView | null = null): Promise<void> {
    const { exact_card: card, measuring } = this.scan;
    if (card === null || !session.may("keep_still") || this.keep.keeping) return;
    const cards = () => this.consult?.checklists ?? [];
    // One that is kept once more shows what it showed before.
    const shown = this.kept !== null && this.kept_lacks ? viewsOf(cards(), this.kept.id) : [];
    const next = nextView(cards());
    const views = chosen !== null ? [chosen] : shown.length > 0 || next === null ? shown : [next];
    this.bind_fault = views.length === 0 ? "none_open" : null;
    if (views.length === 0) return;
    const kept = this.kept !== null && !this.kept_lacks ? this.kept : await this.keep.keep(card, measuring.laidOn(card.still_id));
    if (kept === null) return;
    for (const view of views) {
      await socket
        .command({ type: "tick_view", consult_id: this.consult_id, protocol: view.protocol, view: view.view, state: stateWith(cards(), view), still_id: kept.id })
        .catch((fault: unknown) => (this.bind_fault = fault));
    }
  }

  /** Why the last seconds of the picture cannot be kept; `null`: they can. */
  get no_clip(): NoClip | null {
    return noClipOf({ over: this.over, elsewhere: this.card_of !== null, bound: this.ecg.binding !== null, station_connected: this.station?.connected !== false });
  }

  /** Keep the last seconds before the frozen picture, or before now, with the record. */
  takeClip(): void {
    if (session.may("keep_still")) void this.clips.take(this.no_clip);
  }

  /** Whether what stands on the stage can be cited: an exact picture, by whoever writes the opinion. */
  get citable(): boolean {
    return this.writes_opinion && this.scan.exact_card !== null;
  }

  /** Write the exact picture and what is measured on it into the opinion. */
  citePicture(): void {
    const { exact_card: card, measuring } = this.scan;
    if (card === null || !this.citable) return;
    const texts = measuring.laidOn(card.still_id).flatMap((one) => {
      const read = readingOf(one, card);
      return read === null || "refused" in read ? [] : [measuredText(one, read)];
    });
    const number = this.kept_lacks ? null : this.kept?.number;
    const when = w.picture.measure.when(captureClock(card.capture_us), figure(card.frame_number), number ?? null);
    this.addition = texts.length === 0 ? w.picture.measure.cited(when) : w.picture.measure.written(when, texts.join(w.common.listComma));
  }

  /** Write what was derived of kept measurements into the opinion, with what it is made of. */
  citeDerived(whole: DerivedMeasurement): void {
    if (this.writes_opinion) this.addition = w.derive.cited(derivedText(whole));
  }

  clearMarks(): void {
    if (session.may("mark_picture") && this.scan.frozen !== null && this.scan.marks.shown.length > 0) this.scan.marks.clear();
  }

  tryNow(): void {
    if (socket.status !== "connected") socket.retryNow();
    this.media.tryNow();
  }

  private async load(): Promise<void> {
    try {
      this.page = await api.get<ConsultPage>(`/api/consults/${this.consult_id}`);
      live.takeChat(this.consult_id, this.page.chat);
    } catch (fault) {
      // unreachable: the card from the socket is enough to work with
      this.missing = fault instanceof ApiError && fault.status !== 0;
    }
  }

  private followEvents(): () => void {
    const stops = [
      socket.on("welcome", ({ resumed }) => this.welcomed(resumed)),
      socket.on("room_closed", ({ consult_id, reason }) => consult_id === this.consult_id && this.roomClosed(reason)),
      socket.on("opinion_signed", ({ consult_id }) => consult_id === this.consult_id && session.may("see_residents") && void this.load()),
      socket.on("ecg_quality", ({ consult_id, binding_id, notes }) => consult_id === this.consult_id && this.ecg.judged(binding_id, notes)),
      socket.on("reading_taken", ({ consult_id, reading, binding_id }) => {
        if (consult_id !== this.consult_id) return;
        const came = { reading, binding_id, heard_ms: Date.now() };
        this.heard.set(reading.kind, laterOf(this.heard.get(reading.kind), came));
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }

  private welcomed(resumed: boolean): void {
    if (!this.joined) return;
    if (resumed) return this.media.tryNow();
    this.ecg.forgotten();
    void this.enter();
    if (session.may("see_residents")) void this.keep.load();
  }

  /** Keep the card for when it is not this person's to see any more. */
  remember(card: ConsultCard): void {
    this.last_card = card;
  }

  private roomClosed(reason: string): void {
    this.joined = false;
    this.closed_reason = reason;
    this.letDevicesGo();
    if (reason !== "joined_elsewhere") this.media.close(); // nobody's camera or microphone stays open
    this.scan.bind(null);
    this.weak.bind(null);
    this.ecg.bind(null);
    this.calipers.putAway();
    this.calipers.others.clear();
  }

  /** This page is out of the room: its stethoscope and its capture card send nothing any more. */
  private letDevicesGo(): void {
    this.sound.claim.left();
    this.card.claim.left();
  }

  private keepTime(): () => void {
    const tick = setInterval(() => {
      this.now_ms = Date.now();
      this.ecg.reckonAge();
    }, TICK_MS);
    const report = setInterval(() => this.report(), REPORT_EVERY_MS);
    return () => {
      clearInterval(tick);
      clearInterval(report);
    };
  }

  private report(): void {
    if (!this.joined || socket.status !== "connected") return;
    const { round_trip_ms, loss_percent, down_mbps, up_mbps, freezes } = this.media.view.figures;
    const status = this.ecg.status;
    socket.notice({
      type: "report_quality",
      consult_id: this.consult_id,
      round_trip_ms,
      loss_percent,
      down_mbps,
      up_mbps,
      freezes,
      ultrasound_fps: this.scan.fps,
      ultrasound_delay_ms: this.scan.delay?.delay_ms ?? null,
      ultrasound_delay_uncertainty_ms: this.scan.delay?.uncertainty_ms ?? null,
      ecg_missing_samples: status === null || status.newest_taken_us === null ? null : status.missing,
      alignment_residual_ms: this.ecg.residual.read()?.p95_ms ?? null,
    });
  }
}

function institutionBy(id: string | undefined): Institution | null {
  return session.directory?.institutions.find((one) => one.id === id) ?? null;
}
