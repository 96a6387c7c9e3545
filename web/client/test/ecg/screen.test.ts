import { beforeEach, describe, expect, it } from "vitest";
import { DIAGNOSTIC } from "../../src/ecg/filters";
import type { Dump, EcgStatus, FromWorker, Setting } from "../../src/ecg/protocol";
import { EcgScreen } from "../../src/ecg/screen";
import type { LayerContext } from "../../src/ecg/livePainter";
import type { Tile } from "../../src/ecg/reel";
import { Flag, MISSING } from "../../src/ecg/wire";
import { ramp } from "./packets";

const LEADS = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"];
const META = { rate_hz: 500, nv_per_lsb: 2500, leads: LEADS, filters: null };
const RAW = { high_pass_hz: null, low_pass_hz: null, mains_hz: null };
const SETTING: Setting = {
  ...{ arrangement: "3x4+1", order: "standard", motion: "sweep", speed_mm_s: 25, gain_mm_mv: 10, half_chest: false, filters: RAW, contrast: "usual" },
  ...{ css_px_per_mm: 4, width_css_px: 1100, height_css_px: 280, strip_width_css_px: 200, strip_height_css_px: 32, scale: 1 },
};

/** A drawing surface that only counts. */
class Counter {
  fills: string[] = [];
  lines = 0;
  cleared = 0;
  strokeStyle = "";
  lineWidth = 0;
  lineJoin: CanvasLineJoin = "round";
  fillStyle = "";
  globalCompositeOperation: GlobalCompositeOperation = "source-over";
  save() { /* nothing */ }
  restore() { /* nothing */ }
  rect() { /* nothing */ }
  clip() { /* nothing */ }
  clearRect() { this.cleared += 1; }
  fillRect() { this.fills.push(this.fillStyle); }
  beginPath() { /* nothing */ }
  moveTo() { /* nothing */ }
  lineTo() { this.lines += 1; }
  stroke() { /* nothing */ }
  font = "";
  textBaseline: CanvasTextBaseline = "alphabetic";
  names: string[] = [];
  pieces: number[][] = [];
  strokeText() { /* nothing */ }
  fillText(text: string) { this.names.push(text); }
  drawImage(_image: unknown, ...numbers: number[]) { this.pieces.push(numbers); }
  forget() { this.fills = []; this.lines = 0; this.cleared = 0; this.names = []; this.pieces = []; }
}

let told: FromWorker[];
let screen: EcgScreen;
let layer: Counter;
let strip: Counter;
let paper: Counter;
let tiles: Counter[];

const last = <T extends FromWorker["type"]>(type: T) => told.filter((m) => m.type === type).at(-1) as Extract<FromWorker, { type: T }>;
const dump = (first: number, count: number): Dump => {
  screen.take({ type: "dump", id: 1, first, count }, 0);
  return last("dumped");
};
const packet = (first: number, count = 10, stream_id = 7) => ({ ...ramp(first, count, 12), stream_id });

const of = (counter: Counter) => counter as unknown as LayerContext & CanvasRenderingContext2D;
function makeTile(): Tile {
  const tile = new Counter();
  tiles.push(tile);
  return { context: of(tile), image: tile as unknown as CanvasImageSource };
}

