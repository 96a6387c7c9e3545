/**
 * Whether the media path is up: decided from connection state and arriving packets, without a browser.
 *
 * Lost: the connection failed; or packets were flowing and none has come for 2 s although some should, whatever
 * ICE says meanwhile; or, where nothing is to come that could stay away, ICE has been disconnected for 2 s.
 */

const DISCONNECTED_MS = 2000;
const SILENT_MS = 2000;
const UP_AT_LATEST_MS = 15_000;

/** One look at the connection. `packets`: all received so far; `null` when not known. */
export interface Look {
  at_ms: number;
  state: RTCPeerConnectionState;
  packets: number | null;
  expects_media: boolean;
}

export class PathWatch {
  private disconnected_ms: number | null = null;
  private packets = 0;
  private moved_ms: number | null = null;
  private was_up = false;
  private quiet = false;

  constructor(private readonly begun_ms: number) {}

  /** True once the path is to be given up. */
  isLost(look: Look): boolean {
    this.see(look);
    if (look.state === "failed" || look.state === "closed") return true;
    if (this.disconnected_ms !== null && look.at_ms - this.disconnected_ms >= DISCONNECTED_MS) return true;
    if (!this.was_up) return look.at_ms - this.begun_ms >= UP_AT_LATEST_MS;
    return this.isSilent(look);
  }

  /** Nothing came since the look before: look again soon. */
  get isQuiet(): boolean {
    return this.was_up && this.quiet;
  }

  private see(look: Look): void {
    if (look.state === "connected") this.was_up = true;
    if (look.state === "disconnected") this.disconnected_ms ??= look.at_ms;
    else this.disconnected_ms = null;
    this.quiet = look.packets !== null && look.packets <= this.packets;
    if (look.packets !== null && look.packets > this.packets) {
      this.packets = look.packets;
      this.moved_ms = look.at_ms;
    }
    if (!look.expects_media) this.moved_ms = null;
  }

  private isSilent(look: Look): boolean {
    return this.moved_ms !== null && look.packets !== null && look.at_ms - this.moved_ms >= SILENT_MS;
  }
}

/** How long to wait before the next try: at once, then 1, 2, 4, at most 5 s. */
export function waitBeforeTry_ms(attempt: number): number {
  return attempt <= 1 ? 0 : Math.min(5000, 1000 * 2 ** (attempt - 2));
}
