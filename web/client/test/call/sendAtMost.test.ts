import { expect, test } from "vitest";
import { sendAtMost } from "../../src/call/sendAtMost";

class FakeSender {
  encodings: RTCRtpEncodingParameters[] = [{}];
  set: RTCRtpSendParameters[] = [];
  constructor(
    readonly track: { kind: string } | null = { kind: "video" },
    private readonly refuses = false,
  ) {}
  getParameters = () => ({ encodings: this.encodings.map((one) => ({ ...one })) }) as RTCRtpSendParameters;
  setParameters = (parameters: RTCRtpSendParameters) => (this.refuses ? Promise.reject(new Error("no")) : (this.set.push(parameters), Promise.resolve()));
}

const limit = (sender: FakeSender, bits_per_second: number) => sendAtMost(sender as unknown as RTCRtpSender, bits_per_second);

test("what the server says is the most that is sent", async () => {
  const sender = new FakeSender();
  expect(await limit(sender, 300_000)).toBe(true);
  expect(sender.set[0]?.encodings).toEqual([{ active: true, maxBitrate: 300_000 }]);
});

test("a video that has no room at all is not sent; a voice always is", async () => {
  const video = new FakeSender();
  const voice = new FakeSender({ kind: "audio" });
  await limit(video, 0);
  await limit(voice, 0);
  expect(video.set[0]?.encodings[0]?.active).toBe(false);
  expect(voice.set[0]?.encodings[0]?.active).toBe(true);
});

test("a browser that refuses, or has nothing negotiated yet, breaks nothing", async () => {
  expect(await limit(new FakeSender({ kind: "video" }, true), 300_000)).toBe(false);
  const early = new FakeSender();
  early.encodings = [];
  expect(await limit(early, 300_000)).toBe(false);
});
