/** Picture in picture: the probe camera over the ultrasound, or the ultrasound over the probe camera. For oneself only. */

import { CORNERS, type InsetSize, type Share, SIZES } from "../../ultrasound/inset";

export type InsetMode = "off" | "camera" | "ultrasound";

const NEXT: Record<InsetMode, InsetMode> = { off: "camera", camera: "ultrasound", ultrasound: "off" };
const KEPT_AS = "cloud-clinic.inset";

interface Kept {
  size: InsetSize;
  /** Where a hand put it; `null`: where it covers least. */
  place: Share | null;
}

function read(): Kept {
  try {
    const { size, place } = JSON.parse(localStorage.getItem(KEPT_AS) ?? "{}") as Partial<Kept>;
    return { size: SIZES.find((one) => one === size) ?? "small", place: isShare(place) ? place : null };
  } catch {
    return { size: "small", place: null }; // storage may be forbidden
  }
}

function isShare(place: unknown): place is Share {
  if (typeof place !== "object" || place === null) return false;
  const { across, down } = place as Record<string, unknown>;
  return [across, down].every((one) => typeof one === "number" && one >= 0 && one <= 1);
}

export class InsetModel {
  /** What stands small over the other. */
  mode = $state<InsetMode>("off");
  private kept = $state.raw<Kept>(read());

  get size(): InsetSize {
    return this.kept.size;
  }

  get place(): Share | null {
    return this.kept.place;
  }

  /** Camera over ultrasound, ultrasound over camera, neither. */
  turn(): void {
    this.mode = NEXT[this.mode];
  }

  put(place: Share): void {
    this.keep({ ...this.kept, place });
  }

  /** Into the next corner, away from what it covers. */
  nextCorner(): void {
    const { place } = this.kept;
    const now = place === null ? -1 : CORNERS.findIndex(({ across, down }) => across === place.across && down === place.down);
    this.put(CORNERS[(now + 1) % CORNERS.length]!);
  }

  nextSize(): void {
    const at = SIZES.indexOf(this.kept.size);
    this.keep({ ...this.kept, size: SIZES[(at + 1) % SIZES.length]! });
  }

  private keep(kept: Kept): void {
    this.kept = kept;
    try {
      localStorage.setItem(KEPT_AS, JSON.stringify(kept));
    } catch {
      // storage may be forbidden; it holds as long as the page
    }
  }
}
