import { beforeEach, describe, expect, it } from "vitest";
import type { Dump, EcgStatus, FromWorker } from "../../src/ecg/protocol";
import { EcgScreen } from "../../src/ecg/screen";
import type { TraceContext } from "../../src/ecg/trace";
import { Flag, MISSING } from "../../src/ecg/wire";
import { ramp } from "./packets";

const LEADS = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"];
const META = { rate_hz: 500, nv_per_lsb: 2500, leads: LEADS, filters: null };
const SETTING = { arrangement: "3x4", speed_mm_s: 25, gain_mm_mv: 10, css_px_per_mm: 4, width_css_px: 1100, height_css_px: 280, scale: 1 } as const;

/** A drawing surface that only counts. */
class Counter {
  fills: string[] = [];
  lines = 0;
  cleared = 0;
  strokeStyle = "";
  lineWidth = 0;
  lineJoin: CanvasLineJoin = "round";
  fillStyle = "";
  clearRect() { this.cleared += 1; }
  fillRect() { this.fills.push(this.fillStyle); }
  beginPath() { /* nothing */ }
  moveTo() { /* nothing */ }
  lineTo() { this.lines += 1; }
  stroke() { /* nothing */ }
  forget() { this.fills = []; this.lines = 0; this.cleared = 0; }
}

let told: FromWorker[];
let screen: EcgScreen;
let layer: Counter;

const last = <T extends FromWorker["type"]>(type: T) => told.filter((m) => m.type === type).at(-1) as Extract<FromWorker, { type: T }>;
const dump = (first: number, count: number): Dump => {
  screen.take({ type: "dump", id: 1, first, count }, 0);
  return last("dumped");
};
const packet = (first: number, count = 10, stream_id = 7) => ({ ...ramp(first, count, 12), stream_id });

beforeEach(() => {
  told = [];
  layer = new Counter();
  screen = new EcgScreen({ tell: (message) => told.push(message), epoch_us: () => 42 });
  screen.useLayers([layer as unknown as TraceContext, new Counter() as unknown as TraceContext], { gap: "gap", unusable: "off", not_taken: "paused" });
  screen.take({ type: "setting", setting: SETTING }, 0);
  screen.take({ type: "bind", stream_id: 7 }, 0);
  screen.take({ type: "meta", stream_id: 7, meta: META }, 0);
});

/** Packets of 10 samples every 20 ms from `first` on, with a frame after each. */
function play(from_k: number, to_k: number, skip: (k: number) => boolean = () => false): number {
  for (let k = from_k; k < to_k; k++) {
    if (!skip(k)) screen.packet(packet(k * 10), k * 20 + 20);
    screen.frame(k * 20 + 20);
  }
  return to_k * 20;
}

