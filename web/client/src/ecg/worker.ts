/**
 * The drawing worker: reads the ECG's RTP frames, keeps the samples, draws them on two layers.
 *
 * The frames are read and not passed on, so no audio decoder ever sees them (WebRTC Encoded Transform).
 */

import { hatchesFor } from "./hatch";
import { EcgScreen } from "./screen";
import type { FromWorker, Setting, ToWorker } from "./protocol";
import type { TraceContext } from "./trace";
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
});
let canvases: OffscreenCanvas[] = [];

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

function openLayers(given: OffscreenCanvas[]): void {
  canvases = given;
  const contexts = given.map((canvas) => canvas.getContext("2d")).filter((context) => context !== null);
  screen.useLayers(contexts as TraceContext[], hatchesFor(contexts[0]!));
}

function size(setting: Setting): void {
  for (const canvas of canvases) {
    canvas.width = Math.max(1, Math.round(setting.width_css_px * setting.scale));
    canvas.height = Math.max(1, Math.round(setting.height_css_px * setting.scale));
  }
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
