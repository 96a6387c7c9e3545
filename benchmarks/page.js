// Put into a page: reads from what the page really shows. Times are milliseconds since 1970, this machine's clock.
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const SQUARES = 26;
  const strip = document.createElement("canvas");
  strip.width = 16 * SQUARES;
  strip.height = 16;
  const draw = strip.getContext("2d", { willReadFrequently: true });

  // The layout and the two parities are described in ultrasound/timecode.py.
  function burntTime(picture) {
    // A picture that is sent smaller carries it smaller; what moves, as it does, is never cut off.
    const part = window.__room?.part?.() ?? null;
    const scale = part === null ? 1 : part.sent_width / part.width;
    draw.drawImage(picture, 0, 0, strip.width * scale, 16 * scale, 0, 0, strip.width, 16);
    const { data } = draw.getImageData(0, 4, strip.width, 8);
    const bits = [];
    for (let square = 0; square < SQUARES; square++) {
      let sum = 0;
      for (let y = 0; y < 8; y++) {
        for (let x = 16 * square + 4; x < 16 * square + 12; x++) {
          const at = 4 * (y * strip.width + x);
          sum += data[at] + data[at + 1] + data[at + 2];
        }
      }
      const level = sum / (3 * 64);
      if (level >= 96 && level <= 160) return null;
      bits.push(level > 160 ? 1 : 0);
    }
    const parity = (from) => bits.slice(from, 24).filter((_, i) => i % 2 === 0).reduce((a, b) => a ^ b, 0);
    if (bits[24] !== parity(0) || bits[25] === parity(1)) return null;
    return bits.slice(0, 24).reduce((value, bit) => 2 * value + bit, 0);
  }

  // A page that is told late finds a later frame in the video already: then it is not the one it was told of.
  function inVideo(video, metadata) {
    const frame = new VideoFrame(video);
    try {
      return { code: burntTime(frame), same: Math.abs(frame.timestamp - metadata.mediaTime * 1e6) <= 500 };
    } finally {
      frame.close();
    }
  }

  const ultrasound = () => [...document.querySelectorAll(".scan video")].find((one) => one.srcObject !== null) ?? null;

  const watched = { frames: [], unders: [], unreadable: 0, running: false };
  function watchFrames() {
    const video = ultrasound();
    Object.assign(watched, { frames: [], unders: [], unreadable: 0, running: true });
    let told = null;
    const next = (_, metadata) => {
      if (!watched.running) return;
      const told_ms = now();
      const ahead_ms = metadata.expectedDisplayTime - performance.now();
      const { code, same } = inVideo(video, metadata);
      const shown = {
        code,
        same,
        told_ms,
        displayed_ms: told_ms + Math.max(0, Math.min(100, ahead_ms)),
        received_ms: performance.timeOrigin + metadata.receiveTime,
        presented_ms: performance.timeOrigin + metadata.presentationTime,
        rtp: metadata.rtpTimestamp,
      };
      if (code === null) watched.unreadable += 1;
      else watched.frames.push(shown);
      video.requestVideoFrameCallback(next);
    };
    video.requestVideoFrameCallback(next);
    // Which ECG sample the room lays under the frame: told by the drawing worker a moment after the frame.
    const look = () => {
      const under = window.__room?.underFrame() ?? null;
      if (under !== null && under.taken_us !== told) {
        told = under.taken_us;
        watched.unders.push({ ...under });
      }
      if (watched.running) setTimeout(look, 4);
    };
    look();
  }

  function stopFrames() {
    watched.running = false;
    const captures = (window.__room?.frames() ?? []).map((one) => ({ rtp: one.rtp_timestamp, capture_us: one.capture_us }));
    return { frames: watched.frames, unders: watched.unders, unreadable: watched.unreadable, captures };
  }

  // From the address of the room to the first ultrasound frame on the screen.
  function join(path) {
    const began_ms = now();
    history.pushState(null, "", path);
    dispatchEvent(new PopStateEvent("popstate"));
    return new Promise((resolve) => {
      const look = () => {
        const video = ultrasound();
        if (video === null) return void requestAnimationFrame(look);
        video.requestVideoFrameCallback((_, metadata) => {
          const ahead_ms = Math.max(0, Math.min(100, metadata.expectedDisplayTime - performance.now()));
          resolve(now() + ahead_ms - began_ms);
        });
      };
      look();
    });
  }

  function go(path) {
    history.pushState(null, "", path);
    dispatchEvent(new PopStateEvent("popstate"));
  }

  // When a consult's ringing row has been painted; asked for before the request is made.
  const rung = new Map();
  function watchRings() {
    const look = () => {
      for (const row of document.querySelectorAll("tr.ringing[data-consult]")) {
        const id = row.dataset.consult;
        if (rung.has(id)) continue;
        rung.set(id, null);
        requestAnimationFrame(() => setTimeout(() => rung.set(id, now())));
      }
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
  }

  // A signaling socket of its own inside the doctor's page.
  let socket = null;
  const answers = new Map();
  function openSocket() {
    return new Promise((resolve) => {
      socket = new WebSocket(`${location.origin.replace("http", "ws")}/socket`);
      socket.onopen = () => socket.send(JSON.stringify({ type: "hello", client_id: crypto.randomUUID() }));
      socket.onmessage = ({ data }) => {
        const message = typeof data === "string" ? JSON.parse(data) : {};
        if (message.type === "welcome") resolve(true);
        if (message.re !== undefined) answers.get(message.re)?.(message);
      };
    });
  }
  function command(message) {
    const id = crypto.randomUUID();
    const sent_ms = now();
    socket.send(JSON.stringify({ ...message, id }));
    return new Promise((resolve) => answers.set(id, (answer) => resolve({ sent_ms, ...answer })));
  }

  window.__bench = { watchFrames, stopFrames, join, go, watchRings, rungAt: (id) => rung.get(id) ?? null, openSocket, command };
})();
