/** What this browser keeps for its user: sound, keys, and how many pixels a millimetre of its screen has. */

const KEPT_AS = "cloud-clinic.preferences";

interface Kept {
  sound: boolean;
  single_letter_keys: boolean;
  px_per_mm: number | null;
}

const FIRST: Kept = { sound: true, single_letter_keys: true, px_per_mm: null };

function read(): Kept {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT_AS) ?? "{}") as Partial<Kept>;
    return { ...FIRST, ...kept };
  } catch {
    return FIRST;
  }
}

class Preferences {
  private kept = $state<Kept>(read());

  get sound(): boolean {
    return this.kept.sound;
  }

  get single_letter_keys(): boolean {
    return this.kept.single_letter_keys;
  }

  /** CSS pixels a millimetre; null until the screen was calibrated: then nothing is to scale. */
  get px_per_mm(): number | null {
    return this.kept.px_per_mm;
  }

  change(part: Partial<Kept>): void {
    this.kept = { ...this.kept, ...part };
    try {
      localStorage.setItem(KEPT_AS, JSON.stringify(this.kept));
    } catch {
      // forbidden storage: it holds as long as the page
    }
  }
}

export const preferences = new Preferences();
