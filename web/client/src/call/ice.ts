/** How the browser may reach the server: directly, or by the relays an offer brings (TURN, RFC 8656). */

import type { MediaOffer } from "../api/types";

/** Credentials are good for this one connection; where the site wants it, only a relayed path is taken. */
export function peerConfiguration(offer: MediaOffer): RTCConfiguration {
  return {
    bundlePolicy: "max-bundle",
    iceServers: offer.ice_servers.map(({ urls, username, credential }) => ({ urls, username, credential })),
    iceTransportPolicy: offer.relay_only ? "relay" : "all",
  };
}
