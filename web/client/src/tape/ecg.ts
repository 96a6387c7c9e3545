/** The ECG beside a tape: stored samples by block, and a picture of them around one instant. */

import { pxPerUv } from "../ecg/geometry";
import { INKS } from "../ecg/inks";
import { LEADS } from "../ecg/layouts";
import { drawPaper } from "../ecg/paper";
import { readRecording } from "../ecg/recording";
import type { Reach } from "../ecg/reach";
import { panes, type Pane, type View } from "../ecg/sheet";
import { hatched, type Hatches } from "../ecg/trace";
import { leadOf, type ThumbnailEcg } from "../ui/ecgThumbnail";
import type { EcgRecording } from "../api/types";
import { micros } from "./clock";
import { findRWaves } from "./rwaves";

const BLOCK_S = 20;
const KEPT_BLOCKS = 6;
const CURSOR = "#6b2379";
const INK = INKS.usual.trace;

type Bytes = (path: string) => Promise<ArrayBuffer>;

/** Stored samples of one recording, loaded by blocks of 20 s. */
export class TapeEcgTrack {
  private readonly blocks = new Map<number, Promise<ThumbnailEcg | null>>();
  private readonly ready = new Map<number, ThumbnailEcg | null>();
  private readonly started_us: number;

  constructor(
    readonly recording: EcgRecording,
    private readonly bytes: Bytes,
  ) {
    this.started_us = micros(recording.started_at);
  }

  get rate_hz(): number {
    return this.recording.rate_hz;
  }

  private get block_samples(): number {
    return Math.round(BLOCK_S * this.rate_hz);
  }

  /** The sample that was taken at a moment of the station's clock; may lie outside of what is stored. */
  sampleAt(station_us: number): number {
    return ((station_us - this.started_us) * this.rate_hz) / 1e6;
  }

  /** When a sample was taken, on the station's clock. */
  timeOf(sample: number): number {
    return this.started_us + (sample * 1e6) / this.rate_hz;
  }

  /** Load what lies around a sample; true when something new has come. */
  async around(sample: number, reach: number): Promise<void> {
    const [from, to] = [this.blockOf(sample - reach), this.blockOf(sample + reach)];
    const wanted = [];
    for (let block = from; block <= to; block++) wanted.push(this.block(block));
    await Promise.all(wanted);
  }

  /** One value of a lead in steps of the recording; not-a-number: missing; `null`: not loaded, or not recorded at all. */
  lead(name: string): (sample: number) => number | null {
    const found = new Map<number, Float32Array | null>();
    return (sample) => {
      const block = this.blockOf(sample);
      if (!found.has(block)) {
        const ecg = this.ready.get(block) ?? null;
        found.set(block, ecg === null ? null : leadOf(ecg, name));
      }
      return found.get(block)?.[sample - block * this.block_samples] ?? null;
    };
  }

  /** How far each lead reaches in the seconds around a sample, as far as they are loaded and it was bound. */
  reaches(sample: number, around_s: number, bound_from = -Infinity, bound_until = Infinity): Reach[] {
    const reach = (around_s / 2) * this.rate_hz;
    const [from, to] = [Math.max(bound_from, sample - reach), Math.min(bound_until, sample + reach)].map(Math.round) as [number, number];
    const mv = (steps: number) => (steps * this.recording.nv_per_lsb) / 1e6;
    return LEADS.flatMap((lead) => {
      const value = this.lead(lead);
      let [low, high] = [Infinity, -Infinity];
      for (let at = from; at < to; at++) {
        const one = value(at);
        if (one === null || Number.isNaN(one)) continue;
        low = Math.min(low, one);
        high = Math.max(high, one);
      }
      return low > high ? [] : [{ lead, low_mv: mv(low), high_mv: mv(high) }];
    });
  }

  /** The next R wave after a sample, or the last before it; `null` at the ends. */
  async rWave(sample: number, forward: boolean): Promise<number | null> {
    const least = 0.02 * this.rate_hz;
    for (let block = this.blockOf(sample); block >= 0 && block * this.block_samples < this.recording.sample_count; block += forward ? 1 : -1) {
      const ecg = await this.block(block);
      const lead = ecg === null ? null : (leadOf(ecg, "II") ?? leadOf(ecg, ecg.leads[0] ?? ""));
      const waves = lead === null ? [] : findRWaves(lead, this.rate_hz).map((at) => at + block * this.block_samples);
      const found = forward ? waves.find((at) => at > sample + least) : waves.findLast((at) => at < sample - least);
      if (found !== undefined) return found;
    }
    return null;
  }

  private blockOf(sample: number): number {
    return Math.floor(sample / this.block_samples);
  }

  private block(number: number): Promise<ThumbnailEcg | null> {
    const kept = this.blocks.get(number);
    if (kept !== undefined) return kept;
    const loading = this.load(number).then((ecg) => {
      this.ready.set(number, ecg);
      return ecg;
    });
    this.blocks.set(number, loading);
    while (this.blocks.size > KEPT_BLOCKS) {
      const oldest = this.blocks.keys().next().value!;
      this.blocks.delete(oldest);
      this.ready.delete(oldest);
    }
    loading.catch(() => this.blocks.delete(number));
    return loading;
  }

  private async load(number: number): Promise<ThumbnailEcg | null> {
    const first = number * this.block_samples;
    const count = Math.min(this.block_samples, this.recording.sample_count - first);
    if (first < 0 || count <= 0) return null;
    const read = readRecording(await this.bytes(`/api/recordings/${this.recording.id}/samples?first=${first}&count=${count}`));
    return read === null ? null : { ...this.recording, ...read };
  }
}

