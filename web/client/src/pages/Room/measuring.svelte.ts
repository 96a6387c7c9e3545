/** Measuring on the exact still: one's own calipers, those of the others as they move. */

import { SvelteMap } from "svelte/reactivity";
import { socket } from "../../api/events";
import type { PictureCalipers, PictureTool } from "../../api/types";
import { begun, type Calipers, ended, endsAt, isOpenEnded, pinned, pinnedCount, pointAt, stretched, takesAngle, withPoint } from "../../ultrasound/calipers";
import type { Measurable } from "../../ultrasound/readings";
import { isOn, kept, type Pixel, type Size } from "../../ultrasound/view";
import { Telling } from "./telling";

/** A hand that let go this near to where it pressed has not dragged: the next press ends the line. */
const DRAGGED_PX = 3;
const WAYS: Record<string, readonly [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const FIRST_SHARE = 0.15;

/** A measurement and its number on the picture. */
export interface Laid extends Calipers {
  number: number;
}

export class MeasureModel {
  tool = $state<PictureTool>("distance");
  /** The Doppler angle by hand for what is laid next; `null`: the file's own. */
  angle_deg = $state<number | null>(null);
  /** On the still that stands on the stage, in the order they were laid. */
  laid = $state.raw<readonly Laid[]>([]);
  /** The one that is being laid or moved, and which of its points; -1: its last. */
  active = $state.raw<{ number: number; point: number } | null>(null);
  /** A hand is on a point now. */
  held = $state(false);
  readonly others = new SvelteMap<string, Calipers>();
  private pressed: Pixel | null = null;
  private still_id = $state.raw<string | null>(null);
  /** What was laid on stills that are not on the stage now. */
  private readonly elsewhere = new Map<string, readonly Laid[]>();
  private readonly telling = new Telling(() => this.send());

  constructor(
    private readonly consult_id: string,
    private readonly still: () => Measurable | null,
    /** Whether the others see them as they move: not those on an earlier picture, which only stands here. */
    private readonly shared = true,
  ) {}

  follow(): () => void {
    const stop = socket.on("picture_measured", ({ consult_id, participant_id, still_id, calipers }) => {
      if (consult_id !== this.consult_id) return;
      if (calipers === null || still_id !== this.still()?.still_id) this.others.delete(participant_id);
      else this.others.set(participant_id, caliperOf(calipers));
    });
    return () => {
      stop();
      this.telling.stop();
    };
  }

  /** The still on the stage is another, or none: what was laid on the one before is shown on it again, and on no other. */
  standsOn(still_id: string | null): void {
    if (still_id === this.still_id) return;
    this.dropUnfinished();
    if (this.still_id !== null) this.elsewhere.set(this.still_id, this.laid);
    this.laid = (still_id === null ? undefined : this.elsewhere.get(still_id)) ?? [];
    this.active = null;
    this.held = false;
    this.others.clear();
    this.still_id = still_id;
  }

  /** Another resident's picture, or none. */
  forget(): void {
    this.angle_deg = null;
    this.standsOn(null);
    this.elsewhere.clear();
  }

  /** What is laid on this still, and on no other: also before the page has noticed that it stands there. */
  laidOn(still_id: string): readonly Laid[] {
    return (still_id === this.still_id ? this.laid : this.elsewhere.get(still_id)) ?? [];
  }

  /** The one that is worked on. */
  get current(): Laid | null {
    return this.laid.find(({ number }) => number === this.active?.number) ?? null;
  }

  /** The point that is worked on. */
  get point(): Pixel | null {
    const { current, active } = this;
    return current?.points.at(active?.point ?? -1) ?? null;
  }

  use(tool: PictureTool): void {
    this.dropUnfinished();
    this.tool = tool;
    this.active = null;
  }

  /** How many points of what is being laid are laid: which step of the way a hand is at. */
  get step(): number {
    const open = this.unfinished;
    return open === null ? 0 : pinnedCount(open);
  }

  /** The Doppler angle of what is worked on and of what is laid next; `null`: the file's own. */
  setAngle(angle_deg: number | null): void {
    this.angle_deg = angle_deg;
    const { current } = this;
    if (current !== null && takesAngle(current.tool)) this.put(angled(current, angle_deg));
  }

  /** Take up a point within reach, or lay the next one. Whether the hand now holds one. */
  press(at: Pixel, reach_px: number): boolean {
    const size = this.size;
    if (size === null || !isOn(at, size)) return false;
    const place = kept(at, size);
    const open = this.unfinished;
    this.pressed = open === null ? place : null;
    if (open !== null) this.goOn(open, place, reach_px);
    else if (!this.takeUp(place, reach_px)) this.begin(place);
    this.held = true;
    this.telling.soon();
    return true;
  }

  drag(at: Pixel): void {
    const [current, size] = [this.current, this.size];
    if (current === null || size === null || (!this.held && current.done)) return;
    const { point } = this.active!;
    if (this.held || !current.done) this.put(withPoint(current, point < 0 ? current.points.length - 1 : point, at, size));
  }

  lift(): void {
    const { current, pressed } = this;
    this.pressed = null;
    if (!this.held) return;
    this.held = false;
    const end = current?.points.at(-1);
    const only_pressed = pressed !== null && end !== undefined && Math.hypot(end.x - pressed.x, end.y - pressed.y) <= DRAGGED_PX;
    if (current !== null && !current.done && !only_pressed) this.put(pinned(current));
    this.telling.soon();
  }

  /** Lay the point under the keys and go on to the next; a path or an outline that has enough of them ends. */
  set(): void {
    const open = this.unfinished;
    if (open === null) return this.beginInTheMiddle();
    const whole = isOpenEnded(open) ? ended(open) : null;
    this.put(whole ?? pinned(open));
  }

  /** Move the point under the keys; `null` for another key. */
  move(key: string, coarse: boolean): Pixel | null {
    const [way, size] = [WAYS[key], this.size];
    if (way === undefined || size === null) return null;
    if (this.current === null) this.beginInTheMiddle();
    const [current, point] = [this.current, this.point];
    if (current === null || point === null) return null;
    const by = coarse ? 10 : 1;
    const index = this.active!.point < 0 ? current.points.length - 1 : this.active!.point;
    this.put(withPoint(current, index, { x: point.x + way[0] * by, y: point.y + way[1] * by }, size));
    return this.point;
  }

  /** To the next point, of the next measurement after the last. */
  next(by: number): void {
    const every = this.laid.flatMap(({ number, points }) => points.map((_, point) => ({ number, point })));
    if (every.length === 0) return;
    const { active } = this;
    const at = every.findIndex((one) => one.number === active?.number && one.point === (active.point < 0 ? (this.current?.points.length ?? 1) - 1 : active.point));
    this.active = every[(at + by + every.length) % every.length]!;
  }

  remove(number: number): void {
    this.laid = this.laid.filter((one) => one.number !== number);
    if (this.active?.number === number) this.active = null;
    this.telling.now();
  }

  /** Take back what was laid last: a point of an outline, else the measurement. */
  undo(): boolean {
    const last = this.unfinished ?? this.laid.at(-1);
    if (last === undefined) return false;
    if (!last.done && last.points.length > 2) this.put({ ...last, points: last.points.slice(0, -1) });
    else this.remove(last.number);
    return true;
  }

  dropUnfinished(): void {
    const open = this.unfinished;
    if (open !== null) this.remove(open.number);
  }

  private get size(): Size | null {
    return this.still();
  }

  private get unfinished(): Laid | null {
    return this.laid.find(({ done }) => !done) ?? null;
  }

  private goOn(open: Laid, at: Pixel, reach_px: number): void {
    const end = endsAt(open);
    const whole = end !== null && Math.hypot(end.x - at.x, end.y - at.y) <= reach_px ? ended(open) : null;
    if (whole !== null) return this.put(whole);
    this.active = { number: open.number, point: -1 };
    this.put(stretched(open, at));
  }

  private takeUp(at: Pixel, reach_px: number): boolean {
    for (const one of [...this.laid].reverse()) {
      const point = pointAt(one, at, reach_px);
      if (point === null) continue;
      this.active = { number: one.number, point };
      return true;
    }
    return false;
  }

  private begin(at: Pixel): void {
    const number = (this.laid.at(-1)?.number ?? 0) + 1;
    this.laid = [...this.laid, { ...angled(begun(this.tool, at), this.angle_deg), number }];
    this.active = { number, point: -1 };
  }

  /** For the keys: a line across the middle, its end to be moved. */
  private beginInTheMiddle(): void {
    const size = this.size;
    if (size === null) return;
    const middle = { x: Math.round((size.width - 1) / 2), y: Math.round((size.height - 1) / 2) };
    const reach = Math.round(size.width * FIRST_SHARE);
    this.begin({ x: middle.x - reach, y: middle.y });
    const { current } = this;
    if (current !== null && !current.done) this.put(stretched(current, { x: middle.x + reach, y: middle.y }));
    this.telling.soon();
  }

  private put(changed: Calipers): void {
    const number = this.active?.number ?? this.unfinished?.number;
    this.laid = this.laid.map((one) => (one.number === number ? { ...changed, number } : one));
    this.telling.soon();
  }

  private send(): void {
    const still_id = this.still_id;
    if (still_id === null || !this.shared) return;
    const shown = this.current ?? this.laid.at(-1) ?? null;
    const calipers: PictureCalipers | null = shown === null ? null : { tool: shown.tool, angle_deg: shown.angle_deg ?? null, points: shown.points.map(({ x, y }) => [hundredth(x), hundredth(y)]), done: shown.done };
    socket.notice({ type: "measure_picture", consult_id: this.consult_id, still_id, calipers });
  }
}

function angled(calipers: Calipers, angle_deg: number | null): Calipers {
  const { angle_deg: _, ...rest } = calipers;
  return angle_deg === null || !takesAngle(calipers.tool) ? rest : { ...rest, angle_deg };
}

function caliperOf({ tool, points, angle_deg, done }: PictureCalipers): Calipers {
  return { tool, points: points.map(([x, y]) => ({ x, y })), done: done ?? true, ...(angle_deg === null ? {} : { angle_deg }) };
}

function hundredth(value: number): number {
  return Math.round(value * 100) / 100;
}
