/** What the set-up page asks of the program on its own computer. */

import type { Pixels, Rectangle, Shape } from "../ultrasound/mask";
import type { DepthCalibration, ProfileDraft } from "./draft";

export type WhyNot =
  | "no_picture" | "few_frames" | "frame_gone" | "not_plausible" | "not_recognised" | "not_told_apart"
  | "others_broken" | "nameless" | "no_scale" | "several_pictures" | "cannot_keep" | "lost";

/** Something was not done. */
export class NotDone extends Error {
  constructor(
    readonly why: WhyNot,
    readonly text = "",
  ) {
    super(`${why} ${text}`);
  }
}

export interface Signed extends ProfileDraft {
  signed_off: { by: string; at: string; digest: string } | null;
}

export interface SetupState {
  source: string;
  problem: string;
  frame: number | null;
  width: number;
  height: number;
  layouts: Signed[];
  broken: string;
}

export interface Proposed {
  keep: Shape | null;
  agreement: number;
  text: Rectangle[];
}

/** What a person says of the ruler. */
export interface Ruled {
  depth_mm: number;
  written: Rectangle;
  clicks: [[number, number], [number, number]] | null;
  apart_mm: number | null;
  tick_mm: number | null;
}

export interface SeenFrame {
  number: number;
  pixels: Pixels;
}

export class SetupDoor {
  constructor(private readonly token: string) {}

  state(): Promise<SetupState> {
    return this.asked("state");
  }

  propose(): Promise<Proposed> {
    return this.asked("propose", {});
  }

  calibrate(draft: ProfileDraft, frame: number, ruled: Ruled): Promise<DepthCalibration> {
    return this.asked("calibrate", { draft, frame, ruled });
  }

  sign(draft: ProfileDraft, by: string): Promise<Signed> {
    return this.asked("sign", { draft, by, looked: true });
  }

  /** The newest frame, or one that is held, pixel for pixel. */
  async frame(number: number | "newest"): Promise<SeenFrame> {
    const answer = await this.fetched(`frames/${number}`);
    const picture = await createImageBitmap(await answer.blob(), { colorSpaceConversion: "none", premultiplyAlpha: "none" });
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const context = canvas.getContext("2d", { willReadFrequently: true })!;
    context.drawImage(picture, 0, 0);
    picture.close();
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    return { number: Number(answer.headers.get("X-Frame")), pixels: { width: canvas.width, height: canvas.height, data } };
  }

  private async asked<Answer>(what: string, body?: unknown): Promise<Answer> {
    return (await (await this.fetched(what, body)).json()) as Answer;
  }

  private async fetched(what: string, body?: unknown): Promise<Response> {
    const headers: Record<string, string> = { "X-Setup-Token": this.token };
    const init: RequestInit = body === undefined ? { headers } : { headers, method: "POST", body: JSON.stringify(body) };
    let answer: Response;
    try {
      answer = await fetch(`/api/setup/${what}`, init);
    } catch {
      throw new NotDone("lost");
    }
    if (answer.ok) return answer;
    if (answer.status !== 409) throw new NotDone("lost");
    const { why, text } = (await answer.json()) as { why: WhyNot; text: string };
    throw new NotDone(why, text);
  }
}
