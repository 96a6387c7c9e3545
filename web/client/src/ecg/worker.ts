/**
 * The drawing worker: reads the ECG's RTP frames, keeps the samples, draws paper and traces.
 *
 * The frames are read and not passed on, so no audio decoder ever sees them (WebRTC Encoded Transform).
 */

import { hatchesFor } from "./hatch";
import type { Canvases, FromWorker, Setting, ToWorker } from "./protocol";
import type { Tile } from "./reel";
import { EcgScreen, type Surfaces } from "./screen";
import { isE1, readAnyPacket, readPacket } from "./wire";

interface TransformEvent extends Event {
  transformer: { readable: ReadableStream<{ data: ArrayBuffer }> };
}
interface WorkerScope {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  requestAnimationFrame(callback: (now_ms: number) => void): number;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  onrtctransform: ((event: TransformEvent) => void) | null;
}

const scope = self as unknown as WorkerScope;
const screen = new EcgScreen({
  tell: (message: FromWorker) => scope.postMessage(message),
  epoch_us: () => (performance.timeOrigin + performance.now()) * 1000,
  makeTile,
});
let canvases: Canvases | null = null;

scope.onmessage = ({ data: message }) => {
  if (message.type === "layers") return openLayers(message.canvases);
  if (message.type === "packet") return void takeFromSocket(message.data);
  if (message.type === "setting") size(message.setting);
  screen.take(message, performance.now());
};

scope.onrtctransform = (event) => void readFrames(event.transformer.readable);

async function readFrames(frames: ReadableStream<{ data: ArrayBuffer }>): Promise<void> {
  const reader = frames.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const packet = isE1(value.data) ? readPacket(value.data) : null;
    if (packet !== null) screen.packet(packet, performance.now());
  }
}

async function takeFromSocket(data: ArrayBuffer): Promise<void> {
  const packet = await readAnyPacket(data);
  if (packet !== null) screen.packet(packet, performance.now());
}

function openLayers(given: Canvases): void {
  canvases = given;
  const [paper, traces, strip] = [given.paper, given.traces, given.strip].map((canvas) => canvas.getContext("2d"));
  if (!paper || !traces || !strip) throw new Error("no drawing surface for the ECG");
  screen.useSurfaces({ paper, traces, strip } as Surfaces, hatchesFor(traces));
}

function size(setting: Setting): void {
  if (canvases === null) return;
  const { scale } = setting;
  for (const canvas of [canvases.paper, canvases.traces]) {
    resize(canvas, setting.width_css_px * scale, setting.height_css_px * scale);
  }
  resize(canvases.strip, setting.strip_width_css_px * scale, setting.strip_height_css_px * scale);
}

/** Sized to what it is already, a canvas would be emptied for nothing. */
function resize(canvas: OffscreenCanvas, width: number, height: number): void {
  const [wide, high] = [Math.max(1, Math.round(width)), Math.max(1, Math.round(height))];
  if (canvas.width === wide && canvas.height === high) return;
  canvas.width = wide;
  canvas.height = high;
}

function makeTile(left_px: number, width_px: number, height_px: number): Tile {
  const image = new OffscreenCanvas(Math.max(1, width_px), Math.max(1, height_px));
  const context = image.getContext("2d")!;
  context.translate(-left_px, 0);
  return { image, context };
}

/** One bad frame must not end the drawing. While frames fail no status goes out, and the page says so. */
function draw(now_ms: number): void {
  try {
    screen.frame(now_ms);
  } catch (fault) {
    console.error("ECG frame not drawn", fault);
    screen.repaint();
  } finally {
    scope.requestAnimationFrame(draw);
  }
}
scope.requestAnimationFrame(draw);
