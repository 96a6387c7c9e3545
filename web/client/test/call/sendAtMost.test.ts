import { expect, test } from "vitest";
import { sendAtMost, smaller } from "../../src/call/sendAtMost";

class FakeSender {
  encodings: RTCRtpEncodingParameters[] = [{}];
  set: RTCRtpSendParameters[] = [];
  constructor(
    readonly track: { kind: string } | null = { kind: "video" },
    private readonly refuses = false,
  ) {}
  getParameters = () => ({ encodings: this.encodings.map((one) => ({ ...one })) }) as RTCRtpSendParameters;
  setParameters = (parameters: RTCRtpSendParameters) => (this.refuses ? Promise.reject(new Error("no")) : this.take(parameters));
  /** It takes its time, and refuses what comes meanwhile, as browsers do. */
  private async take(parameters: RTCRtpSendParameters): Promise<void> {
    if (this.busy) throw new Error("InvalidStateError");
    this.busy = true;
    await Promise.resolve();
    this.set.push(parameters);
    this.encodings = parameters.encodings;
    this.busy = false;
  }
  private busy = false;
}

const limit = (sender: FakeSender, bits_per_second: number | null) => sendAtMost(sender as unknown as RTCRtpSender, bits_per_second);

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

test("no limit any more: the browser's own estimate holds, and what was put off is sent again", async () => {
  const sender = new FakeSender();
  await limit(sender, 0);
  await limit(sender, null);
  expect(sender.encodings).toEqual([{ active: true }]);
});

test("two limits at once are set one after the other, and the later holds", async () => {
  const sender = new FakeSender();
  expect(await Promise.all([limit(sender, 300_000), limit(sender, 200_000)])).toEqual([true, true]);
  expect(sender.encodings[0]?.maxBitrate).toBe(200_000);
});

test("the smaller of two limits holds", () => {
  expect(smaller(null, null)).toBeNull();
  expect([smaller(1, null), smaller(null, 1), smaller(2, 1), smaller(0, 1)]).toEqual([1, 1, 1, 0]);
});
