/**
 * An earlier ultrasound exam of the resident beside the running one: a still, or a cine at its own frame times.
 *
 * Never another resident's: each answer says whose it is and is compared with the one it was asked for; an answer
 * that comes after another was asked for is dropped; a frame of another size than was told is not shown, since no
 * scale holds for it.
 */

import { api } from "../../api/client";
import { download } from "../../api/download";
import type { ArchiveSearch, ExamPicture, UltrasoundExam, UltrasoundExamList, UltrasoundExamPage } from "../../api/types";
import { CineClock, frameAt, isPlayable, lengthOf_ms } from "../../ultrasound/cine";
import { FrameStore, type StoredFrame } from "../../ultrasound/frameStore";
import type { Measurable } from "../../ultrasound/readings";
import { MeasureModel } from "./measuring.svelte";

/** An archive is asked too. */
const LIMIT_MS = 40_000;
const ASK_AGAIN_MS = 1000;
export const SPEEDS = [0.25, 0.5, 1] as const;

/** The server and the time, given from outside. */
export interface Surroundings<F extends StoredFrame> {
  list(resident_id: string): Promise<UltrasoundExamList>;
  page(resident_id: string, exam_id: string): Promise<UltrasoundExamPage>;
  /** A frame, counted from 1 as its address is. */
  frame(resident_id: string, exam_id: string, picture_id: string, frame: number): Promise<F>;
  after(delay_ms: number, then: () => void): () => void;
  now_ms(): number;
}

