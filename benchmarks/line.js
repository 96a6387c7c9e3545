// Put into a page before its own code: every peer connection goes through a line that can be made bad.
(() => {
  const Real = window.RTCPeerConnection;
  const peers = [];
  class Lined extends Real {
    constructor(...given) {
      super(...given);
      peers.push(this);
    }
    async setRemoteDescription(description) {
      const ports = [...description.sdp.matchAll(/a=candidate:\S+ 1 udp \d+ 127\.0\.0\.1 (\d+) typ host/g)];
      let sdp = description.sdp;
      for (const port of new Set(ports.map((one) => one[1]))) {
        const lined = await window.__line(Number(port));
        sdp = sdp.replaceAll(` 127.0.0.1 ${port} typ host`, ` 127.0.0.1 ${lined} typ host`);
      }
      return super.setRemoteDescription({ type: description.type, sdp });
    }
  }
  window.RTCPeerConnection = Lined;

  // Of the ultrasound, which is the only video that comes in when nobody else shows a face.
  async function freezes() {
    const found = { freezes: 0, freeze_s: 0, frames: 0, lost: 0, again: 0 };
    for (const peer of peers) {
      for (const one of (await peer.getStats()).values()) {
        if (one.type !== "inbound-rtp" || one.kind !== "video") continue;
        found.freezes += one.freezeCount ?? 0;
        found.freeze_s += one.totalFreezesDuration ?? 0;
        found.frames += one.framesDecoded ?? 0;
        found.lost += one.packetsLost ?? 0; // on the line; what came again is counted beside it
        found.again += one.retransmittedPacketsReceived ?? 0;
      }
    }
    return found;
  }

  // Milliseconds since 1970 of the next frame that is shown from now on.
  function nextFrame() {
    return new Promise((resolve) => {
      const look = () => {
        const video = [...document.querySelectorAll(".scan video")].find((one) => one.srcObject !== null);
        if (video === undefined) return void setTimeout(look, 20);
        let told = false;
        video.requestVideoFrameCallback(() => {
          told = true;
          resolve(performance.timeOrigin + performance.now());
        });
        setTimeout(() => told || look(), 500); // another element may have taken its place meanwhile
      };
      look();
    });
  }

  window.__lined = { freezes, nextFrame };
})();
