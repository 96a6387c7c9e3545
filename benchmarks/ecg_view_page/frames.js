// Runs in the drawing worker before its own code: how long each frame takes, and how far apart frames begin.
// A message posted to oneself in a frame is taken up only when the frame is over, its pixels included: without a
// graphics card they are drawn on this very thread.
const frames = [];
const after = new MessageChannel();
after.port1.onmessage = ({ data }) => frames.push({ ...data, took_ms: performance.now() - data.began_ms });

const next = self.requestAnimationFrame.bind(self);
self.requestAnimationFrame = (draw) =>
  next((now_ms) => {
    const began_ms = performance.now();
    draw(now_ms);
    after.port2.postMessage({ began_ms, script_ms: performance.now() - began_ms });
  });

self.addEventListener("message", ({ data }) => {
  if (data.type !== "frames") return;
  self.postMessage({ type: "frames", frames: frames.splice(0) });
});
