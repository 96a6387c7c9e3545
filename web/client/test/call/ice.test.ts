import { describe, expect, it } from "vitest";
import type { MediaOffer } from "../../src/api/types";
import { peerConfiguration } from "../../src/call/ice";

const OFFER: MediaOffer = { type: "media_offer", consult_id: "c", peer_id: "p", sdp: "v=0", publish: {}, ice_servers: [], relay_only: false };
const RELAY = { urls: ["turn:turn.example:3478?transport=udp", "turns:turn.example:443?transport=tcp"], username: "1:p", credential: "secret" };

describe("how the browser reaches the server", () => {
  it("is direct when no relay is offered", () => {
    expect(peerConfiguration(OFFER)).toEqual({ bundlePolicy: "max-bundle", iceServers: [], iceTransportPolicy: "all" });
  });

  it("may be by the relays of this offer", () => {
    const configuration = peerConfiguration({ ...OFFER, ice_servers: [RELAY] });
    expect(configuration.iceServers).toEqual([RELAY]);
    expect(configuration.iceTransportPolicy).toBe("all");
  });

  it("is by relays only where the site wants it, also when none is offered", () => {
    expect(peerConfiguration({ ...OFFER, ice_servers: [RELAY], relay_only: true }).iceTransportPolicy).toBe("relay");
    expect(peerConfiguration({ ...OFFER, relay_only: true }).iceTransportPolicy).toBe("relay");
  });
});