const at = (resident_id: string) => `/api/residents/${resident_id}/ultrasound-exams`;
const server: Surroundings<ImageBitmap> = {
  list: (resident_id) => api.get<UltrasoundExamList>(at(resident_id), LIMIT_MS),
  page: (resident_id, exam_id) => api.get<UltrasoundExamPage>(`${at(resident_id)}/${encodeURIComponent(exam_id)}`, LIMIT_MS),
  frame: async (resident_id, exam_id, picture_id, frame) => {
    const path = `${at(resident_id)}/${encodeURIComponent(exam_id)}/${encodeURIComponent(picture_id)}/frames/${frame}.png`;
    const png = await download(path, () => undefined, new AbortController().signal);
    return createImageBitmap(png, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  },
  after(delay_ms, then) {
    const timer = setTimeout(then, delay_ms);
    return () => clearTimeout(timer);
  },
  now_ms: () => performance.now(),
};

/** Why nothing is shown, beside what the server refused. */
export class AnotherResidents extends Error {}
export class OtherSize extends Error {}

export class EarlierExam<F extends StoredFrame = ImageBitmap> {
  /** Whose exams; `null`: it is put away. */
  resident_id = $state<string | null>(null);
  exams = $state.raw<readonly UltrasoundExam[] | null>(null);
  /** What asking the archives came to: one that did not answer may have exams that are not listed. */
  archives = $state.raw<readonly ArchiveSearch[]>([]);
  exam = $state.raw<UltrasoundExam | null>(null);
  /** How many objects of the exam cannot be shown faithfully. */
  unreadable = $state(0);
  /** Of the exam, in its order. */
  pictures = $state.raw<readonly ExamPicture[]>([]);
  picture = $state.raw<ExamPicture | null>(null);
  /** The frame that is wanted, counted from 0; `shown` follows once it is here. */
  frame = $state(0);
  shown = $state.raw<{ frame: number; pixels: F } | null>(null);
  playing = $state(false);
  speed = $state<number>(1);
  fault = $state.raw<unknown>(null);
  busy = $state(false);
  readonly measuring: MeasureModel;
  /** Calipers are at hand; the cine stands still meanwhile. */
  measures = $state(false);
  private run = 0;
  private store: FrameStore<F> | null = null;
  private clock: CineClock | null = null;
  private stopAsking: () => void = () => undefined;

  constructor(
    private readonly consult_id: string,
    private readonly around: Surroundings<F> = server as unknown as Surroundings<F>,
  ) {
    this.measuring = new MeasureModel(consult_id, () => this.measurable, false);
  }

  get is_open(): boolean {
    return this.resident_id !== null;
  }

  /** The shown frame with its own scale, and no other's; `null` while none is here. */
  get measurable(): Measurable | null {
    const { picture, shown } = this;
    if (picture === null || shown === null) return null;
    const { width, height, regions, calibration, scale_uncertainty } = picture;
    const scale = calibration === null ? null : { source: calibration, regions, scale_uncertainty, profile: "" };
    return { still_id: `${picture.id} ${shown.frame}`, width, height, calibration: scale };
  }

  /** The times of the frames, where the file states them for each. */
  get times_ms(): readonly number[] | null {
    const { picture } = this;
    return picture !== null && isPlayable(picture.frame_times_ms, picture.frames) ? picture.frame_times_ms : null;
  }

  /** Show the last exam from before this consult. */
  async open(resident_id: string): Promise<void> {
    this.close();
    this.resident_id = resident_id;
    const run = this.run;
    await this.tried(run, async () => {
      const list = await this.around.list(resident_id);
      if (run !== this.run) return;
      if (list.resident_id !== resident_id) throw new AnotherResidents();
      // What was kept in this very consult is not an earlier exam.
      this.archives = list.archives;
      this.exams = list.exams.filter((one) => one.consult_id !== this.consult_id);
    });
    const first = this.exams?.[0];
    if (run === this.run && first !== undefined) await this.choose(first.id);
  }

  /** Another of the exams; nothing of the one before stays meanwhile. */
  async choose(exam_id: string): Promise<void> {
    const { resident_id } = this;
    if (resident_id === null) return;
    const run = ++this.run;
    this.stopAsking();
    this.dropPicture();
    this.pictures = [];
    this.unreadable = 0;
    this.exam = this.exams?.find((one) => one.id === exam_id) ?? null;
    await this.tried(run, () => this.read(run, resident_id, exam_id));
  }

  private async read(run: number, resident_id: string, exam_id: string): Promise<void> {
    const page = await this.around.page(resident_id, exam_id);
    if (run !== this.run) return;
    if (page.resident_id !== resident_id || page.exam.id !== exam_id) throw new AnotherResidents();
    this.exam = page.exam;
    if (page.exam.state === "coming" || page.exam.state === "elsewhere") {
      this.stopAsking = this.around.after(ASK_AGAIN_MS, () => void this.tried(run, () => this.read(run, resident_id, exam_id)));
      return;
    }
    this.unreadable = page.unreadable;
    this.pictures = page.series.flatMap((one) => one.pictures);
    const first = this.pictures.find((one) => one.kind === "cine") ?? this.pictures[0];
    if (first !== undefined) this.pick(first.id);
  }

  /** Another picture of the exam, from its first frame; a cine runs at once. */
  pick(picture_id: string): void {
    const { resident_id, exam } = this;
    const picture = this.pictures.find((one) => one.id === picture_id);
    if (resident_id === null || exam === null || picture === undefined) return;
    this.dropPicture();
    this.fault = null;
    this.picture = picture;
    const fetch = async (frame: number): Promise<F> => {
      const pixels = await this.around.frame(resident_id, exam.id, picture.id, frame + 1);
      if (pixels.width === picture.width && pixels.height === picture.height) return pixels;
      pixels.close();
      throw new OtherSize();
    };
    const store: FrameStore<F> = new FrameStore(
      picture.frames,
      picture.width * picture.height * 4,
      fetch,
      (frame) => this.store === store && frame === this.frame && this.show(),
      (fault) => this.store === store && this.brokeOff(fault),
    );
    this.store = store;
    const times_ms = this.times_ms;
    this.clock = times_ms === null ? null : new CineClock(lengthOf_ms(times_ms), this.speed);
    this.go(0);
    if (this.clock !== null) this.play();
  }

  play(): void {
    if (this.clock === null || this.measures) return;
    this.playing = true;
    if (this.shown?.frame === this.frame) this.clock.run(this.around.now_ms());
  }

  pause(): void {
    this.playing = false;
    this.clock?.stop(this.around.now_ms());
  }

  /** From frame to frame, round at the ends; it stands still then. */
  step(by: number): void {
    const { picture } = this;
    if (picture === null || picture.frames < 2) return;
    this.pause();
    this.go((this.frame + by + picture.frames) % picture.frames);
  }

  /** To this frame. */
  seek(frame: number): void {
    if (this.picture === null) return;
    this.pause();
    this.go(Math.min(this.picture.frames - 1, Math.max(0, Math.round(frame))));
  }

  setSpeed(speed: number): void {
    this.speed = speed;
    this.clock?.setSpeed(speed, this.around.now_ms());
  }

  /** Call for each picture of the screen while it plays. One that is not here yet is waited for, never passed over. */
  tick(): void {
    const { clock, times_ms } = this;
    if (!this.playing || clock === null || times_ms === null || !clock.runs) return;
    const now_ms = this.around.now_ms();
    clock.look(now_ms);
    const due = frameAt(times_ms, clock.at_ms(now_ms));
    if (due === this.frame) return;
    const frame = this.store?.get(due) != null ? due : this.firstMissing(due);
    this.frame = frame;
    this.store?.want(frame);
    this.show();
  }

  /** Take up calipers, or lay them down. */
  toggleMeasuring(): void {
    this.measures = !this.measures;
    if (this.measures) this.pause();
    else this.measuring.dropUnfinished();
  }

  close(): void {
    this.run += 1;
    this.stopAsking();
    this.dropPicture();
    this.resident_id = null;
    this.exams = null;
    this.archives = [];
    this.unreadable = 0;
    this.exam = null;
    this.pictures = [];
    this.fault = null;
    this.busy = false;
    this.measures = false;
    this.measuring.forget();
  }

  /** On the way from the shown frame to the due one, the first that is not here. */
  private firstMissing(due: number): number {
    const frames = this.picture?.frames ?? 1;
    for (let frame = (this.frame + 1) % frames; frame !== due; frame = (frame + 1) % frames) {
      if (this.store?.get(frame) == null) return frame;
    }
    return due;
  }

  private go(frame: number): void {
    this.frame = frame;
    this.clock?.seek(this.times_ms?.[frame] ?? 0, this.around.now_ms());
    this.store?.want(frame);
    this.show();
  }

  /** Put the wanted frame on the screen if it is here; while it is not, time stands still. */
  private show(): void {
    const pixels = this.store?.get(this.frame) ?? null;
    const now_ms = this.around.now_ms();
    if (pixels === null) {
      this.clock?.stop(now_ms);
      this.clock?.seek(this.times_ms?.[this.frame] ?? 0, now_ms);
      return;
    }
    this.fault = null;
    this.shown = { frame: this.frame, pixels };
    this.measuring.standsOn(this.measurable?.still_id ?? null);
    if (this.playing) this.clock?.run(now_ms);
  }

  private brokeOff(fault: unknown): void {
    this.pause();
    this.fault = fault;
  }

  private dropPicture(): void {
    this.playing = false;
    this.shown = null;
    this.picture = null;
    this.clock = null;
    this.frame = 0;
    this.measuring.standsOn(null);
    this.store?.close();
    this.store = null;
  }

  /** What was refused is the last run's alone; of a refused answer nothing is shown. */
  private async tried(run: number, work: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.fault = null;
    try {
      await work();
    } catch (fault) {
      if (run !== this.run) return;
      this.dropPicture();
      this.pictures = [];
      this.fault = fault;
    }
    if (run === this.run) this.busy = false;
  }
}
