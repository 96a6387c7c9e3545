/** One tape under the player's hand: a moment on its timeline, and everything shown of that moment. */

import { api } from "../../api/client";
import type { GivenUp, MediaKind, TapePage, TapeTrack } from "../../api/types";
import { chatAt, frozenAt, guidingAt, type Mark, markFrom, type MarkKind, marksMadeOn, marksOf, namesOf, pointersAt, roomAt } from "../../tape/acts";
import { readingAt } from "../../tape/clock";
import type { Stamped } from "../../tape/clocks";
import type { Piece } from "../../tape/ecg";
import { TapeEcgs } from "../../tape/ecgs";
import type { TapeFrame } from "../../tape/frames";
import { TapeParts } from "../../tape/parts";
import { type Sender, sendersOf } from "../../tape/senders";
import { Sound } from "../../tape/sound";
import { onStage, stepAmong } from "../../tape/stage";
import { type Fetch, type Shown, VideoTrack } from "../../tape/video";
import type { Alignment } from "../../ultrasound/alignment";
import type { Placed } from "../../ultrasound/part";

export const SPEEDS = [0.25, 0.5, 1] as const;

export class Player {
  at_us = $state(0);
  playing = $state(false);
  speed = $state<number>(1);
  /** What stands on each video track's canvas, by its number. */
  shown = $state.raw<Record<number, Shown | null>>({});
  readonly marks: Mark[];
  readonly names: Map<string, string>;
  readonly ecgs: TapeEcgs;
  private readonly parts: TapeParts;
  private readonly senders: Map<string, Sender>;
  private readonly videos = new Map<number, VideoTrack>();
  private sound: Sound | null = null;
  private frame = 0;

  constructor(readonly page: TapePage) {
    const { contents, ecgs } = page;
    const losses = contents.losses.map(({ at_us }) => ({ at_us, kind: "loss" as const }));
    this.names = namesOf(contents.acts);
    this.ecgs = new TapeEcgs(contents.acts, ecgs, api.bytes);
    this.parts = new TapeParts(contents.acts);
    this.senders = sendersOf(contents.acts);
    const drawn = marksOf(contents.acts, (capture_us, told_us) => this.ecgs.clocksAt(told_us).placeOf(capture_us, told_us));
    this.marks = [...drawn, ...losses].sort((a, b) => a.at_us - b.at_us);
    const first = this.tracks("ultrasound")[0] ?? this.tracks("face")[0];
    this.at_us = first?.keys_us[0] ?? contents.begin_us; // where there is something to see
  }

  get begin_us(): number {
    return this.page.contents.begin_us;
  }

  get end_us(): number {
    return this.page.contents.end_us;
  }

  tracks(kind: MediaKind): TapeTrack[] {
    return this.page.contents.tracks.filter((track) => track.kind === kind);
  }

  nameOf(participant_id: string): string {
    return this.names.get(participant_id) ?? "–";
  }

  get pointers() {
    return pointersAt(this.page.contents.acts, this.at_us);
  }

  /** What was drawn on the ultrasound frame that is shown. */
  get madeOnFrame() {
    return marksMadeOn(this.page.contents.acts, this.picture?.capture_us ?? null);
  }

  get guiding() {
    return guidingAt(this.page.contents.acts, this.at_us);
  }

  get chat() {
    return chatAt(this.page.contents.acts, this.at_us);
  }

  get present(): string[] {
    const people = roomAt(this.page.contents.acts, this.at_us)?.participants.filter((one) => (one.door ?? null) === null && one.person.role !== "station") ?? [];
    return people.map((one) => one.person.display_name);
  }

  get frozenBy(): string | null {
    return frozenAt(this.page.contents.acts, this.at_us);
  }

  /** How the bound station's clock stood; `null`: never told, then the ECG cannot be placed. */
  get reading() {
    return readingAt(this.ecgs.clocksAt(this.at_us).station, this.at_us);
  }

  /** Whether an ECG was taken at this moment that may be shown. */
  get hasEcg(): boolean {
    return this.ecgs.trackAt(this.at_us) !== null;
  }

  /** What may be said of the shown ultrasound frame and the ECG; `null`: there is none to say it of. */
  get alignment(): Alignment | null {
    const { stamped } = this;
    return stamped === null ? null : this.ecgs.clocksAt(this.at_us).alignment(stamped, this.at_us);
  }

  /** The sample of this moment: of the shown ultrasound frame's own capture time where that is known. */
  get sample(): number | null {
    return this.ecgs.sampleAt(this.stamped, this.at_us);
  }

  /** The ECGs around this moment. */
  ecgAround(reach_s: number): Piece[] {
    return this.ecgs.piecesAround(this.stamped, this.at_us, reach_s);
  }

  /** What the station gave up for its line in the ultrasound frame that is shown. */
  get givenUp(): readonly GivenUp[] {
    const { stage, picture } = this;
    if (stage === null || picture === null || !this.isStations(stage)) return [];
    return this.parts.givenUp(this.ecgs.bindingAt(picture.at_us), this.stationTime(picture));
  }

  /** Where a decoded frame lies in the captured picture; a capture card's and a device's are whole: no station cut them. */
  private placeOf(track: TapeTrack, frame: TapeFrame, width: number, height: number): Placed {
    if (!this.isStations(track)) return null;
    return this.parts.of(this.ecgs.bindingAt(frame.at_us), this.stationTime(frame), width, height);
  }

