/** One tape under the player's hand: a moment on its timeline, and everything shown of that moment. */

import { api } from "../../api/client";
import type { MediaKind, TapePage, TapeTrack } from "../../api/types";
import { chatAt, frozenAt, type Mark, type MarkKind, markFrom, marksOf, namesOf, pointersAt, roomAt, strokesOn } from "../../tape/acts";
import { readingAt } from "../../tape/clock";
import { type Stamped, TapeClocks } from "../../tape/clocks";
import { TapeEcgTrack } from "../../tape/ecg";
import { Sound } from "../../tape/sound";
import { onStage, stepAmong } from "../../tape/stage";
import { type Fetch, type Shown, VideoTrack } from "../../tape/video";
import type { Alignment } from "../../ultrasound/alignment";

export const SPEEDS = [0.25, 0.5, 1] as const;

export class Player {
  at_us = $state(0);
  playing = $state(false);
  speed = $state<number>(1);
  /** What stands on each video track's canvas, by its number. */
  shown = $state.raw<Record<number, Shown | null>>({});
  readonly marks: Mark[];
  readonly names: Map<string, string>;
  readonly ecg: TapeEcgTrack | null;
  private readonly videos = new Map<number, VideoTrack>();
  private readonly clocks: TapeClocks;
  private sound: Sound | null = null;
  private frame = 0;

  constructor(readonly page: TapePage) {
    const { contents, ecgs } = page;
    const losses = contents.losses.map(({ at_us }) => ({ at_us, kind: "loss" as const }));
    this.names = namesOf(contents.acts);
    const ecg = ecgs.at(-1) ?? null;
    this.ecg = ecg === null ? null : new TapeEcgTrack(ecg.recording, api.bytes);
    this.clocks = new TapeClocks(contents.acts, ecg?.binding_id ?? null);
    const drawn = marksOf(contents.acts, (capture_us, told_us) => this.clocks.placeOf(capture_us, told_us));
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
  get strokes() {
    return strokesOn(this.page.contents.acts, this.picture?.capture_us ?? null);
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

  /** How the station's clock stood; `null`: never told, then the ECG cannot be placed. */
  get reading() {
    return readingAt(this.clocks.station, this.at_us);
  }

  /** What may be said of the shown ultrasound frame and the ECG; `null`: there is none to say it of. */
  get alignment(): Alignment | null {
    const { stamped } = this;
    return stamped === null ? null : this.clocks.alignment(stamped, this.at_us);
  }

  /** The sample of this moment: of the shown ultrasound frame's own capture time where that is known. */
  get sample(): number | null {
    const station_us = this.ecg === null ? null : this.clocks.stationTime(this.stamped, this.at_us);
    return station_us === null ? null : (this.ecg?.sampleAt(station_us) ?? null);
  }

  /** Of those that sent the ultrasound one after the other, whose picture stands on the stage. */
  get stage(): TapeTrack | null {
    return onStage(this.tracks("ultrasound"), this.shown, this.at_us);
  }

  /** The ultrasound frame that is shown. */
  get picture(): Shown | null {
    return this.stage === null ? null : (this.shown[this.stage.number] ?? null);
  }

  private get stamped(): Stamped | null {
    const { stage, picture } = this;
    return stage === null || picture === null ? null : { participant_id: stage.participant_id, capture_us: picture.capture_us };
  }

  /** Give a track the canvas it is shown on; returns the way to take it back. */
  attach(track: TapeTrack, canvas: HTMLCanvasElement): () => void {
    const video = new VideoTrack(track.keys_us, track.end_us, this.fetchOf(track), canvas);
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
    const { ecg, sample, reading } = this;
    if (ecg === null || sample === null || reading === null) return;
    const found = await ecg.rWave(Math.round(this.wave ?? sample), forward);
    if (found === null) return;
    const seeking = this.seek(ecg.timeOf(found) - reading.offset_us);
    this.wave = found; // at once: the next press may come before the picture does
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
