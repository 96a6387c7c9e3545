import { beforeEach, describe, expect, it } from "vitest";
import type { MediaKind, MediaOffer } from "../../src/api/types";
import { Call, type CallView } from "../../src/call/call";

class FakeTransceiver {
  direction = "sendrecv";
  sent: unknown = undefined;
  receiver = {};
  most_bps: number | undefined = undefined;
  sender = {
    replaceTrack: (track: unknown) => ((this.sent = track), Promise.resolve()),
    getParameters: () => ({ encodings: [this.most_bps === undefined ? {} : { maxBitrate: this.most_bps }] }),
    setParameters: ({ encodings }: { encodings: { maxBitrate?: number }[] }) => ((this.most_bps = encodings[0]!.maxBitrate), Promise.resolve()),
  };
  constructor(readonly mid: string) {}
}

class FakePeer {
  connectionState: RTCPeerConnectionState = "new";
  onconnectionstatechange: (() => void) | null = null;
  ontrack: ((event: RTCTrackEvent) => void) | null = null;
  localDescription: { sdp: string } | null = null;
  closed = false;
  packets = 0;
  transceivers = ["0", "1", "2", "3"].map((mid) => new FakeTransceiver(mid));
  signalingState = "stable";
  readonly heard: string[] = [];
  setRemoteDescription = ({ sdp }: { sdp: string }) => (this.heard.push(sdp), Promise.resolve());
  createAnswer = () => Promise.resolve({ type: "answer", sdp: "answer" });
  setLocalDescription = () => ((this.localDescription = { sdp: "answer" }), Promise.resolve());
  getTransceivers = () => this.transceivers;
  getStats = () => Promise.resolve(new Map([["P", { id: "P", type: "candidate-pair", timestamp: 0, nominated: true, state: "succeeded", packetsReceived: this.packets }]]));
  close = () => void (this.closed = true);
}

class FakeClock {
  now = 0;
  private timers: { at: number; then: () => void }[] = [];
  after = (ms: number, then: () => void) => {
    const timer = { at: this.now + ms, then };
    this.timers.push(timer);
    return () => void (this.timers = this.timers.filter((t) => t !== timer));
  };
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    for (;;) {
      const next = this.timers.filter((t) => t.at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.timers = this.timers.filter((t) => t !== next);
      this.now = Math.max(this.now, next.at);
      next.then();
      for (let i = 0; i < 10; i++) await Promise.resolve();
    }
    this.now = end;
  }
}

const offer = (peer_id: string): MediaOffer => ({ type: "media_offer", consult_id: "c", peer_id, sdp: "v=0", publish: { "0": "face", "1": "voice" } as Record<string, MediaKind>, ice_servers: [], relay_only: false });
const track = (id: string) => ({ id }) as MediaStreamTrack;

let clock: FakeClock;
let peers: FakePeer[];
let answers: string[];
let restarts: number;
let refuse: boolean;
let view: CallView;
let call: Call;

beforeEach(() => {
  clock = new FakeClock();
  peers = [];
  answers = [];
  restarts = 0;
  refuse = false;
  call = new Call("c", {
    answer: (message) => Promise.resolve(answers.push(message.peer_id)),
    restart: () => ((restarts += 1), refuse ? Promise.reject(new Error("away")) : Promise.resolve()),
    changed: (now) => (view = now),
    track: () => undefined,
    now_ms: () => clock.now,
    after: clock.after,
    makePeer: () => {
      const peer = new FakePeer();
      peers.push(peer);
      return peer as unknown as RTCPeerConnection;
    },
    ecg_worker: null,
  });
});

async function connect(peer_id = "p1"): Promise<FakePeer> {
  await call.offered(offer(peer_id));
  const peer = peers.at(-1)!;
  peer.connectionState = "connected";
  peer.packets = 10;
  await clock.pass(500);
  return peer;
}

