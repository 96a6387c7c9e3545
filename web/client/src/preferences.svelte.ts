/** What this browser keeps for its user: sound, voice, keys, and how many pixels a millimetre of its screens has. */

import { type Calibration, pxPerMmOn, readCalibrations, recalibrated, screenName } from "./screenScale";

const KEPT_AS = "cloud-clinic.preferences";
const LOOK_EVERY_MS = 2000;

interface Kept {
  sound: boolean;
  single_letter_keys: boolean;
  guiding_voice: boolean;
  calibrations: Calibration[];
}

const FIRST: Kept = { sound: true, single_letter_keys: true, guiding_voice: true, calibrations: [] };

function read(): Kept {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT_AS) ?? "{}") as Partial<Kept>;
    return { ...FIRST, ...kept, calibrations: readCalibrations(kept.calibrations) };
  } catch {
    return FIRST;
  }
}

function thisScreen(): string {
  if (typeof screen === "undefined") return "";
  const { width, height, availLeft = 0, availTop = 0 } = screen as Screen & { availLeft?: number; availTop?: number };
  return screenName({ width, height, left: availLeft, top: availTop, device_pixel_ratio: devicePixelRatio });
}

class Preferences {
  private kept = $state<Kept>(read());
  private screen = $state(thisScreen());

  get sound(): boolean {
    return this.kept.sound;
  }

  get single_letter_keys(): boolean {
    return this.kept.single_letter_keys;
  }

  /** Whether what a specialist asks of the hand at the probe is spoken. */
  get guiding_voice(): boolean {
    return this.kept.guiding_voice;
  }

  /** CSS pixels a millimetre of the screen this window is on; null until it was calibrated: then nothing is to scale. */
  get px_per_mm(): number | null {
    return pxPerMmOn(this.screen, this.kept.calibrations);
  }

  change(part: Partial<Omit<Kept, "calibrations">>): void {
    this.keep({ ...this.kept, ...part });
  }

  /** What was measured on the screen this window is on; `null`: forget it. */
  calibrate(px_per_mm: number | null): void {
    this.screen = thisScreen();
    this.keep({ ...this.kept, calibrations: recalibrated(this.kept.calibrations, this.screen, px_per_mm) });
  }

  /** Notice another monitor or another zoom, as long as something on the page is to scale; returns the way to stop. */
  followScreen(): () => void {
    const look = () => (this.screen = thisScreen());
    look();
    const timer = setInterval(look, LOOK_EVERY_MS); // a window that is moved tells nobody
    addEventListener("resize", look);
    return () => {
      clearInterval(timer);
      removeEventListener("resize", look);
    };
  }

  private keep(kept: Kept): void {
    this.kept = kept;
    try {
      localStorage.setItem(KEPT_AS, JSON.stringify(kept));
    } catch {
      // forbidden storage: it holds as long as the page
    }
  }
}

export const preferences = new Preferences();
