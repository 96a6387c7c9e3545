/** Marks on the ultrasound: made by hand or by keys, sent, shown, taken back; on a moving picture they fade. */

import { SvelteMap } from "svelte/reactivity";
import { socket } from "../../api/events";
import type { Mark, MarkShape } from "../../api/types";
import { type Drawn, isPoint, marksOn, Pen, STAYS_MS, strengthAt } from "../../ultrasound/marks";
import { isOn, kept, type Pixel, type Size } from "../../ultrasound/view";

/** What a press on the picture does. */
export type Tool = "pointer" | MarkShape | "measure" | null;

/** A mark and how strongly it stands: 1 on a still picture. */
export interface Standing {
  mark: Mark;
  strength: number;
}

/** What stands on the stage. */
export interface Stage {
  /** The frozen frame; `null`: the picture moves. */
  frozen_us(): number | null;
  is_frozen(): boolean;
  shown_us(): number | null;
  captured(): Size;
  /** Its place in the captured picture is not known. */
  misplaced(): boolean;
}

interface Passing {
  mark: Mark;
  born_ms: number;
}

const FADE_EVERY_MS = 100;
const STEP_PX = { fine: 1, coarse: 10 };
const WAYS: Record<string, readonly [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class MarksModel {
  tool = $state<Tool>(null);
  /** On frozen frames, by id; each belongs to one of them. */
  readonly kept = new SvelteMap<string, Mark>();
  /** The mark under the hand. */
  pending = $state.raw<Drawn | null>(null);
  /** Sent, and not yet come back from the room. */
  sending = $state.raw<readonly Drawn[]>([]);
  /** Where a text is being written. */
  writing = $state.raw<Pixel | null>(null);
  /** Where the keys stand on the picture. */
  cross = $state.raw<Pixel | null>(null);
  /** Why the last mark is not there. */
  fault = $state.raw<unknown>(null);
  private passing = $state.raw<readonly Passing[]>([]);
  private now_ms = $state(0);
  private pen: Pen | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly consult_id: string,
    private readonly stage: Stage,
  ) {}

  follow(): () => void {
    const here = (consult_id: string) => consult_id === this.consult_id;
    const stops = [
      socket.on("mark_drawn", ({ consult_id, mark }) => here(consult_id) && this.kept.set(mark.id, mark)),
      socket.on("mark_passing", ({ consult_id, mark }) => here(consult_id) && this.passed(mark)),
      socket.on("mark_undone", ({ consult_id, mark_id }) => here(consult_id) && this.kept.delete(mark_id)),
      socket.on("marks_cleared", ({ consult_id, capture_us }) => here(consult_id) && this.cleared(capture_us ?? null)),
    ];
    return () => {
      stops.forEach((stop) => stop());
      clearInterval(this.timer);
    };
  }

  /** What is seen on the shown frame: on a still one its own, on a moving one what was just drawn. */
  get shown(): Standing[] {
    if (this.stage.is_frozen()) return marksOn(this.kept.values(), this.stage.frozen_us()).map((mark) => ({ mark, strength: 1 }));
    return this.passing.map(({ mark, born_ms }) => ({ mark, strength: strengthAt(this.now_ms - born_ms) })).filter(({ strength }) => strength > 0);
  }

  /** Whether a mark could be tied to the shown frame, at its place. */
  get can_draw(): boolean {
    return this.stage.shown_us() !== null && !this.stage.misplaced();
  }

  use(tool: Tool): void {
    this.drop();
    this.tool = tool;
    this.fault = null;
    this.cross = null;
  }

  /** Another frame: what was begun on the one before is not carried over. */
  drop(): void {
    this.pen = null;
    this.pending = null;
    this.writing = null;
  }

  forget(): void {
    this.drop();
    this.kept.clear();
    this.passing = [];
    this.sending = [];
    this.cross = null;
  }

  press(at: Pixel): void {
    if (!isMark(this.tool) || !this.can_draw || !isOn(at, this.stage.captured())) return;
    this.fault = null;
    this.pen = new Pen(this.tool);
    this.drag(at);
  }

  drag(at: Pixel): void {
    if (this.pen === null) return;
    this.pen.move(kept(at, this.stage.captured()));
    this.pending = { shape: this.pen.shape, points: this.pen.drawn ?? [] };
  }

  lift(): void {
    const [pen, drawn] = [this.pen, this.pen?.drawn ?? null];
    this.drop();
    if (pen === null || drawn === null) return;
    if (pen.shape === "text") this.writing = { x: drawn[0]![0], y: drawn[0]![1] };
    else this.send({ shape: pen.shape, points: drawn }, "");
  }

  /** The words of a text mark are written; nothing when there are none. */
  write(text: string): void {
    const at = this.writing;
    this.writing = null;
    if (at !== null && text.trim() !== "") this.send({ shape: "text", points: [[at.x, at.y]] }, text.trim());
  }

  /** Take back one's own last mark of the frozen frame. */
  undo(): void {
    if (this.pen !== null || this.writing !== null) return this.drop();
    this.ask({ type: "undo_mark", consult_id: this.consult_id });
  }

  clear(): void {
    this.ask({ type: "clear_marks", consult_id: this.consult_id });
  }

  /** Move the keys' cross; from the middle at first. Returns where it stands, `null` for another key. */
  moveCross(key: string, coarse: boolean): Pixel | null {
    const way = WAYS[key];
    if (way === undefined) return null;
    const size = this.stage.captured();
    const from = this.cross ?? { x: Math.round((size.width - 1) / 2), y: Math.round((size.height - 1) / 2) };
    const step = this.cross === null ? 0 : coarse ? STEP_PX.coarse : STEP_PX.fine;
    this.cross = kept({ x: from.x + way[0] * step, y: from.y + way[1] * step }, size);
    if (this.pen !== null) this.drag(this.cross);
    return this.cross;
  }

  /** Set the mark at the cross: at once, or its first place and then its last. */
  setAtCross(): void {
    if (this.cross === null || !isMark(this.tool)) return;
    if (this.pen === null) this.press(this.cross);
    else this.lift();
    if (this.pen !== null && isPoint(this.pen.shape)) this.lift();
  }

  private send(drawn: Drawn, text: string): void {
    const capture_us = this.stage.shown_us();
    if (capture_us === null) return;
    const { shape } = drawn;
    const points = drawn.points.map(([x, y]) => [x, y] as [number, number]);
    this.sending = [...this.sending, drawn];
    const settled = () => (this.sending = this.sending.filter((one) => one !== drawn));
    socket
      .command({ type: "draw_mark", consult_id: this.consult_id, shape, points, capture_us: Math.round(capture_us), text, fades: !this.stage.is_frozen() })
      .catch((fault: unknown) => (this.fault = fault))
      .finally(settled);
  }

  private ask(command: { type: "undo_mark" | "clear_marks"; consult_id: string }): void {
    this.fault = null;
    socket.command(command).catch((fault: unknown) => (this.fault = fault));
  }

  private cleared(capture_us: number | null): void {
    const gone = capture_us === null ? [...this.kept.values()] : marksOn(this.kept.values(), capture_us);
    for (const { id } of gone) this.kept.delete(id);
  }

  private passed(mark: Mark): void {
    const now_ms = performance.now();
    this.now_ms = now_ms;
    this.passing = [...this.passing.filter(({ born_ms }) => now_ms - born_ms < STAYS_MS), { mark, born_ms: now_ms }];
    this.timer ??= setInterval(() => this.fade(), FADE_EVERY_MS);
  }

  private fade(): void {
    this.now_ms = performance.now();
    if (this.passing.some(({ born_ms }) => this.now_ms - born_ms < STAYS_MS)) return;
    this.passing = [];
    clearInterval(this.timer);
    this.timer = undefined;
  }
}

function isMark(tool: Tool): tool is MarkShape {
  return tool !== null && tool !== "pointer" && tool !== "measure";
}