describe("the call", () => {
  it("answers an offer: sends on the lines it may publish on, receives on the others", async () => {
    call.publish("face", track("camera"));
    const peer = await connect();
    expect(answers).toEqual(["p1"]);
    expect(peer.transceivers.map((t) => t.direction)).toEqual(["sendonly", "sendonly", "recvonly", "recvonly"]);
    expect(peer.transceivers[0]!.sent).toEqual({ id: "camera" });
    expect(peer.transceivers[1]!.sent).toBeNull();
    expect(view).toMatchObject({ state: "connected", lost_at_ms: null, attempt: 0 });
  });

  it("changes what it sends without a new offer", async () => {
    const peer = await connect();
    call.publish("voice", track("microphone"));
    expect(peer.transceivers[1]!.sent).toEqual({ id: "microphone" });
  });

  it("asks for a new offer when the path is lost, and keeps its tracks", async () => {
    call.publish("face", track("camera"));
    const peer = await connect();
    peer.connectionState = "failed";
    await clock.pass(500);
    expect(view).toMatchObject({ state: "reconnecting", attempt: 1 });
    await clock.pass(10);
    expect(restarts).toBe(1);
    expect(peer.closed).toBe(true);
    const second = await connect("p2");
    expect(second.transceivers[0]!.sent).toEqual({ id: "camera" });
    expect(view).toMatchObject({ state: "connected", attempt: 0, lost_at_ms: null });
  });

  it("keeps asking while the socket is away, and says since when and how often", async () => {
    const peer = await connect();
    refuse = true;
    peer.connectionState = "failed";
    await clock.pass(500);
    const since = view.lost_at_ms;
    await clock.pass(10_000);
    expect(restarts).toBeGreaterThanOrEqual(4);
    expect(view).toMatchObject({ state: "reconnecting", lost_at_ms: since });
    expect(view.attempt).toBeGreaterThanOrEqual(4);
  });

  it("holds the smaller of what the page wishes and what the server says, whichever came last", async () => {
    await call.offered(offer("p1"));
    const [face, voice] = peers[0]!.transceivers;
    call.limited({ peer_id: "p1", mid: "0", bits_per_second: 150_000 });
    await call.limit("voice", 128_000); // auscultation begins: a face has nothing to do with it
    expect([face!.most_bps, voice!.most_bps]).toEqual([150_000, 128_000]);
    await call.limit("face", 400_000); // beside a capture card
    expect(face!.most_bps).toBe(150_000);
    call.limited({ peer_id: "p1", mid: "0", bits_per_second: 3_000_000 });
    await call.limit("voice", null);
    expect([face!.most_bps, voice!.most_bps]).toEqual([400_000, undefined]);
    await call.limit("face", null);
    expect(face!.most_bps).toBe(3_000_000);
    call.limited({ peer_id: "another", mid: "0", bits_per_second: 1 });
    await call.limit("face", 5_000_000);
    expect(face!.most_bps).toBe(3_000_000);
    await call.offered(offer("p2")); // of another line the server has said nothing yet
    expect(peers[1]!.transceivers[0]!.most_bps).toBe(5_000_000);
  });

  it("keeps a bit rate's limit and the full band through a new connection, and takes both back", async () => {
    const opus = "v=0\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10\r\n";
    await call.offered({ ...offer("p1"), sdp: opus });
    await call.setFullBand(true);
    await call.limit("voice", 128_000);
    expect(peers[0]!.heard).toEqual([opus, opus.replace("minptime=10", "minptime=10;stereo=1")]);
    expect(answers).toEqual(["p1"]); // the server hears nothing of it
    expect(peers[0]!.transceivers.map((t) => t.most_bps)).toEqual([undefined, 128_000, undefined, undefined]);
    await call.offered({ ...offer("p2"), sdp: opus });
    expect(peers[1]!.heard).toEqual([peers[0]!.heard[1]]);
    expect(peers[1]!.transceivers[1]!.most_bps).toBe(128_000);
    await call.setFullBand(false);
    await call.limit("voice", null);
    expect(peers[1]!.heard.at(-1)).toBe(opus);
    expect(peers[1]!.transceivers[1]!.most_bps).toBeUndefined();
  });

  it("negotiates the band once at a time, and ends at what was wished last", async () => {
    const opus = "v=0\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10\r\n";
    const full = opus.replace("minptime=10", "minptime=10;stereo=1");
    const answering = call.offered({ ...offer("p1"), sdp: opus });
    await Promise.all([answering, call.setFullBand(true)]); // an offer is being answered
    expect(peers[0]!.heard).toEqual([opus, full]);
    expect(answers).toEqual(["p1"]);
    const ending = call.setFullBand(false);
    await Promise.all([ending, call.setFullBand(true), call.setFullBand(false), call.setFullBand(true)]);
    expect(peers[0]!.heard.slice(2)).toEqual([opus, full]);
    await call.setFullBand(false);
    expect(peers[0]!.heard.at(-1)).toBe(opus);
  });

  it("gives a path up 2 s after the last packet, by its own count", async () => {
    const peer = await connect();
    call.bound({ type: "slot_bound", peer_id: "p1", mid: "2", participant_id: "x", kind: "face" });
    peer.packets += 10;
    await clock.pass(500);
    await clock.pass(1900);
    expect(view.state).toBe("connected");
    await clock.pass(200);
    expect(view.state).toBe("reconnecting");
    expect(restarts).toBe(1);
  });

  it("asks again when no offer follows", async () => {
    const peer = await connect();
    peer.connectionState = "failed";
    await clock.pass(510);
    expect(restarts).toBe(1);
    await clock.pass(7000);
    expect(restarts).toBe(2);
  });

  it("obeys the server saying that this peer connection is gone, and not another", async () => {
    await connect();
    call.lost("older");
    expect(view.state).toBe("connected");
    call.lost("p1");
    expect(view.state).toBe("reconnecting");
  });

  it("believes slots of its own peer connection only", async () => {
    await connect();
    call.bound({ type: "slot_bound", peer_id: "older", mid: "2", participant_id: "x", kind: "face" });
    expect(view.slots.size).toBe(0);
    call.bound({ type: "slot_bound", peer_id: "p1", mid: "2", participant_id: "x", kind: "face" });
    expect(view.slots.get("2")).toMatchObject({ participant_id: "x", kind: "face" });
  });

  it("ignores offers once closed", async () => {
    await connect();
    call.close();
    await call.offered(offer("p3"));
    expect(peers).toHaveLength(1);
    expect(view.state).toBe("closed");
  });
});
