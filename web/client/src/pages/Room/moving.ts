/** Whether the ultrasound picture on the screen is live, and the warning that must stand on it. Pure. */

import type { PictureTrouble } from "../../api/types";
import type { NoGuiding } from "../../ultrasound/stage";

export interface Picture {
  /** A track of the ultrasound is bound to this page. */
  arriving: boolean;
  path_lost: boolean;
  station_connected: boolean;
  /** What is wrong with it, as told by who captures it. */
  troubles: readonly PictureTrouble[];
  /** Frames shown a second; `null` before the second frame. */
  fps: number | null;
}

/** Only what really moves is called live: a hung station's last picture looks like a quiet heart. */
export function isMoving({ arriving, path_lost, station_connected, troubles, fps }: Picture): boolean {
  return arriving && !path_lost && station_connected && !troubles.includes("lost") && fps !== null && fps > 0;
}

/** A picture that comes and is always the same, a scanner's own freeze for one, is shown as it is and not called live. */
export function isLive(picture: Picture): boolean {
  return isMoving(picture) && !picture.troubles.some((one) => one === "frozen" || one === "blank");
}

/** Why nobody may guide a hand by this picture. A picture that came once and moves no more is still. */
export function warningOf(measured: NoGuiding, moving: boolean, has_picture: boolean): NoGuiding {
  return has_picture && !moving ? "still" : measured;
}
