/** Let a part of the room fill the screen, or give it its place back. */
export function toggleFullScreen(part: HTMLElement | undefined): void {
  const done = document.fullscreenElement !== null ? document.exitFullscreen() : part?.requestFullscreen();
  done?.catch(() => undefined); // a browser or a policy may refuse; the part stays where it is
}
