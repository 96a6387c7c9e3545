/** A drawn face for the demo, where a computer has no camera: it breathes, blinks and tells the time. */

export interface DrawnFace {
  track: MediaStreamTrack;
  close(): void;
}

const FRAMES_PER_SECOND = 10;

/** Start drawing; `null` where the browser cannot capture a canvas. */
export function drawnFace(): DrawnFace | null {
  const canvas = document.createElement("canvas");
  canvas.width = 320;
  canvas.height = 240;
  const draw = canvas.getContext("2d");
  if (draw === null || typeof canvas.captureStream !== "function") return null;
  const hue = Math.floor(Math.random() * 360);
  const paint = () => paintFace(draw, Date.now(), hue);
  paint();
  const timer = setInterval(paint, 1000 / FRAMES_PER_SECOND);
  const track = canvas.captureStream(FRAMES_PER_SECOND).getVideoTracks()[0];
  const close = () => clearInterval(timer);
  return track === undefined ? null : { track, close };
}

function paintFace(draw: CanvasRenderingContext2D, now_ms: number, hue: number): void {
  const sway = Math.sin(now_ms / 900) * 4;
  draw.fillStyle = `hsl(${hue} 22% 38%)`;
  draw.fillRect(0, 0, 320, 240);
  ellipse(draw, 160, 250 + sway / 2, 110, 78, "#eef3f5");
  ellipse(draw, 160, 118 + sway, 52, 64, "#e8c2a2");
  ellipse(draw, 160, 78 + sway, 56, 34, "#2a2421");
  const open = now_ms % 4000 < 150 ? 1 : 5;
  ellipse(draw, 141, 118 + sway, 5, open, "#2b1d16");
  ellipse(draw, 179, 118 + sway, 5, open, "#2b1d16");
  ellipse(draw, 160, 152 + sway, 15, 3 + 2 * Math.abs(Math.sin(now_ms / 400)), "#96503f");
  draw.fillStyle = "#ffffff";
  draw.font = "600 14px system-ui, sans-serif";
  draw.fillText("SIMULATED · 演示", 10, 22);
}

function ellipse(draw: CanvasRenderingContext2D, x: number, y: number, rx: number, ry: number, colour: string): void {
  draw.fillStyle = colour;
  draw.beginPath();
  draw.ellipse(x, y, rx, ry, 0, 0, Math.PI * 2);
  draw.fill();
}
