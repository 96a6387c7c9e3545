/** What hands do on the picture: point, mark, measure; drag it when it is zoomed; two fingers, and the wheel. */

import type { Pixel } from "../../ultrasound/view";
import type { ScanModel } from "./scan.svelte";

/** As far from a handle as a finger may press, in CSS pixels. */
const REACH_PX = 14;
const WHEEL = 0.0016;
const MIDDLE_BUTTON = 1;

export class Hands {
  private readonly fingers = new Map<number, Pixel>();
  private dragged: Pixel | null = null;

  /** `pixelAt`: the captured pixel under a point of the page; `scale`: CSS pixels to a captured one. */
  constructor(
    private readonly scan: ScanModel,
    private readonly pixelAt: (page: Pixel) => Pixel,
    private readonly scale: () => number,
  ) {}

  /** Whether the press is the picture's, which then follows this pointer also outside of it. */
  down(event: PointerEvent): boolean {
    const page = pageOf(event);
    if (event.pointerType === "touch") this.fingers.set(event.pointerId, page);
    if (this.fingers.size > 1) {
      this.scan.marks.drop();
      this.scan.measuring.lift();
      return true;
    }
    const { tool } = this.scan.marks;
    if (event.button === MIDDLE_BUTTON || (event.button === 0 && (tool === null || tool === "pointer"))) {
      this.dragged = this.scan.frozen === null || this.scan.look.zoom === 1 ? null : page;
      return this.dragged !== null;
    }
    if (event.button !== 0) return false;
    if (tool === "measure") return this.scan.measuring.press(this.pixelAt(page), REACH_PX / this.scale());
    this.scan.marks.press(this.pixelAt(page));
    return this.scan.marks.pending !== null;
  }

  move(event: PointerEvent): void {
    const page = pageOf(event);
    const finger = this.fingers.get(event.pointerId);
    if (this.fingers.size > 1 && finger !== undefined) return this.pinch(event.pointerId, finger, page);
    if (this.dragged !== null) {
      this.scan.look.move(page.x - this.dragged.x, page.y - this.dragged.y);
      this.dragged = page;
    } else if (this.scan.marks.tool === "pointer") this.scan.point(this.pixelAt(page));
    else if (this.scan.marks.tool === "measure") this.scan.measuring.drag(this.pixelAt(page));
    else this.scan.marks.drag(this.pixelAt(page));
  }

  up(event: PointerEvent): void {
    this.fingers.delete(event.pointerId);
    this.dragged = null;
    if (this.fingers.size > 0) return;
    if (this.scan.marks.tool === "measure") this.scan.measuring.lift();
    else this.scan.marks.lift();
  }

  cancel(event: PointerEvent): void {
    this.fingers.delete(event.pointerId);
    this.dragged = null;
    this.scan.marks.drop();
    this.scan.measuring.lift();
  }

  wheel(event: WheelEvent): void {
    if (this.scan.frozen === null) return;
    event.preventDefault();
    this.scan.look.zoomBy(Math.exp(-event.deltaY * WHEEL), pageOf(event));
  }

  /** Two fingers: what is between them stays between them. */
  private pinch(id: number, was: Pixel, is: Pixel): void {
    const other = [...this.fingers].find(([one]) => one !== id)?.[1];
    this.fingers.set(id, is);
    if (other === undefined || this.scan.frozen === null) return;
    const [before, after] = [apart(was, other), apart(is, other)];
    if (before > 0) this.scan.look.zoomBy(after / before, { x: (was.x + other.x) / 2, y: (was.y + other.y) / 2 });
    this.scan.look.move((is.x - was.x) / 2, (is.y - was.y) / 2);
  }
}

function pageOf({ clientX, clientY }: MouseEvent): Pixel {
  return { x: clientX, y: clientY };
}

function apart(a: Pixel, b: Pixel): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
