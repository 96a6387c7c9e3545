/**
 * Keeps remote pictures decoding while no tile shows them.
 *
 * A tile that goes to the stage is a new element. Chromium stops a remote track that no element plays, and
 * the new element then stays without a picture (measured: none within 6 s); a muted element beside the
 * page keeps it running.
 */
export class KeptPictures {
  private readonly elements = new Map<string, HTMLVideoElement>();

  /** Keep the track of this m-line, instead of the one before. */
  keep(mid: string, track: MediaStreamTrack): void {
    if (track.kind !== "video") return;
    this.drop(mid);
    const element = document.createElement("video");
    element.muted = true;
    element.playsInline = true;
    element.srcObject = new MediaStream([track]);
    element.play().catch(() => undefined); // muted: only an interrupted start fails
    this.elements.set(mid, element);
  }

  close(): void {
    for (const mid of [...this.elements.keys()]) this.drop(mid);
  }

  private drop(mid: string): void {
    const element = this.elements.get(mid);
    if (element !== undefined) element.srcObject = null;
    this.elements.delete(mid);
  }
}
