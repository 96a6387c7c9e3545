/** Let a part of the room fill the screen its window is on, or give it its place back. */
export function toggleFullScreen(part: HTMLElement | undefined): void {
  if (part === undefined) return;
  const page = part.ownerDocument;
  const done = page.fullscreenElement !== null ? page.exitFullscreen() : part.requestFullscreen();
  done?.catch(() => undefined); // a browser or a policy may refuse; the part stays where it is
}