describe("the ECG's screen", () => {
  it("asks for what was stored since, while nothing comes live, and draws on with it", () => {
    const at = play(0, 50); // 500 samples in a second
    const asked = () => told.filter((one) => one.type === "need");
    screen.frame(at + 600);
    expect(asked()).toEqual([]);
    screen.frame(at + 800);
    expect(asked()).toEqual([{ type: "need", stream_id: 7, first: 500, count: 5000 }]);
    screen.frame(at + 900);
    expect(asked()).toHaveLength(1);
    screen.packet({ ...packet(500, 250), flags: Flag.Backfill }, at + 910);
    screen.frame(at + 1400);
    expect(asked().at(-1)).toEqual({ type: "need", stream_id: 7, first: 750, count: 5000 });
    expect(Array.from(dump(500, 250).presence).every(Boolean)).toBe(true);
    screen.frame(at + 5000);
    expect(last("status").end).toBe(750);
  });

  it("tells how far each lead reaches, and nothing of the binding before", () => {
    const at = play(0, 50);
    screen.frame(at + 1000);
    expect(last("status").reaches).toHaveLength(LEADS.length);
    expect(last("status").reaches[0]).toEqual({ lead: "I", low_mv: 0, high_mv: 499 * 2.5e-3 });
    screen.take({ type: "bind", stream_id: 8 }, at + 1001);
    screen.frame(at + 1300);
    expect(last("status").reaches).toEqual([]);
  });

  it("asks for nothing when the stream has ended", () => {
    const at = play(0, 50);
    screen.packet({ kind: "end", stream_id: 7 } as never, at);
    screen.frame(at + 5000);
    expect(told.filter((one) => one.type === "need")).toEqual([]);
  });

  it("holds exactly the samples that came, in every lead", () => {
    play(0, 50);
    const found = dump(0, 500);
    expect([...found.samples.subarray(0, 500)]).toEqual(Array.from({ length: 500 }, (_, i) => i));
    expect([...found.samples.subarray(11 * 500)]).toEqual(Array.from({ length: 500 }, (_, i) => i));
    expect(found.drawn.length).toBeGreaterThan(40);
  });

  it("drops samples of any stream but the bound one", () => {
    play(0, 10);
    screen.packet(packet(100, 10, 8), 300);
    expect(dump(100, 10).presence.every((p) => p === 0)).toBe(true);
  });

  it("is empty after the next binding, and refuses late samples of the one before", () => {
    play(0, 50);
    screen.take({ type: "bind", stream_id: 8 }, 1000);
    screen.packet(packet(500, 10, 7), 1001);
    const found = dump(0, 600);
    expect(found.stream_id).toBe(8);
    expect(found.presence.every((p) => p === 0)).toBe(true);
    expect(found.drawn).toEqual([]);
    screen.frame(1300);
    expect((last("status") as EcgStatus).end).toBe(0);
  });

  it("draws nothing as long as the scale is not known", () => {
    screen.take({ type: "bind", stream_id: 9 }, 0);
    layer.forget();
    screen.packet(packet(0, 10, 9), 10);
    screen.frame(60);
    screen.frame(90);
    expect(layer.lines).toBe(0);
  });

  it("tells a pause of the source from samples that are on their way", () => {
    screen.packet(packet(0, 500), 20);
    screen.packet({ ...packet(500, 100), samples: new Int16Array(1200).fill(MISSING) }, 40);
    play(60, 100);
    screen.frame(2300);
    expect(layer.fills).toContain("paused");
    expect(layer.fills).not.toContain("gap");
    expect(last("status")).toMatchObject({ missing: 0, not_taken_s: 0.2 });
  });

  it("draws only the new strip of each frame", () => {
    play(0, 100);
    layer.forget();
    play(100, 101);
    expect(layer.lines).toBeGreaterThan(0);
    expect(layer.lines).toBeLessThan(12 * 8 * 4);
  });

  it("hatches what has not come, asks for it, and redraws it when it comes", () => {
    const now = play(0, 100, (k) => k >= 60 && k < 70);
    expect(layer.fills).toContain("gap");
    expect(last("need")).toMatchObject({ stream_id: 7, first: 600, count: 100 });
    screen.packet({ ...packet(600, 100), flags: Flag.Backfill }, now);
    layer.forget();
    screen.frame(now + 400);
    expect(layer.fills).not.toContain("gap");
    expect(dump(600, 100).presence.every((p) => p === 1)).toBe(true);
  });

  it("asks for the ten seconds before it came in", () => {
    for (let k = 1000; k < 1030; k++) {
      screen.packet(packet(k * 10), k * 20);
      screen.frame(k * 20);
    }
    expect(last("need")).toMatchObject({ first: 5000, count: 5000 });
  });

  it("names the electrodes that are off, and no longer once samples stop", () => {
    play(0, 10);
    screen.packet({ ...packet(100), electrodes_off: 1 << 5, leads_unusable: 1 << 7 }, 220);
    screen.frame(700);
    expect(last("status")).toMatchObject({ electrodes_off: ["V2"], leads_unusable: ["V2"] });
    screen.frame(5000);
    expect(last("status")).toMatchObject({ electrodes_off: [], silence_ms: 4780 });
  });

  it("points at the sample that was taken when the shown frame was", () => {
    play(0, 100);
    screen.take({ type: "cursor", taken_us: 1_000_000 + 900 * 2000 }, 0);
    expect(last("cursor").index).toBe(900);
    expect(last("cursor").sample_us).toBe(1_000_000 + 900 * 2000); // when it was really taken
    expect(last("cursor").lines).toHaveLength(5);
    screen.take({ type: "cursor", taken_us: null }, 0);
    expect(last("cursor")).toMatchObject({ index: null, lines: [] });
  });

  it("points as soon as the sample has come, when the picture was quicker", () => {
    play(0, 100);
    screen.take({ type: "cursor", taken_us: 1_000_000 + 1005 * 2000 }, 2000);
    expect(told.filter((message) => message.type === "cursor" && message.index === 1005)).toEqual([]);
    play(100, 102);
    expect(last("cursor").index).toBe(1005);
  });

  it("copies one lead's samples of a stretch of time, and says which have not come", () => {
    play(0, 100, (k) => k === 41);
    screen.packet({ ...packet(1000), leads_unusable: 2 }, 2010);
    screen.take({ type: "copy", id: 5, lead: "II", from_us: 1_000_000 + 400 * 2000 - 1, to_us: 1_000_000 + 429 * 2000 + 1 }, 0);
    const { copy } = last("copied");
    expect([copy!.first, copy!.values.length, copy!.rate_hz, copy!.nv_per_lsb]).toEqual([400, 30, 500, 2500]);
    expect([...copy!.taken_us].map((at) => (Number.isNaN(at) ? null : (at - 1_000_000) / 2000))).toEqual(Array.from({ length: 30 }, (_, i) => (i >= 10 && i < 20 ? null : 400 + i)));
    expect([copy!.values[0], copy!.values[29], copy!.newest_us]).toEqual([400, 429, 1_000_000 + 1009 * 2000]);
    screen.take({ type: "copy", id: 6, lead: "II", from_us: 1_000_000 + 1000 * 2000, to_us: Infinity }, 0);
    expect([...last("copied").copy!.unusable]).toEqual(Array.from({ length: 10 }, () => 1));
    screen.take({ type: "copy", id: 7, lead: "II", from_us: 0, to_us: 1000 }, 0);
    expect(last("copied").copy!.values).toHaveLength(0);
    screen.take({ type: "copy", id: 8, lead: "X", from_us: 0, to_us: Infinity }, 0);
    expect(last("copied")).toEqual({ type: "copied", id: 8, copy: null });
  });

  it("takes the line away when the samples stay out: it would lie about the picture", () => {
    play(0, 100);
    screen.take({ type: "cursor", taken_us: 1_000_000 + 990 * 2000 }, 2000);
    expect(last("cursor").index).toBe(990);
    screen.take({ type: "cursor", taken_us: 1_000_000 + 1900 * 2000 }, 3800);
    expect(last("cursor")).toMatchObject({ index: null, lines: [] });
  });
});
