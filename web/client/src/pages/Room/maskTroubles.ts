/** What of a capture card's mask is told to everybody in the room, in the words that a station's has. Pure. */

import type { PictureTrouble } from "../../api/types";
import type { MaskState } from "../../ultrasound/frameMasker";
import type { Unsure } from "../../ultrasound/mask";

const TOLD: Record<Unsure, PictureTrouble> = {
  no_profile: "no_profile",
  not_signed_off: "no_profile",
  unknown_size: "unknown_layout",
  unknown_layout: "unknown_layout",
  ambiguous_layout: "unknown_layout",
};

/** What the others are told of how the picture is masked; `changed`: the layout is another since a moment ago. */
export function maskTroubles(state: MaskState | null, changed: boolean): PictureTrouble[] {
  const there: [PictureTrouble | null, boolean][] = [
    ["layout_changed", changed],
    ["new_text", state?.new_text === true],
    [state === null || state.unsure === null ? null : TOLD[state.unsure], true],
  ];
  return there.flatMap(([what, is_there]) => (what !== null && is_there ? [what] : []));
}
