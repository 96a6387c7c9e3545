import { describe, expect, it } from "vitest";
import { openDevices, type Source } from "../../src/call/devices";

const track = (kind: string) => ({ kind, stopped: false, stop(this: { stopped: boolean }) { this.stopped = true; } }) as unknown as MediaStreamTrack & { stopped: boolean };

/** A computer with what it has; everything else is refused with the given name. */
function computer(has: { audio?: MediaStreamTrack; video?: MediaStreamTrack }, refusal = "NotFoundError"): Source {
  return {
    getUserMedia: (wanted) => {
      const found = wanted?.audio ? has.audio : has.video;
      if (found === undefined) return Promise.reject(new DOMException("no", refusal));
      return Promise.resolve({ getTracks: () => [found] } as unknown as MediaStream);
    },
  };
}

describe("camera and microphone", () => {
  it("are used when they are there, and stopped at the end", async () => {
    const [audio, video] = [track("audio"), track("video")];
    const devices = await openDevices(computer({ audio, video }), false, () => null);
    expect(devices).toMatchObject({ camera: video, microphone: audio, camera_fault: null, microphone_fault: null, drawn: false });
    devices.close();
    expect([audio.stopped, video.stopped]).toEqual([true, true]);
  });

  it("are joined without, one by one, and the reason is told", async () => {
    const audio = track("audio");
    expect(await openDevices(computer({ audio }), false, () => null)).toMatchObject({ camera: null, microphone: audio, camera_fault: "none_found" });
    expect(await openDevices(computer({}, "NotAllowedError"), false, () => null)).toMatchObject({ camera_fault: "not_allowed", microphone_fault: "not_allowed" });
    expect(await openDevices(computer({}, "NotReadableError"), false, () => null)).toMatchObject({ microphone_fault: "in_use" });
    expect(await openDevices(undefined, false, () => null)).toMatchObject({ camera_fault: "not_supported" });
  });

  it("are replaced by a drawn face in the demo only, and it is still told that there is no camera", async () => {
    const face = { track: track("video"), close: () => undefined };
    expect(await openDevices(computer({}), true, () => face)).toMatchObject({ camera: face.track, drawn: true, camera_fault: "none_found" });
    expect(await openDevices(computer({}), false, () => face)).toMatchObject({ camera: null, drawn: false });
  });

  it("never take the capture card for a face: another camera, or none", async () => {
    const camera = (id: string) => ({ ...track("video"), getSettings: () => ({ deviceId: id }) }) as unknown as MediaStreamTrack & { stopped: boolean };
    const [card, webcam] = [camera("card"), camera("webcam")];
    const both = (ids: string[]): Source => ({
      getUserMedia: (wanted) => {
        if (wanted?.video === undefined) return Promise.reject(new DOMException("no", "NotFoundError"));
        const { deviceId } = wanted.video as { deviceId?: { exact: string } };
        return Promise.resolve({ getTracks: () => [deviceId?.exact === "webcam" ? webcam : card] } as unknown as MediaStream);
      },
      enumerateDevices: () => Promise.resolve(ids.map((deviceId) => ({ kind: "videoinput", deviceId }) as MediaDeviceInfo)),
    });
    expect((await openDevices(both(["card", "webcam"]), false, () => null, "card")).camera).toBe(webcam);
    expect(card.stopped).toBe(true);
    expect(await openDevices(both(["card"]), false, () => null, "card")).toMatchObject({ camera: null, camera_fault: "is_card" });
    expect((await openDevices(both(["card", "webcam"]), false, () => null)).camera).toBe(card);
  });
});
