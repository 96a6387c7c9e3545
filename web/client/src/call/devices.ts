/**
 * Camera and microphone: one joins with what there is, and is told what is missing and why.
 *
 * In the demo, where there is no camera, a drawn face takes its place and says that it is drawn.
 */

import { type DrawnFace, drawnFace } from "./face";

/** Why a device is not there. */
export type DeviceFault = "none_found" | "not_allowed" | "in_use" | "not_supported" | "is_card";

export interface Devices {
  camera: MediaStreamTrack | null;
  microphone: MediaStreamTrack | null;
  camera_fault: DeviceFault | null;
  microphone_fault: DeviceFault | null;
  /** The camera's picture is drawn by this page. */
  drawn: boolean;
  close(): void;
}

/** Where devices come from; `navigator.mediaDevices`, or a stand-in. */
export type Source = (Pick<MediaDevices, "getUserMedia"> & Partial<Pick<MediaDevices, "enumerateDevices">>) | undefined;

const SOUND: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const PICTURE: MediaTrackConstraints = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 20, max: 30 } };
/** In the demo every role sits at one computer, which encodes and decodes each face itself. */
const DEMO_PICTURE: MediaTrackConstraints = { width: { ideal: 320 }, height: { ideal: 240 }, frameRate: { ideal: 15, max: 15 } };

/**
 * Open what there is. Never rejects.
 *
 * `card` is the capture card of this computer: it is never anybody's face, whose picture nothing masks.
 */
export async function openDevices(
  source: Source,
  demo: boolean,
  drawFace: () => DrawnFace | null = drawnFace,
  card = "",
): Promise<Devices> {
  const [sound, picture] = await Promise.all([open(source, { audio: SOUND }), openCamera(source, demo ? DEMO_PICTURE : PICTURE, card)]);
  const face = picture.track === null && demo ? drawFace() : null;
  const camera = picture.track ?? face?.track ?? null;
  return {
    camera,
    microphone: sound.track,
    camera_fault: picture.fault,
    microphone_fault: sound.fault,
    drawn: face !== null,
    close: () => {
      face?.close();
      camera?.stop();
      sound.track?.stop();
    },
  };
}

interface Opened {
  track: MediaStreamTrack | null;
  fault: DeviceFault | null;
}

async function openCamera(source: Source, video: MediaTrackConstraints, card: string): Promise<Opened> {
  const opened = await open(source, { video });
  if (card === "" || opened.track?.getSettings().deviceId !== card) return opened;
  opened.track.stop();
  const every = (await source?.enumerateDevices?.().catch(() => [])) ?? [];
  const other = every.find((one) => one.kind === "videoinput" && one.deviceId !== "" && one.deviceId !== card);
  return other === undefined ? { track: null, fault: "is_card" } : open(source, { video: { ...video, deviceId: { exact: other.deviceId } } });
}

async function open(source: Source, wanted: MediaStreamConstraints): Promise<Opened> {
  if (source === undefined) return { track: null, fault: "not_supported" };
  try {
    const stream = await source.getUserMedia(wanted);
    return { track: stream.getTracks()[0] ?? null, fault: null };
  } catch (fault) {
    return { track: null, fault: faultOf(fault) };
  }
}

/** The reason behind a refusal of `getUserMedia` (W3C mediacapture-main, section 10.2). */
export function faultOf(fault: unknown): DeviceFault {
  const name = fault instanceof Error || fault instanceof DOMException ? fault.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "not_allowed";
  if (name === "NotReadableError" || name === "AbortError") return "in_use";
  return "none_found";
}