beforeEach(() => {
  told = [];
  [layer, strip, paper] = [new Counter(), new Counter(), new Counter()];
  tiles = [];
  screen = new EcgScreen({ tell: (message) => told.push(message), epoch_us: () => 42, makeTile });
  screen.useSurfaces({ paper: of(paper), traces: of(layer), strip: of(strip) }, { gap: "gap", unusable: "off", not_taken: "paused" });
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
    expect(asked()).toHaveLength(1); // more may be on its way
    screen.frame(at + 1500);
    expect(asked().at(-1)).toEqual({ type: "need", stream_id: 7, first: 750, count: 5000 });
    expect(Array.from(dump(500, 250).presence).every(Boolean)).toBe(true);
    screen.frame(at + 5000);
    expect(last("status").end).toBe(750);
  });

  it("asks for the next as soon as all of a quick answer has come, and for more at once", () => {
    const at = play(0, 50);
    const asked = () => told.filter((one) => one.type === "need");
    for (const [k, [first, count]] of [[500, 5000], [5500, 10_000], [15_500, 15_000]].entries()) {
      screen.frame(at + 800 + 100 * k);
      expect(asked()).toHaveLength(k + 1);
      expect(asked()[k]).toMatchObject({ first, count });
      screen.packet({ ...packet(first!, count!), flags: Flag.Backfill }, at + 850 + 100 * k);
    }
    expect(last("need")).toMatchObject({ first: 15_500 });
  });

  it("does not ask once more for what was asked for ahead when live comes back before the answer", () => {
    const at = play(0, 50);
    const asked = () => told.filter((one) => one.type === "need");
    screen.frame(at + 800);
    screen.packet(packet(30_500), at + 850);
    screen.frame(at + 900);
    screen.frame(at + 1100);
    expect(asked()).toEqual([expect.objectContaining({ first: 500, count: 5000 }), expect.objectContaining({ first: 5500, count: 5000 })]);
    for (let k = 0; k < 20; k++) screen.packet(packet(30_510 + k * 10), at + 1120 + k * 20); // and no answer
    screen.frame(at + 2150);
    expect(asked()[2]).toMatchObject({ first: 500 });
  });

  it("asks again at once on another socket", () => {
    const now = play(0, 100, (k) => k >= 60 && k < 70);
    const asked = () => told.filter((one) => one.type === "need" && one.first === 600);
    expect(asked()).toHaveLength(1);
    screen.frame(now + 100);
    expect(asked()).toHaveLength(1);
    screen.take({ type: "ask_anew" }, now + 150);
    screen.frame(now + 300);
    expect(asked()).toHaveLength(2);
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
    expect(layer.lines).toBeLessThan(5 * 13 * 16 * 4); // five strips, and whatever else stands in them
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

describe("the paper", () => {
  it("is drawn with each setting, its names those of the layout", () => {
    paper.forget();
    screen.take({ type: "setting", setting: { ...SETTING, order: "cabrera", arrangement: "6x2", half_chest: true } }, 0);
    expect(paper.names).toEqual(["aVL", "V1 ½", "I", "V2 ½", "−aVR", "V3 ½", "II", "V4 ½", "aVF", "V5 ½", "III", "V6 ½"]);
  });

  it("has rows for the leads there are, once they are known", () => {
    screen.take({ type: "bind", stream_id: 9 }, 0);
    paper.forget();
    screen.take({ type: "meta", stream_id: 9, meta: { ...META, leads: ["II", "V5"] } }, 0);
    expect(paper.names).toEqual(["II", "V5"]);
  });
});

describe("filters", () => {
  it("of the device are told when META comes, where the scale was known from the recording before", () => {
    const filters = { low_hz: 0.05, high_hz: 150, notch_hz: 0 };
    screen.packet({ kind: "meta", stream_id: 7, flags: 0, meta: { ...META, nv_per_lsb: 1, filters } }, 0);
    screen.frame(300);
    expect(last("status").meta).toEqual({ ...META, filters }); // and nothing else of it
    screen.packet({ kind: "meta", stream_id: 7, flags: 0, meta: { ...META, filters: null } }, 310);
    screen.frame(600);
    expect(last("status").meta!.filters).toEqual(filters);
  });

  const DIRECT = { ...SETTING, filters: DIAGNOSTIC };

  it("are of the picture alone: the samples stay as they came", () => {
    screen.take({ type: "setting", setting: DIRECT }, 0);
    play(0, 50);
    expect([...dump(0, 500).samples.subarray(0, 500)]).toEqual(Array.from({ length: 500 }, (_, i) => i));
    screen.frame(1300);
    expect(last("status")).toMatchObject({ filters: DIAGNOSTIC });
    expect(last("status").reaches[0]!.high_mv).toBeLessThan(499 * 2.5e-3); // a ramp, and a high-pass
  });

  it("are told as they are applied: without what the sample rate does not allow", () => {
    screen.take({ type: "bind", stream_id: 9 }, 0);
    screen.take({ type: "meta", stream_id: 9, meta: { ...META, rate_hz: 250 } }, 0);
    screen.take({ type: "setting", setting: DIRECT }, 0);
    screen.frame(300);
    expect(last("status").filters).toEqual({ ...DIAGNOSTIC, low_pass_hz: null });
  });

  it("are other ones over all that is shown as soon as they are chosen", () => {
    play(0, 100);
    layer.forget();
    screen.take({ type: "setting", setting: DIRECT }, 2000);
    screen.frame(2010);
    expect(layer.lines).toBeGreaterThan(12 * 100);
  });
});

describe("traces that scroll", () => {
  const lines = () => tiles.reduce((sum, tile) => sum + tile.lines, 0);

  it("are swept unseen and laid on the paper in pieces, the newest column at the right, names above", () => {
    screen.take({ type: "setting", setting: { ...SETTING, motion: "scroll" } }, 0);
    layer.forget();
    play(0, 100);
    expect(layer.lines).toBe(0);
    expect(lines()).toBeGreaterThan(100);
    layer.forget();
    screen.frame(2020);
    expect(layer.names).toEqual(["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6", "II"]);
    // Each piece: from where on a tile, how wide, to where. Side by side they fill each group's width, without a hole.
    const pieces = layer.pieces.map(([, , width, , to]) => [to!, to! + width!]);
    const group = Math.floor((1100 - 25) / 4);
    for (const [left, right] of [[25, 25 + group], [25 + 3 * group, 25 + 4 * group], [25, 25 + 4 * group]] as const) {
      const covered = new Set(pieces.filter(([from, to]) => from! >= left && to! <= right).flatMap(([from, to]) => Array.from({ length: to! - from! }, (_, i) => from! + i)));
      expect(covered.size).toBe(right - left);
    }
  });

  it("draw only the new strip of each frame, on the few tiles under the pens", () => {
    screen.take({ type: "setting", setting: { ...SETTING, motion: "scroll" } }, 0);
    play(0, 100);
    for (const tile of tiles) tile.forget();
    play(100, 101);
    expect(lines()).toBeGreaterThan(0);
    expect(lines()).toBeLessThan(13 * 8 * 4);
    expect(tiles.filter((tile) => tile.lines > 0 || tile.cleared > 0).length).toBeLessThanOrEqual(10);
  });

  it("are pointed at where they stand now", () => {
    screen.take({ type: "setting", setting: { ...SETTING, motion: "scroll" } }, 0);
    play(0, 100);
    const x = () => {
      screen.take({ type: "cursor", taken_us: 1_000_000 + 900 * 2000 }, 2000);
      return last("cursor").lines[0]!.x;
    };
    const before = x();
    play(100, 110); // 0.2 s, 5 mm, 20 px
    expect(before - x()).toBeCloseTo(20, -1);
  });
});

describe("a still page", () => {
  const turn = (end: number, now: number) => {
    screen.take({ type: "turn", end }, now);
    screen.frame(now + 201);
    return last("status").still!;
  };

  it("stands where the pen was, and live goes on in the strip", () => {
    const at = play(0, 200); // 2000 samples
    screen.take({ type: "freeze" }, at);
    layer.forget();
    strip.forget();
    screen.frame(at + 1);
    const { still } = last("status");
    expect(still!.end).toBeGreaterThan(1970);
    expect(still!.end).toBeLessThanOrEqual(2000);
    expect([still!.first, still!.missing, still!.fetching]).toEqual([0, 0, false]);
    expect(layer.lines).toBeGreaterThan(1000);
    expect(strip.lines).toBeGreaterThan(10);
    layer.forget();
    strip.forget();
    play(200, 220);
    expect(layer.lines).toBe(0); // it stands
    expect(strip.lines).toBeGreaterThan(0);
    screen.frame(at + 800);
    expect(last("status").still!.end).toBe(still!.end);
    expect(last("status").still!.newest).toBe(2200);
  });

  it("says when it was taken", () => {
    const at = play(0, 700);
    screen.take({ type: "freeze" }, at);
    screen.frame(at + 1);
    const still = turn(6500, at + 10);
    expect(still.to_us).toBe(1_000_000 + 6499 * 2000);
    expect(still.from_us).toBe(1_000_000 + Math.floor(still.first) * 2000);
    expect(still.newest_us).toBe(1_000_000 + 6999 * 2000);
  });

  it("turns no further than there are samples", () => {
    const at = play(0, 700);
    screen.take({ type: "freeze" }, at);
    screen.frame(at + 1);
    expect(turn(9_999_999, at + 10).end).toBe(7000);
    expect(turn(-50, at + 400).end).toBe(1);
  });

  it("looks back over what the ring has forgotten meanwhile", () => {
    const seconds = (from: number, to: number) => {
      for (let second = from; second < to; second++) {
        screen.packet(packet(second * 500, 500), second * 1000 + 1000);
        screen.frame(second * 1000 + 1000);
      }
      return to * 1000;
    };
    const at = seconds(0, 80); // of which the ring has 64
    screen.take({ type: "freeze" }, at);
    screen.frame(at + 1);
    seconds(80, 140); // another minute goes by
    const still = turn(14_000, 140_300);
    expect(still.missing).toBe(0);
    expect([...dump(9000, 10).samples.subarray(0, 10)]).toEqual(Array.from({ length: 10 }, (_, i) => i));
  });

  it("fetches what is older than the ring, hatches it until it comes, and draws it then", () => {
    const from = 60_000; // came in after two minutes of the stream
    for (let k = 0; k < 100; k++) {
      screen.packet(packet(from + k * 10), k * 20);
      screen.frame(k * 20);
    }
    screen.packet({ ...packet(from - 5000, 5000), flags: Flag.Backfill }, 2000);
    screen.take({ type: "freeze" }, 2000);
    screen.frame(2001);
    told.length = 0;
    layer.forget();
    const still = turn(30_000, 2100);
    expect(layer.fills).toContain("gap");
    expect([still.fetching, still.missing > 4000]).toEqual([true, true]);
    const asked = () => told.filter((one) => one.type === "need");
    for (let now = 2400; now < 20_000 && asked().length < 20; now += 100) {
      const need = asked().at(-1);
      if (need?.type === "need") screen.packet({ ...packet(need.first, need.count), flags: Flag.Backfill }, now);
      screen.frame(now);
    }
    layer.forget();
    screen.frame(21_000);
    screen.take({ type: "setting", setting: SETTING }, 21_001);
    screen.frame(21_002);
    expect(last("status").still).toMatchObject({ end: 30_000, missing: 0, fetching: false });
    expect(layer.fills).not.toContain("gap");
    expect(Math.min(...asked().map((one) => (one.type === "need" ? one.first : Infinity)))).toBe(Math.floor(still.first - 20 * 500));
    expect(last("status").missing).toBe(0); // nothing of it is missing live
  });

  it("says after a while that stored samples are missing, not that they are being read", () => {
    const at = play(0, 200, (k) => k >= 50 && k < 60);
    screen.take({ type: "freeze" }, at);
    for (let now = at; now < at + 3000; now += 100) screen.frame(now);
    expect(last("status").still).toMatchObject({ missing: 100, fetching: false });
    expect(layer.fills).toContain("gap");
  });

  it("takes in a gap that is filled while it stands", () => {
    const at = play(0, 200, (k) => k >= 50 && k < 60);
    screen.take({ type: "freeze" }, at);
    screen.frame(at + 1);
    expect(last("status").still!.missing).toBe(100);
    screen.packet({ ...packet(500, 100), flags: Flag.Backfill }, at + 100);
    layer.forget();
    screen.frame(at + 300);
    expect(last("status").still!.missing).toBe(0);
    expect(layer.fills).not.toContain("gap");
  });

  it("lets what is live be seen again, from where it is by then", () => {
    const at = play(0, 200);
    screen.take({ type: "freeze" }, at);
    play(200, 300);
    screen.take({ type: "live" }, 6000);
    layer.forget();
    screen.frame(6010);
    expect(last("status").still).toBeNull();
    expect(layer.lines).toBeGreaterThan(1000);
    layer.forget();
    play(301, 302);
    expect(layer.lines).toBeGreaterThan(0);
  });

  it("is gone with the binding, and begins with none", () => {
    const at = play(0, 200);
    screen.take({ type: "freeze" }, at);
    screen.frame(at + 1);
    screen.take({ type: "bind", stream_id: 8 }, at + 2);
    screen.frame(at + 300);
    expect(last("status").still).toBeNull();
    screen.take({ type: "freeze" }, at + 301);
    screen.take({ type: "turn", end: 100 }, at + 302);
    screen.frame(at + 600);
    expect(last("status").still).toBeNull();
  });

  it("is pointed at where the instant's sample stands on it", () => {
    const at = play(0, 700);
    screen.take({ type: "freeze" }, at);
    screen.frame(at + 1);
    const still = turn(6500, at + 10);
    screen.take({ type: "cursor", taken_us: 1_000_000 + 6000 * 2000 }, at + 300);
    const [column, row] = last("cursor").lines;
    const x = 25 + (6000 - still.first) * 0.2;
    expect(Math.abs(column!.x - x)).toBeLessThan(1);
    expect(row!.x).toBe(column!.x); // one instant, one place: in the column of that time, and in the rhythm row
    expect(last("cursor").lines).toHaveLength(2);
  });
});
