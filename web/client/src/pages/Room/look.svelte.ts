/** How one looks at the frozen picture: zoomed and moved. Everybody for himself; the frame is everybody's. */

import { type Look, panned, type Pixel, type Stand, zoomedAt } from "../../ultrasound/view";

const STEP = 1.5;

export class LookModel {
  /** `null`: the whole picture. */
  look = $state.raw<Look | null>(null);
  private stand: (() => { stand: Stand; look: Look } | null) | null = null;

  get zoom(): number {
    return this.look?.zoom ?? 1;
  }

  /** The picture's place on the page is asked for when it is needed: pages scroll and windows move. */
  standsAt(stand: () => { stand: Stand; look: Look } | null): void {
    this.stand = stand;
  }

  /** Nearer (above 1) or further, around a point of the page, else around the middle. */
  zoomBy(by: number, page?: Pixel): void {
    const now = this.stand?.() ?? null;
    if (now === null) return;
    const { left, top, width, height } = now.stand.frame;
    this.take(zoomedAt(now.stand, now.look, by, page ?? { x: left + width / 2, y: top + height / 2 }));
  }

  nearer(): void {
    this.zoomBy(STEP);
  }

  further(): void {
    this.zoomBy(1 / STEP);
  }

  move(dx: number, dy: number): void {
    const now = this.stand?.() ?? null;
    if (now !== null) this.take(panned(now.stand, now.look, dx, dy));
  }

  reset(): void {
    this.look = null;
  }

  private take(look: Look): void {
    this.look = look.zoom === 1 ? null : look;
  }
}
