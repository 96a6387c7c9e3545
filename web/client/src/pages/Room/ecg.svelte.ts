/** The ECG for its panel: binds the drawing worker to the running binding, feeds it, holds what it tells. */

import { api } from "../../api/client";
import { socket } from "../../api/events";
import type { Binding, ConsultPage, QualityNote } from "../../api/types";
import type { Piece as CaliperPiece } from "../../ecg/calipers";
import { isSameSight, NOTHING_OFF, OffElectrodes, type OffSight } from "../../ecg/electrodesOff";
import { DIAGNOSTIC, type FilterSetting } from "../../ecg/filters";
import type { Contrast } from "../../ecg/inks";
import { KeptWave } from "../../ecg/keptWave";
import { type Arrangement, LEADS, type LeadOrder, RHYTHM_LEAD } from "../../ecg/layouts";
import { drawnLeads } from "../../ecg/leads";
import type { Piece } from "../../ecg/moment";
import type { CursorLine, Dump, EcgStatus, Motion, StillStatus } from "../../ecg/protocol";
import { isSameQuality } from "../../ecg/qualityNotes";
import { ResidualMeter } from "../../ecg/residual";
import { type GainMmMv, SPEEDS_MM_S, type SpeedMmS, type View } from "../../ecg/sheet";
import { type CanvasElements, EcgView, scaleFor } from "../../ecg/view";
import type { Electrode } from "../../ecg/wire";
import { preferences } from "../../preferences.svelte";
import { NOMINAL_PX_PER_MM } from "./store";

