/**
 * The voices of the others: one audio element for each, and one button when the browser will not play.
 *
 * In the demo two windows stand on one machine, so nothing sounds until somebody asks to hear, and then
 * softly: otherwise they howl. The ECG's stream never comes here.
 */

const DEMO_VOLUME = 0.25;

export type Player = Pick<HTMLAudioElement, "srcObject" | "volume" | "play" | "pause">;

export class Voices {
  private readonly players = new Map<string, { player: Player; track: MediaStreamTrack }>();
  private heard: boolean;
  private volume = 1;

  /** `changed` is told whether the button "hear" is needed. */
  constructor(
    private readonly demo: boolean,
    private readonly changed: (needs_button: boolean) => void,
    private readonly makePlayer: () => Player = () => new Audio(),
  ) {
    this.heard = !demo;
  }

  /** The voices that should sound now, by m-line; others fall silent. */
  set(voices: ReadonlyMap<string, MediaStreamTrack>): void {
    for (const mid of [...this.players.keys()]) {
      if (voices.get(mid) !== this.players.get(mid)!.track) this.drop(mid);
    }
    for (const [mid, track] of voices) this.add(mid, track);
    if (!this.heard) this.changed(voices.size > 0);
  }

  /** Somebody pressed "hear": the browser now lets us play. */
  hear(): void {
    this.heard = true;
    this.changed(false);
    for (const { player } of this.players.values()) this.play(player);
  }

  /** Whether anything sounds at all. */
  get sounding(): boolean {
    return this.heard && this.volume > 0 && this.players.size > 0;
  }

  /** How loud the others are, 0 to 1 of the usual. */
  setVolume(volume: number): void {
    if (volume === this.volume) return;
    this.volume = volume;
    for (const { player } of this.players.values()) player.volume = this.usual * volume;
  }

  private get usual(): number {
    return this.demo ? DEMO_VOLUME : 1;
  }

  close(): void {
    for (const mid of [...this.players.keys()]) this.drop(mid);
  }

  private add(mid: string, track: MediaStreamTrack): void {
    if (this.players.has(mid)) return;
    const player = this.makePlayer();
    player.srcObject = new MediaStream([track]);
    player.volume = this.usual * this.volume;
    this.players.set(mid, { player, track });
    if (this.heard) this.play(player);
  }

  private play(player: Player): void {
    player.play().catch((fault: unknown) => {
      if (fault instanceof Error && fault.name !== "NotAllowedError") return; // replaced while starting
      this.heard = false;
      this.changed(true);
    });
  }

  private drop(mid: string): void {
    const found = this.players.get(mid);
    if (found === undefined) return;
    found.player.pause();
    found.player.srcObject = null;
    this.players.delete(mid);
  }
}
