// Drives the built drawing worker as the room does: canvases, a setting, and packets of 20 ms as they would come live.
const PACKET_S = 0.02;
const RAW_WAVE = 2;
const HEADER_BYTES = 40;
const STREAM_ID = 1;

const worker = new Worker("/worker.js", { type: "module" });
const waiting = { status: [], frames: [] };
worker.onmessage = ({ data }) => waiting[data.type]?.splice(0).forEach((then) => then(data));
const heard = (type) => new Promise((then) => waiting[type].push(then));

const meta = await (await fetch("/meta.json")).json();
const samples = new Int16Array(await (await fetch("/samples.bin")).arrayBuffer()); // lead after lead
const length = samples.length / meta.leads.length;
let sent = 0;

function packet(first, count) {
  const leads = meta.leads.length;
  const view = new DataView(new ArrayBuffer(HEADER_BYTES + count * leads * 2));
  [0x45, 0x31, RAW_WAVE].forEach((byte, at) => view.setUint8(at, byte));
  view.setUint32(4, STREAM_ID, true);
  view.setUint16(12, count, true);
  view.setUint8(14, leads);
  view.setBigUint64(16, BigInt(first), true);
  view.setBigUint64(24, BigInt(Math.round(first * 1e6 / meta.rate_hz)), true);
  for (let lead = 0; lead < leads; lead++) {
    for (let i = 0; i < count; i++) view.setInt16(HEADER_BYTES + (lead * count + i) * 2, samples[lead * length + ((first + i) % length)], true);
  }
  return view.buffer;
}

function sendUpTo(end) {
  const count = Math.round(PACKET_S * meta.rate_hz);
  for (; sent + count <= end; sent += count) {
    const data = packet(sent, count);
    worker.postMessage({ type: "packet", data }, [data]);
  }
}

let began_ms = null;
setInterval(() => {
  if (began_ms !== null) sendUpTo(((performance.now() - began_ms) * meta.rate_hz) / 1000);
}, 5);

const canvases = {};
for (const name of ["paper", "traces", "strip"]) canvases[name] = document.getElementById(name).transferControlToOffscreen();
worker.postMessage({ type: "layers", canvases }, Object.values(canvases));

const usual = {
  ...{ order: "standard", speed_mm_s: 25, gain_mm_mv: 10, half_chest: false, contrast: "usual", css_px_per_mm: 96 / 25.4 },
  ...{ filters: { high_pass_hz: 0.05, low_pass_hz: 150, mains_hz: 50 }, strip_width_css_px: 200, strip_height_css_px: 28 },
};
const wait = (ms) => new Promise((then) => setTimeout(then, ms));

window.__view = {
  /** Show it so; the first time the stream begins, ten seconds of it at once. */
  async show(arrangement, motion) {
    const size = { width_css_px: innerWidth, height_css_px: innerHeight, scale: devicePixelRatio };
    worker.postMessage({ type: "setting", setting: { ...usual, ...size, arrangement, motion } });
    if (began_ms !== null) return;
    worker.postMessage({ type: "bind", stream_id: STREAM_ID });
    worker.postMessage({ type: "meta", stream_id: STREAM_ID, meta });
    began_ms = performance.now() - 10_000;
  },
  /** Frames of the next seconds: when each began, how long its script took, and all of it. */
  async watch(seconds) {
    worker.postMessage({ type: "frames" });
    await heard("frames");
    await wait(seconds * 1000);
    worker.postMessage({ type: "frames" });
    return (await heard("frames")).frames;
  },
  /** Turn a still page back and forth; milliseconds from the wish to the end of the frame that shows it. */
  async turn(times) {
    worker.postMessage({ type: "freeze" });
    while ((await heard("status")).still === null);
    const took = [];
    for (let time = 0; time < times; time++) {
      const { still } = await heard("status");
      const end = still.newest - (time % 2 === 0 ? meta.rate_hz : 2 * meta.rate_hz);
      const from_ms = performance.now();
      worker.postMessage({ type: "turn", end });
      while (Math.abs((await heard("status")).still.end - end) > 1);
      worker.postMessage({ type: "frames" }); // taken up after the frame that told so
      await heard("frames");
      took.push(performance.now() - from_ms);
    }
    worker.postMessage({ type: "live" });
    return took;
  },
};