/** One binding's ECG on the paper: its sample in the middle of the panes, and between which samples it was bound. */
export interface Piece {
  track: TapeEcgTrack;
  middle: number;
  from: number;
  until: number;
}

/** Whether the paper would look the same: it is drawn anew for another picture, not for each moment that passes. */
export function isSame(some: readonly Piece[], others: readonly Piece[]): boolean {
  const same = (a: Piece, b: Piece | undefined) => a.track === b?.track && a.middle === b.middle && a.from === b.from && a.until === b.until;
  return some.length === others.length && some.every((one, n) => same(one, others[n]));
}

/** What a reader must be told of the paper. */
export interface Drawn {
  /** Samples are missing: hatched. */
  gap: boolean;
  /** A binding begins or ends here: a bar. */
  broken: boolean;
}

/**
 * Draw paper and every lead around one moment, in the middle of each pane, under a thin line where that is the picture's
 * very instant. What has no samples is hatched as in the room; where one binding's ECG ends and another's begins stands a
 * bar, and between them nothing.
 */
export function drawAround(context: CanvasRenderingContext2D, view: View, pieces: readonly Piece[], scale: number, hatches: Pick<Hatches, "gap">, exact: boolean): Drawn {
  drawPaper(context, view, scale);
  const drawn: Drawn = { gap: false, broken: false };
  for (const pane of panes(view)) {
    for (const piece of pieces) {
      const { gap, broken } = drawPiece(context, view, pane, piece, scale, hatches);
      drawn.gap ||= gap;
      drawn.broken ||= broken;
    }
    if (exact) drawLine(context, pane, scale);
  }
  return drawn;
}

function drawPiece(context: CanvasRenderingContext2D, view: View, pane: Pane, piece: Piece, scale: number, hatches: Pick<Hatches, "gap">): Drawn {
  const samples_per_px = piece.track.rate_hz / (view.speed_mm_s * view.px_per_mm);
  const middle = pane.x + pane.width / 2;
  const end = pane.x + pane.width;
  const edges = [piece.from, piece.until].map((sample) => Math.round(middle + (sample - piece.middle) / samples_per_px));
  const [left, right] = edges.map((x) => Math.min(end, Math.max(pane.x, x))) as [number, number];
  const gap = left < right && drawPane(context, view, pane, piece, [left, right], scale, hatches);
  const bars = edges.filter((x) => x > pane.x && x < end);
  for (const x of bars) drawBar(context, pane, x, scale);
  return { gap, broken: bars.length > 0 };
}

function drawPane(context: CanvasRenderingContext2D, view: View, pane: Pane, { track, middle: sample }: Piece, [left, right]: [number, number], scale: number, hatches: Pick<Hatches, "gap">): boolean {
  const value = track.lead(pane.lead);
  const samples_per_px = track.rate_hz / (view.speed_mm_s * view.px_per_mm);
  const px_per_lsb = (track.recording.nv_per_lsb / 1000) * pxPerUv(pane, view.px_per_mm);
  const middle = pane.x + pane.width / 2;
  context.save();
  context.beginPath();
  context.rect(left, 0, right - left, view.height_px); // a tall wave may reach into the next row, it is never cut off
  context.clip();
  context.strokeStyle = INK;
  context.lineWidth = 1.1 * scale;
  context.lineJoin = "round";
  context.beginPath();
  let drawing = false;
  let has_gap = false;
  for (let x = left; x < right; x++) {
    const from = Math.round(sample + (x - middle) * samples_per_px);
    const until = Math.max(from + 1, Math.round(sample + (x + 1 - middle) * samples_per_px));
    const column = leastAndMost(value, from, until);
    if (column === "gap") {
      has_gap = true;
      context.fillStyle = hatches.gap;
      const [top, height] = hatched(pane, x, scale);
      if (height > 0) context.fillRect(x, top, 1, height);
    }
    if (column === "gap" || column === null) {
      drawing = false;
      continue;
    }
    const y = (one: number) => pane.baseline - one * px_per_lsb;
    if (drawing) context.lineTo(x + 0.5, y(column.first));
    else context.moveTo(x + 0.5, y(column.first));
    context.lineTo(x + 0.5, y(column.least));
    context.lineTo(x + 0.5, y(column.most));
    context.lineTo(x + 0.5, y(column.last));
    drawing = true;
  }
  context.stroke();
  context.restore();
  return has_gap;
}

/** One binding's ECG ends here, or begins. */
function drawBar(context: CanvasRenderingContext2D, pane: Pane, x: number, scale: number): void {
  const width = Math.max(2, Math.round(3 * scale));
  context.fillStyle = INK;
  context.fillRect(x - Math.floor(width / 2), pane.top + 1, width, pane.height - 2);
}

/** The instant of the picture. */
function drawLine(context: CanvasRenderingContext2D, pane: Pane, scale: number): void {
  context.fillStyle = CURSOR;
  context.fillRect(Math.round(pane.x + pane.width / 2), pane.top + 1, Math.max(1, Math.round(scale)), pane.height - 2);
}

interface Column {
  first: number;
  last: number;
  least: number;
  most: number;
}

/** `"gap"` as soon as one sample is missing; `null` when one is not loaded, or lies outside of the recording. */
function leastAndMost(value: (sample: number) => number | null, from: number, until: number): Column | "gap" | null {
  const values = Array.from({ length: until - from }, (_, i) => value(from + i));
  if (values.some((one) => one !== null && Number.isNaN(one))) return "gap";
  const known = values.filter((one) => one !== null);
  if (known.length < values.length) return null;
  return { first: known[0]!, last: known.at(-1)!, least: Math.min(...known), most: Math.max(...known) };
}
