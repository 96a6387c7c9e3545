/** Which part of the captured picture a frame on a tape is, and what the station gave up for it: as it was told in the room. Pure. */

import type { GivenUp, PictureShown, TapeAct } from "../api/types";
import { PartHistory, type Placed, ROUNDED_US } from "../ultrasound/part";

interface GaveUp {
  since_us: number;
  given_up: readonly GivenUp[];
}

/** What one binding's station told of its pictures. Only the main encoding is on a tape. */
class Told {
  readonly parts = new PartHistory(Infinity);
  readonly gaveUp: GaveUp[] = [];
}

export class TapeParts {
  private readonly bindings = new Map<string, Told>();

  constructor(acts: readonly TapeAct[]) {
    for (const { message } of acts) {
      if (message["type"] === "picture_shown") this.tell(message as unknown as PictureShown);
    }
    for (const { gaveUp } of this.bindings.values()) gaveUp.sort((a, b) => a.since_us - b.since_us);
  }

  /** Where a frame of the bound station lies, by its capture time on the station's clock; `null`: it is the whole picture. */
  of(binding_id: string | null, capture_us: number | null, width: number, height: number): Placed {
    return this.bindings.get(binding_id ?? "")?.parts.of(capture_us, width, height) ?? null;
  }

  /** What the station gave up for its line in the frame it captured then. */
  givenUp(binding_id: string | null, capture_us: number | null): readonly GivenUp[] {
    if (capture_us === null) return [];
    const told = this.bindings.get(binding_id ?? "")?.gaveUp ?? [];
    return told.findLast((one) => one.since_us - ROUNDED_US <= capture_us)?.given_up ?? [];
  }

  private tell({ binding_id, since_us, part, given_up, encoding }: PictureShown): void {
    if (encoding !== "main") return;
    const told = this.bindings.get(binding_id) ?? new Told();
    this.bindings.set(binding_id, told);
    told.parts.tell(since_us, part);
    told.gaveUp.push({ since_us, given_up });
  }
}