  /** The capture time of one of the station's own frames; where it stamped none, of about its moment. */
  private stationTime({ at_us, capture_us }: { at_us: number; capture_us: number | null }): number | null {
    return capture_us ?? this.ecgs.clocksAt(at_us).stationTime(null, at_us);
  }

  private isStations(track: TapeTrack): boolean {
    return track.kind === "ultrasound" && this.senders.get(track.participant_id) === "station";
  }

  /** Of those that sent the ultrasound one after the other, whose picture stands on the stage. */
  get stage(): TapeTrack | null {
    return onStage(this.tracks("ultrasound"), this.shown, this.at_us);
  }

  /** The ultrasound frame that is shown. */
  get picture(): Shown | null {
    return this.stage === null ? null : (this.shown[this.stage.number] ?? null);
  }

  /** A station's last picture may stand a moment longer than it was bound: it says nothing of the next one's ECG. */
  private get stamped(): Stamped | null {
    const { stage, picture } = this;
    if (stage !== null && picture !== null && this.isStations(stage) && this.ecgs.bindingAt(picture.at_us) !== this.ecgs.bindingAt(this.at_us)) return null;
    return stage === null || picture === null ? null : { participant_id: stage.participant_id, capture_us: picture.capture_us };
  }

  /** Give a track the canvas it is shown on; returns the way to take it back. */
  attach(track: TapeTrack, canvas: HTMLCanvasElement): () => void {
    const video = new VideoTrack(track.keys_us, track.end_us, this.fetchOf(track), canvas, (frame, width, height) => this.placeOf(track, frame, width, height));
    this.videos.set(track.number, video);
    void this.show();
    return () => {
      video.close();
      this.videos.delete(track.number);
    };
  }

  /** Go to a moment. */
  async seek(at_us: number): Promise<void> {
    this.at_us = Math.min(this.end_us, Math.max(this.begin_us, Math.round(at_us)));
    await this.show();
  }

  /** One frame of the ultrasound on or back, whoever sent it; of a face where there is no ultrasound. */
  async step(forward: boolean): Promise<void> {
    this.pause();
    const ultrasound = this.tracks("ultrasound");
    const track = this.stage ?? this.tracks("face")[0];
    const staged = track === undefined ? undefined : this.videos.get(track.number);
    if (staged === undefined) return;
    const others = ultrasound.filter((one) => one !== track).flatMap((one) => this.videos.get(one.number) ?? []);
    const at_us = await stepAmong(staged, others, this.at_us, forward);
    if (at_us !== null) await this.seek(at_us);
  }

  async toRWave(forward: boolean): Promise<void> {
    this.pause();
    const found = await this.ecgs.rWave(this.at_us, this.wave ?? this.sample, forward);
    if (found === null) return;
    const seeking = this.seek(found.at_us);
    this.wave = found.sample; // at once: the next press may come before the picture does
    this.wave_at_us = this.at_us;
    await seeking;
  }

  async toMark(kind: MarkKind, forward = true): Promise<void> {
    this.pause();
    const at_us = markFrom(this.marks, kind, this.at_us, forward);
    if (at_us !== null) await this.seek(at_us);
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  play(): void {
    if (this.at_us >= this.end_us) this.at_us = this.begin_us;
    this.playing = true;
    const from_us = this.at_us;
    const begun_ms = performance.now();
    const voices = this.tracks("voice").map((track) => ({ end_us: track.end_us, fetch: this.fetchOf(track) }));
    this.sound = "AudioDecoder" in window ? new Sound(from_us, this.speed, voices) : null;
    const next = () => {
      if (!this.playing) return;
      this.at_us = Math.min(this.end_us, Math.round(from_us + (performance.now() - begun_ms) * 1000 * this.speed));
      void this.show();
      if (this.at_us >= this.end_us) this.pause();
      else this.frame = requestAnimationFrame(next);
    };
    this.frame = requestAnimationFrame(next);
  }

  pause(): void {
    if (!this.playing) return;
    this.playing = false;
    cancelAnimationFrame(this.frame);
    this.sound?.stop();
    this.sound = null;
  }

  setSpeed(speed: number): void {
    const was_playing = this.playing;
    this.pause();
    this.speed = speed;
    if (was_playing) this.play();
  }

  close(): void {
    this.pause();
    this.videos.forEach((video) => video.close());
    this.videos.clear();
  }

  /** The R wave that was jumped to: the frame shown lies a little beside it, so going on starts from the wave. */
  private get wave(): number | null {
    return this.wave_at_us === this.at_us ? this.last_wave : null;
  }

  private set wave(sample: number | null) {
    this.last_wave = sample;
  }

  private last_wave: number | null = null;
  private wave_at_us = -1;

  private async show(): Promise<void> {
    await Promise.all([...this.videos].map(async ([number, video]) => {
      await video.show(this.at_us);
      if (this.shown[number] !== video.shown) this.shown = { ...this.shown, [number]: video.shown };
    }));
  }

  private fetchOf(track: TapeTrack): Fetch {
    const { id } = this.page.tape;
    return (from_us, to_us) => api.bytes(`/api/tapes/${id}/tracks/${track.number}/frames?from_us=${from_us}&to_us=${to_us}`);
  }
}
