/**
 * The page's end of the drawing worker: opens it, hands over canvases and packets, hears what it says.
 *
 * One view for one room. It opens no connection: what the worker needs from the server is handed to
 * `onNeed`, and what the server answers is given to `packet`.
 */

import type { Piece } from "./calipers";
import type { Canvases, Dump, EcgStatus, CursorLine, FromWorker, LeadCopy, Setting, ToWorker } from "./protocol";
import { TICK_MS, Watchdog } from "./watchdog";
import type { Meta } from "./wire";

export interface EcgEars {
  onStatus(status: EcgStatus): void;
  onNeed(stream_id: number, first: number, count: number): void;
  onCursor(taken_us: number | null, index: number | null, sample_us: number | null, lines: CursorLine[]): void;
  /** The worker draws, or does not draw any more. */
  onDrawing(drawing: boolean): void;
  /** A new worker stands in for one that died: it needs canvases, binding and packets anew. */
  onRestart(worker: Worker): void;
}

/** The elements of `Canvases`. */
export type CanvasElements = Record<keyof Canvases, HTMLCanvasElement>;

/** What the view needs of the page around it. */
export interface Around {
  makeWorker(): Worker;
  isVisible(): boolean;
  every(ms: number, then: () => void): () => void;
}

const PAGE: Around = {
  makeWorker: () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
  isVisible: () => document.visibilityState === "visible",
  every(ms, then) {
    const timer = setInterval(then, ms);
    return () => clearInterval(timer);
  },
};

const MOST_PIXELS = 4_000_000;

/** Device pixels for each CSS pixel: sharp, but never more than the machine can sweep. */
export function scaleFor(width_css_px: number, height_css_px: number, device_pixel_ratio: number): number {
  const wanted = Math.min(device_pixel_ratio, 1.5);
  const most = Math.sqrt(MOST_PIXELS / Math.max(1, width_css_px * height_css_px));
  return Math.min(wanted, most);
}

export class EcgView {
  worker: Worker;
  private readonly watchdog = new Watchdog();
  private readonly stop: () => void;
  private drawing = true;
  private dumps = new Map<number, (dump: Dump) => void>();
  private copies = new Map<number, (copy: LeadCopy | null) => void>();
  private pieces = new Map<number, (piece: Piece | null) => void>();
  private next_dump = 1;

  constructor(
    private readonly ears: EcgEars,
    private readonly around: Around = PAGE,
  ) {
    this.worker = this.openWorker();
    this.stop = around.every(TICK_MS, () => this.watch());
  }

  /** Hand over what is drawn on; done once for each set of canvas elements. */
  useCanvases(elements: CanvasElements): void {
    const canvases = {
      paper: elements.paper.transferControlToOffscreen(),
      traces: elements.traces.transferControlToOffscreen(),
      strip: elements.strip.transferControlToOffscreen(),
    };
    this.worker.postMessage({ type: "layers", canvases } satisfies ToWorker, Object.values(canvases));
  }

  set(setting: Setting): void {
    this.tell({ type: "setting", setting });
  }

  /** Let the traces stand still; live goes on in the strip. */
  freeze(): void {
    this.tell({ type: "freeze" });
  }

  /** Of a still page: let it end with the sample before `end`. */
  turn(end: number): void {
    this.tell({ type: "turn", end });
  }

  /** Show what is live again. */
  goLive(): void {
    this.tell({ type: "live" });
  }

  /** The socket is another one: what was asked for on the one before may never be answered. */
  askAnew(): void {
    this.tell({ type: "ask_anew" });
  }

  /** The binding whose samples may be shown; every other stream's are refused from now on. */
  bind(stream_id: number | null): void {
    this.tell({ type: "bind", stream_id });
  }

  learn(stream_id: number, meta: Meta): void {
    this.tell({ type: "meta", stream_id, meta });
  }

  /** An E1 packet from the socket. */
  packet(data: ArrayBuffer): void {
    this.worker.postMessage({ type: "packet", data } satisfies ToWorker, [data]);
  }

  pointAt(taken_us: number | null): void {
    this.tell({ type: "cursor", taken_us });
  }

  /** The samples that are drawn from, as they are, and the last drawn frames. */
  dump(first: number, count: number): Promise<Dump> {
    const id = this.next_dump++;
    return new Promise((resolve) => {
      this.dumps.set(id, resolve);
      this.tell({ type: "dump", id, first, count });
    });
  }

  /** One lead's samples of a stretch of time; `null` when nothing is known of that lead. */
  copy(lead: string, from_us: number, to_us: number): Promise<LeadCopy | null> {
    const id = this.next_dump++;
    return new Promise((resolve) => {
      this.copies.set(id, resolve);
      this.tell({ type: "copy", id, lead, from_us, to_us });
    });
  }

  /** One lead of the still page; `null` when no page stands still or it lacks that lead. */
  piece(lead: string): Promise<Piece | null> {
    const id = this.next_dump++;
    return new Promise((resolve) => {
      this.pieces.set(id, resolve);
      this.tell({ type: "piece", id, lead });
    });
  }

  close(): void {
    this.stop();
    this.worker.terminate();
  }

  private openWorker(): Worker {
    const worker = this.around.makeWorker();
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.hear(data);
    worker.onerror = () => this.watchdog.fail();
    worker.onmessageerror = () => this.watchdog.fail();
    return worker;
  }

  private watch(): void {
    const verdict = this.watchdog.tick(this.around.isVisible());
    this.tellDrawing(verdict === "drawing");
    if (verdict === "restart") this.restart();
  }

  private restart(): void {
    this.worker.onmessage = null;
    this.worker.terminate();
    this.dumps.clear();
    this.copies.clear();
    this.pieces.clear();
    this.worker = this.openWorker();
    this.ears.onRestart(this.worker);
  }

  private tellDrawing(drawing: boolean): void {
    if (drawing === this.drawing) return;
    this.drawing = drawing;
    this.ears.onDrawing(drawing);
  }

  private hearStatus(status: EcgStatus): void {
    this.watchdog.heard();
    this.tellDrawing(true);
    this.ears.onStatus(status);
  }

  private tell(message: ToWorker): void {
    this.worker.postMessage(message);
  }

  private hear(message: FromWorker): void {
    if (message.type === "status") this.hearStatus(message);
    else if (message.type === "need") this.ears.onNeed(message.stream_id, message.first, message.count);
    else if (message.type === "cursor") this.ears.onCursor(message.taken_us, message.index, message.sample_us, message.lines);
    else if (message.type === "copied") this.copied(message.id, message.copy);
    else if (message.type === "piece") this.pieceCame(message.id, message.piece);
    else this.dumped(message);
  }

  private copied(id: number, copy: LeadCopy | null): void {
    this.copies.get(id)?.(copy);
    this.copies.delete(id);
  }

  private pieceCame(id: number, piece: Piece | null): void {
    this.pieces.get(id)?.(piece);
    this.pieces.delete(id);
  }

  private dumped(dump: Dump): void {
    this.dumps.get(dump.id)?.(dump);
    this.dumps.delete(dump.id);
  }
}
