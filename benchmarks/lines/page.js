// Put into a room's page beside page.js: what the browser counts, four times a second. This machine's clock.
(() => {
  const EVERY_MS = 250;
  const now = () => performance.timeOrigin + performance.now();
  const samples = [];
  let running = false;

  async function look() {
    const call = window.__room?.call();
    const entries = (await window.__room?.stats()) ?? [];
    const mid = call?.slots_list.find((slot) => slot.kind === "ultrasound")?.mid;
    const video = entries.find((one) => one.type === "inbound-rtp" && one.kind === "video" && one.mid === mid);
    const given_up = window.__room?.weakLine() ?? { own: [], station: [] };
    samples.push({
      at_ms: now(),
      state: call?.state ?? "gone",
      freezes: video?.freezeCount ?? null,
      freezes_s: video?.totalFreezesDuration ?? null,
      lost: video?.packetsLost ?? null,
      decoded: video?.framesDecoded ?? null,
      received: video?.packetsReceived ?? null,
      bytes: video?.bytesReceived ?? null,
      width: video?.frameWidth ?? null,
      height: video?.frameHeight ?? null,
      given_up: [...given_up.own, ...given_up.station],
      said: document.querySelector("footer.status [role=status]")?.textContent ?? "",
      strip: document.querySelector(".room header section.strip")?.textContent.trim() ?? "",
    });
  }

  function start() {
    running = true;
    const again = async () => {
      if (!running) return;
      await look();
      setTimeout(again, EVERY_MS);
    };
    void again();
  }

  function stop() {
    running = false;
    return samples;
  }

  window.__lines = { start, stop };
})();
