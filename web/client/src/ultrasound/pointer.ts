/** Places on the ultrasound picture, 0..1 of its width and height, whatever the size it is shown in. Pure. */

export interface Place {
  x: number;
  y: number;
}

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/**
 * Where a picture stands in a box that shows it whole (`object-fit: contain`).
 *
 * `across`: where it stands in room to spare, 0 at the left, 0.5 in the middle, 1 at the right.
 */
export function pictureBox(box: Box, width: number, height: number, across = 0.5): Box {
  if (width <= 0 || height <= 0) return box;
  const scale = Math.min(box.width / width, box.height / height);
  const shown = { width: width * scale, height: height * scale };
  return { left: box.left + (box.width - shown.width) * across, top: box.top + (box.height - shown.height) / 2, ...shown };
}

/** The place under a point of the screen; `null` outside the picture. */
export function placeAt(client_x: number, client_y: number, picture: Box): Place | null {
  const x = (client_x - picture.left) / picture.width;
  const y = (client_y - picture.top) / picture.height;
  return x >= 0 && x <= 1 && y >= 0 && y <= 1 ? { x, y } : null;
}

const EVERY_MS = 40;

/** Thins out a pointer's moves to 25 a second; the last one always gets through. */
export class PointerThrottle {
  private last_ms = -Infinity;
  private waiting: Place | null | undefined;
  private cancel: (() => void) | null = null;

  constructor(
    private readonly send: (place: Place | null) => void,
    private readonly after: (ms: number, then: () => void) => () => void,
  ) {}

  move(place: Place | null, now_ms: number): void {
    const wait_ms = this.last_ms + EVERY_MS - now_ms;
    if (wait_ms <= 0) return this.pass(place, now_ms);
    this.waiting = place;
    this.cancel ??= this.after(wait_ms, () => this.flush(now_ms + wait_ms));
  }

  close(): void {
    this.cancel?.();
    this.cancel = null;
  }

  private flush(now_ms: number): void {
    this.cancel = null;
    if (this.waiting !== undefined) this.pass(this.waiting, now_ms);
  }

  private pass(place: Place | null, now_ms: number): void {
    this.waiting = undefined;
    this.last_ms = now_ms;
    this.send(place);
  }
}