const TALL: Arrangement[] = ["12x1", "6x2", "3x4+3"];
const META_EVERY_MS = 800;
const COPY_EVERY_MS = 500;
/** What the device last said of its electrodes holds for so long without samples. */
const KNOWN_MS = 1000;
/** The station tells every two seconds; what is older than this says nothing of now. */
const JUDGED_MS = 6000;
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
  arrangement = $state<Arrangement>("3x4+1");
  order = $state<LeadOrder>("standard");
  motion = $state<Motion>("sweep");
  speed_mm_s = $state<SpeedMmS>(25);
  gain_mm_mv = $state<GainMmMv>(10);
  half_chest = $state(false);
  /** This viewer's own, and diagnostic in every room at first. */
  filters = $state.raw<FilterSetting>(DIAGNOSTIC);
  /** The page that stands still, as the drawing worker last told; `null`: what is shown is live. */
  readonly still: StillStatus | null = $derived(this.status?.still ?? null);
  /** The leads there are, derived ones too; all twelve as long as nothing is known. */
  readonly leads: string[] = $derived(this.status?.meta == null ? LEADS : drawnLeads(this.status.meta));
  /** An earlier ECG lies over it, which needs the height. */
  compared = $state(false);
  binding = $state.raw<Binding | null>(null);
  /** The electrodes that are off, or were a moment ago. */
  electrodes = $state.raw<OffSight>(NOTHING_OFF);
  /** What the station finds wrong with the signal now; empty too when nothing is judged. */
  quality = $state.raw<readonly QualityNote[]>([]);
  /** What this viewer chose of the column beside the paper; `null`: open while an electrode is off. */
  private column = $state<"open" | "folded" | null>(null);
  /** Whether one was off when the electrodes were last told of. */
  private any_off = false;
  /** Whether the column with the body map and with what to do stands beside the paper. */
  readonly map_open = $derived.by(() => {
    if (this.still !== null) return this.beside_still && this.cared_for;
    return this.electrodes.off.length > 0 ? this.column !== "folded" : this.quality.length > 0 && this.column === "open";
  });
  /** The same beside a still page: as it was when it was frozen, then by this viewer's wish alone. A page that is read never moves by itself. */
  private beside_still = $state(false);
  private judged_ms = 0;
  private readonly off_electrodes = new OffElectrodes();
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

  /** Follow the socket's binary packets, and that it is another socket; returns the way to stop. */
  follow(): () => void {
    const stops = [socket.onBytes((bytes) => this.view.packet(bytes.slice(0))), socket.on("welcome", () => this.view.askAnew())];
    return () => stops.forEach((stop) => stop());
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
    this.watchElectrodes(null);
    this.unfold(false);
    this.quality = [];
    this.view.bind(running?.ecg_stream_id ?? null);
    clearTimeout(this.meta_timer);
    if (running !== null) void this.learnMeta(running);
  }

  /** It is being read, or has more rows than fit beside a picture: the ECG takes most of the height. */
  get tall(): boolean {
    if (this.compared || this.still !== null) return true;
    return this.leads.length >= 12 && TALL.includes(this.arrangement);
  }

  useCanvases(elements: CanvasElements): void {
    this.view.useCanvases(elements);
  }

  /** Lay the paper out for a size in CSS pixels, and the small live strip for another. */
  layOut(width_css_px: number, height_css_px: number, strip: { width: number; height: number }, contrast: Contrast): void {
    const { arrangement, order, motion, speed_mm_s, gain_mm_mv, half_chest, filters } = this;
    const scale = scaleFor(width_css_px, height_css_px, devicePixelRatio);
    const css_px_per_mm = preferences.px_per_mm ?? NOMINAL_PX_PER_MM;
    const [strip_width_css_px, strip_height_css_px] = [strip.width, strip.height];
    const chosen = { arrangement, order, motion, speed_mm_s, gain_mm_mv, half_chest, filters };
    this.view.set({ ...chosen, contrast, css_px_per_mm, width_css_px, height_css_px, strip_width_css_px, strip_height_css_px, scale });
  }

  /** The sheet as it is laid out for a size, in CSS pixels: what marks and calipers are placed by. */
  viewOf(width_px: number, height_px: number): View {
    const { arrangement, order, leads, speed_mm_s, gain_mm_mv, half_chest } = this;
    return { arrangement, order, leads, speed_mm_s, gain_mm_mv, half_chest, px_per_mm: preferences.px_per_mm ?? NOMINAL_PX_PER_MM, width_px, height_px };
  }

  /** One step slower or faster. */
  stepSpeed(by: 1 | -1): void {
    this.speed_mm_s = SPEEDS_MM_S[SPEEDS_MM_S.indexOf(this.speed_mm_s) + by] ?? this.speed_mm_s;
  }

  /** Let the traces stand still, or show again what is live. */
  toggleFreeze(): void {
    if (this.still !== null) this.view.goLive();
    else if (this.binding !== null && this.drawing) this.view.freeze();
  }

  /** Show beside the paper where electrodes belong and what to do, or put it away as long as that stands. */
  toggleMap(): void {
    if (!this.cared_for) return;
    if (this.still !== null) this.beside_still = !this.beside_still;
    else this.column = this.map_open ? "folded" : "open";
  }

  /** Whether there is anything to see to. */
  private get cared_for(): boolean {
    return this.electrodes.off.length > 0 || this.quality.length > 0;
  }

  /** The station's judgement, told every two seconds; nothing is drawn or said anew by one that is the same. */
  judged(binding_id: string, notes: readonly QualityNote[]): void {
    if (binding_id !== this.binding?.id) return;
    this.judged_ms = Date.now();
    if (!isSameQuality(notes, this.quality)) this.quality = notes;
  }

  /** Turn the still page: it ends with the sample before `end`. */
  turn(end: number): void {
    if (this.still !== null) this.view.turn(end);
  }

  /** Seconds from an instant on the station's clock to now; `null`: the clocks are unknown. */
  ago_s(taken_us: number): number | null {
    const now_us = this.stationNow_us();
    return now_us === null ? null : Math.max(0, (now_us - taken_us) / 1e6);
  }

  /** Say which instant the shown ultrasound frame is of. */
  pointAt(capture_us: number | null): void {
    this.view.pointAt(capture_us);
  }

  /** One lead of the still page; `null` when no page stands still. */
  piece(lead: string): Promise<CaliperPiece | null> {
    return this.view.piece(lead);
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
    const was_open = this.map_open;
    const freezes = this.still === null && status.still !== null;
    this.status = status;
    if (freezes) this.beside_still = was_open;
    this.heard_ms = Date.now();
    this.reckonAge();
    this.watchElectrodes((status.silence_ms ?? Infinity) <= KNOWN_MS ? status.electrodes_off : null);
    if (this.heard_ms - this.copied_ms >= COPY_EVERY_MS) this.copyWanted();
  }

  /** `null`: nothing comes that could tell. */
  private watchElectrodes(off: readonly Electrode[] | null): void {
    if (off === null) this.off_electrodes.forget();
    const sight = this.off_electrodes.take(off ?? [], performance.now());
    if (off !== null) this.unfold(sight.off.length > 0);
    if (isSameSight(sight, this.electrodes)) return; // nothing is drawn or said anew
    this.electrodes = sight;
  }

  /** The next one that comes off is shown. A silence tells nothing: what was folded away stays so. */
  private unfold(any_off: boolean): void {
    if (any_off !== this.any_off) this.column = null;
    this.any_off = any_off;
  }

  /** How old the newest sample is now, by this page's own clock; also while the drawing stands still. */
  reckonAge(): void {
    if (this.quality.length > 0 && Date.now() - this.judged_ms > JUDGED_MS) this.quality = [];
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
    if (this.status !== null) this.status = { ...this.status, meta: null, still: null }; // its age goes on; its scale is asked for anew
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
