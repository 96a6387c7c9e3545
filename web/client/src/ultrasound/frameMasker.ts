/** Masks the frames of one capture card, and watches what lies under the mask. Knows no track and no worker. */

import { type Masked, Masker, type SignedProfile } from "./mask";
import { type FrameBytes, levelsOf, partOf, PlaneCover } from "./planes";
import { TextWatch } from "./textWatch";

/** What is to be said of how a card's picture is masked. */
export interface MaskState extends Masked {
  width: number;
  height: number;
  /** Text stands under the mask where none was when a person signed it off. */
  new_text: boolean;
}

export class FrameMasker {
  private readonly masker: Masker;
  private readonly watches = new Map<SignedProfile, TextWatch>();
  /** Of the cover that was put on last: a new one is laid out again, not for every frame. */
  private laid: { of: object; cover: PlaneCover } | null = null;

  constructor(profiles: readonly SignedProfile[]) {
    this.masker = new Masker(profiles);
  }

  /** Blacken a frame in place, and tell on what grounds; throws for one that cannot be masked. */
  mask(frame: FrameBytes, capture_us: number): MaskState {
    const { width, height } = frame;
    const { masked, cover, profile } = this.masker.decide(width, height, (place) => partOf(frame, place));
    const new_text = profile !== null && this.watchOf(profile).see(() => ({ width, height, data: levelsOf(frame) }), capture_us).length > 0;
    if (this.laid?.of !== cover) this.laid = { of: cover, cover: new PlaneCover(width, height, cover.visible) };
    this.laid.cover.putOn(frame);
    return { ...masked, width, height, new_text };
  }

  private watchOf(profile: SignedProfile): TextWatch {
    const known = this.watches.get(profile);
    if (known !== undefined) return known;
    const watch = new TextWatch(profile);
    this.watches.set(profile, watch);
    return watch;
  }
}
