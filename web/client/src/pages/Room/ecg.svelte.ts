/** The ECG for its panel: binds the drawing worker to the running binding, feeds it, holds what it tells. */

import { api } from "../../api/client";
import { socket } from "../../api/events";
import type { Binding, ConsultPage } from "../../api/types";
import type { CursorLine, Dump, EcgStatus } from "../../ecg/protocol";
import { KeptWave } from "../../ecg/keptWave";
import type { Piece } from "../../ecg/moment";
import { ResidualMeter } from "../../ecg/residual";
import { type Arrangement, type GainMmMv, RHYTHM_LEAD, type SpeedMmS } from "../../ecg/sweep";
import { EcgView, scaleFor } from "../../ecg/view";
import { preferences } from "../../preferences.svelte";
import { NOMINAL_PX_PER_MM } from "./store";

const META_EVERY_MS = 800;
const COPY_EVERY_MS = 500;
/** Shown on each side of a still picture's instant. */
const AROUND_S = 1.5;

export class EcgModel {
  status = $state.raw<EcgStatus | null>(null);
  /** How old the newest sample is; `null` when none came or the clocks are unknown. */
  newest_age_ms = $state<number | null>(null);
  /** False while the ECG's screen stands still: nothing of it is live then. */
  drawing = $state(true);
  /** Which drawing worker this is: a new one needs new canvas elements. */
  generation = $state(0);
  cursor = $state.raw<CursorLine[]>([]);
  /** The sample under the shown ultrasound frame, and that frame's capture time. */
  under_frame = $state.raw<{ taken_us: number; index: number } | null>(null);
  arrangement = $state<Arrangement>("3x4");
  speed_mm_s = $state<SpeedMmS>(25);
  gain_mm_mv = $state<GainMmMv>(10);
  binding = $state.raw<Binding | null>(null);
  /** How far the sample under each shown frame was taken from that frame. */
  readonly residual = new ResidualMeter();
  /** Moves with each copy of the ECG around a still picture. */
  copies = $state(0);
  private readonly kept = new KeptWave(AROUND_S * 1e6);
  private copied_ms = 0;
  private readonly view: EcgView;
  private closed = false;
  private heard_ms = 0;
  /** The binding whose samples were asked for over the socket. */
  private asked_for: string | null = null;
  private meta_timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly consult_id: string,
    private readonly stationNow_us: () => number | null,
    private readonly onWorker: (worker: Worker) => void,
    private readonly reads_record = true,
  ) {
    this.view = new EcgView({
      onStatus: (status) => this.heard(status),
      onNeed: (stream_id, first, count) => this.need(stream_id, first, count),
      onCursor: (taken_us, index, sample_us, lines) => this.pointed(taken_us, index, sample_us, lines),
      onDrawing: (drawing) => this.stands(drawing),
      onRestart: (worker) => this.restarted(worker),
    });
  }

  get worker(): Worker {
    return this.view.worker;
  }

  /** Follow the socket's binary packets; returns the way to stop. */
  follow(): () => void {
    return socket.onBytes((bytes) => this.view.packet(bytes.slice(0)));
  }

  /** Show the samples of this binding and of no other; `null`: of none. */
  bind(binding: Binding | null): void {
    const running = binding !== null && binding.ended_at === null ? binding : null;
    if (running?.id === this.binding?.id) return;
    this.binding = running;
    this.cursor = [];
    this.under_frame = null;
    this.residual.clear();
    this.kept.clear();
    this.view.bind(running?.ecg_stream_id ?? null);
    clearTimeout(this.meta_timer);
    if (running !== null) void this.learnMeta(running);
  }

  useCanvases(traces: HTMLCanvasElement, rhythm: HTMLCanvasElement): void {
    this.view.useCanvases(traces, rhythm);
  }

  /** Lay the paper out for a size in CSS pixels. */
  layOut(paper: HTMLCanvasElement, width_css_px: number, height_css_px: number): void {
    const { arrangement, speed_mm_s, gain_mm_mv } = this;
    const scale = scaleFor(width_css_px, height_css_px, devicePixelRatio);
    const css_px_per_mm = preferences.px_per_mm ?? NOMINAL_PX_PER_MM;
    this.view.set({ arrangement, speed_mm_s, gain_mm_mv, css_px_per_mm, width_css_px, height_css_px, scale }, paper);
  }

  /** Say which instant the shown ultrasound frame is of. */
  pointAt(capture_us: number | null): void {
    this.view.pointAt(capture_us);
  }

  dump(first: number, count: number): Promise<Dump> {
    return this.view.dump(first, count);
  }

  /** These pictures stand still, or may be gone back to: the ECG around them stays as long as they do. */
  standStill(from_us: number | null, to_us: number | null): void {
    this.kept.standStill(from_us, to_us);
    this.copyWanted();
  }

  /** The frame of this instant is kept: so is the ECG around it. */
  keepAround(capture_us: number): void {
    this.kept.keep(capture_us);
    this.copyWanted();
  }

  /** The rhythm lead around a kept instant; `null` when that instant has none. */
  around(instant_us: number): Piece | null {
    return this.kept.pieceAt(instant_us);
  }

  /** Anew while the last samples are on their way and while gaps may still be filled. */
  private copyWanted(): void {
    this.copied_ms = Date.now();
    const binding_id = this.binding?.id;
    for (const { from_us, to_us, take } of this.kept.wanted()) {
      void this.view.copy(RHYTHM_LEAD, from_us, to_us).then((copy) => {
        if (copy === null || binding_id === undefined || this.binding?.id !== binding_id) return;
        take(copy);
        this.copies += 1;
      });
    }
  }

  /** For a browser without encoded transforms: let the samples come over the socket. */
  wantOverSocket(): void {
    if (this.binding === null || this.asked_for === this.binding.id) return;
    this.asked_for = this.binding.id;
    socket.noticeLater({ type: "want_live_samples", binding_id: this.binding.id, on: true });
  }

  /** The server forgot what this page asked for. */
  forgotten(): void {
    this.asked_for = null;
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.meta_timer);
    this.view.close();
  }

  /** The scale comes by META in the stream; or, for a stream that is being stored, from its recording. */
  private async learnMeta(binding: Binding): Promise<void> {
    if (this.closed || this.binding?.id !== binding.id || this.status?.meta != null) return;
    if (!this.reads_record) {
      this.askMeta(binding);
      return;
    }
    try {
      const page = await api.get<ConsultPage>(`/api/consults/${this.consult_id}`);
      const recording = page.recordings.find((one) => one.binding_id === binding.id);
      if (recording !== undefined) {
        const { rate_hz, nv_per_lsb, leads, stream_id } = recording;
        return this.view.learn(stream_id, { rate_hz, nv_per_lsb, leads, filters: null });
      }
    } catch {
      // tried again below; until then nothing is drawn
    }
    this.meta_timer = setTimeout(() => void this.learnMeta(binding), META_EVERY_MS);
  }

  /** Who may not open the consult's page gets the scale with stored samples. */
  private askMeta(binding: Binding): void {
    socket.notice({ type: "need_samples", binding_id: binding.id, first: 0, count: 1 });
    this.meta_timer = setTimeout(() => void this.learnMeta(binding), META_EVERY_MS);
  }

  private heard(status: EcgStatus): void {
    this.status = status;
    this.heard_ms = Date.now();
    this.reckonAge();
    if (this.heard_ms - this.copied_ms >= COPY_EVERY_MS) this.copyWanted();
  }

  /** How old the newest sample is now, by this page's own clock; also while the drawing stands still. */
  reckonAge(): void {
    const { status } = this;
    const now_us = this.stationNow_us();
    if (status === null) this.newest_age_ms = null;
    else if (now_us !== null && status.newest_taken_us !== null) this.newest_age_ms = Math.max(0, (now_us - status.newest_taken_us) / 1000);
    else this.newest_age_ms = status.silence_ms === null ? null : status.silence_ms + Math.max(0, Date.now() - this.heard_ms);
  }

  private stands(drawing: boolean): void {
    this.drawing = drawing;
    this.cursor = [];
  }

  private restarted(worker: Worker): void {
    if (this.status !== null) this.status = { ...this.status, meta: null }; // its age goes on; its scale is asked for anew
    this.under_frame = null;
    this.generation += 1;
    this.view.bind(this.binding?.ecg_stream_id ?? null);
    clearTimeout(this.meta_timer);
    if (this.binding !== null) void this.learnMeta(this.binding);
    this.onWorker(worker);
  }

  private need(stream_id: number, first: number, count: number): void {
    const { binding } = this;
    if (binding === null || binding.ecg_stream_id !== stream_id) return;
    socket.notice({ type: "need_samples", binding_id: binding.id, first, count });
  }

  private pointed(taken_us: number | null, index: number | null, sample_us: number | null, lines: CursorLine[]): void {
    this.cursor = lines;
    if (taken_us !== null && sample_us !== null) this.residual.add(taken_us, sample_us);
    this.under_frame = taken_us === null || index === null ? null : { taken_us, index };
  }
}
