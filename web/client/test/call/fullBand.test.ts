import { expect, it } from "vitest";
import { asHeard } from "../../src/call/fullBand";

const SDP = [
  "m=audio 9 UDP/TLS/RTP/SAVPF 111",
  "a=rtpmap:111 opus/48000/2",
  "a=fmtp:111 minptime=10;useinbandfec=1",
  "m=audio 9 UDP/TLS/RTP/SAVPF 112",
  "a=rtpmap:112 opus/48000/2",
  "m=video 9 UDP/TLS/RTP/SAVPF 102",
  "a=rtpmap:102 H264/90000",
  "a=fmtp:102 packetization-mode=1",
  "",
].join("\r\n");

it("asks the encoder for its whole band, of the voice alone and once", () => {
  const heard = asHeard(SDP, true);
  expect(heard).toContain("a=fmtp:111 minptime=10;useinbandfec=1;stereo=1\r\n");
  expect(heard.match(/stereo=1/g)).toHaveLength(1);
  expect(asHeard(heard, true)).toBe(heard);
});

it("leaves an offer alone while nobody auscultates", () => {
  expect(asHeard(SDP, false)).toBe(SDP);
});
