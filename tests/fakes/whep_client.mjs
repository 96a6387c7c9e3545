// A client of WHEP that nobody here wrote the WebRTC of (werift): watches, counts, ends when its input closes.
//
//     node whep_client.mjs URL TOKEN
//
// A line of JSON for each change: {"ultrasound": packets, "face": packets, "voice": packets}; last of all
// {"deleted": status}. Only this machine's own addresses are used: no STUN.

import { createRequire } from "node:module";

const require = createRequire(new URL("../../web/client/package.json", import.meta.url));
const { RTCPeerConnection, useH264, useOPUS, useVP8 } = require("werift");

const KINDS = ["ultrasound", "face", "voice"];
const TOLD_EVERY = 10;
const [url, token] = process.argv.slice(2);
const headers = { Authorization: `Bearer ${token}` };

const h264 = useH264({ parameters: "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f" });
const peer = new RTCPeerConnection({ iceServers: [], codecs: { video: [h264, useVP8()], audio: [useOPUS()] } });
const counted = Object.fromEntries(KINDS.map((kind) => [kind, 0]));

function tell(what) {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

for (const kind of KINDS) {
  peer.addTransceiver(kind === "voice" ? "audio" : "video", { direction: "recvonly" });
}
peer.onTrack.subscribe((track) => {
  const kind = KINDS[peer.getTransceivers().findIndex((one) => one.receiver.tracks.includes(track))];
  track.onReceiveRtp.subscribe(() => {
    counted[kind] += 1;
    if (counted[kind] % TOLD_EVERY === 1) tell(counted);
  });
});
peer.connectionStateChange.subscribe((state) => tell({ state }));

await peer.setLocalDescription(await peer.createOffer());
const answered = await fetch(url, {
  method: "POST",
  headers: { ...headers, "Content-Type": "application/sdp" },
  body: peer.localDescription.sdp,
});
if (answered.status !== 201) {
  tell({ refused: answered.status, problem: await answered.text() });
  process.exit(1);
}
const session = new URL(answered.headers.get("Location"), url);
await peer.setRemoteDescription({ type: "answer", sdp: await answered.text().then((t) => (console.error(t), t)) });

process.stdin.resume();
await new Promise((ended) => process.stdin.once("end", ended));
const deleted = await fetch(session, { method: "DELETE", headers });
tell({ deleted: deleted.status });
await peer.close();
process.exit(0);
