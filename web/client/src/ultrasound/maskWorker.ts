/** The masking worker: a card's frames go in as they were captured and come out masked, beside the page's own work. */

import { MaskPipe } from "./maskPipe";
import type { MaskState } from "./frameMasker";
import type { SignedProfile } from "./mask";

export type ToMaskWorker =
  | { type: "begin"; frames: ReadableStream<VideoFrame>; out: WritableStream<VideoFrame>; profiles: readonly SignedProfile[] }
  | { type: "profiles"; profiles: readonly SignedProfile[] };
export type FromMaskWorker = { type: "masked"; state: MaskState } | { type: "ended" } | { type: "failed"; why: string };

const scope = self as unknown as {
  postMessage(message: FromMaskWorker): void;
  onmessage: ((event: MessageEvent<ToMaskWorker>) => void) | null;
};
let pipe: MaskPipe | null = null;

scope.onmessage = ({ data: message }) => {
  if (message.type === "profiles") return pipe?.useProfiles(message.profiles);
  pipe = new MaskPipe(message.profiles, (state) => scope.postMessage({ type: "masked", state }));
  pipe.run(message.frames, message.out).then(
    () => scope.postMessage({ type: "ended" }),
    (fault: unknown) => scope.postMessage({ type: "failed", why: String(fault) }),
  );
};
