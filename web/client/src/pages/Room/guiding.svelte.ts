/** What is asked of the hand at the probe, in this room: shown to both sides, answered by one, spoken at the other. */

import { type Command, socket } from "../../api/events";
import { serverNow_ms } from "../../api/clock";
import { live } from "../../api/live.svelte";
import type { CannotReason, GuidingEvent, GuidingView, Participant, ProbeWord, ScannerControl, ScannerView } from "../../api/types";
import { isAtDevice, isOpen, spokenOf, toSpeak } from "../../guiding";
import { preferences } from "../../preferences.svelte";
import { session } from "../../session.svelte";
import { language } from "../../words/index.svelte";
import { sentenceOf } from "../../words/refusal";
import { hush, onVoices, speak, speaks } from "./voice";

/** So long an outcome stays on the pictures, and so long the operator's band stays when nothing is asked any more. */
const ON_PICTURE_MS = 6_000;
const BAND_MS = 45_000;

export class GuidingModel {
  /** Why what was asked or answered last was not taken; "": it was. */
  fault = $state("");
  /** Why the scanner was not allowed, or not taken back, last; "": it was. */
  turning_fault = $state("");
  /** Only a little: of the next movement asked for. */
  little = $state(false);
  /** Whether this browser has a voice for the language shown. */
  has_voice = $state(false);
  private said: string | null = null;

  constructor(
    private readonly consult_id: string,
    private readonly around: { participants: () => Participant[]; auscultating: () => boolean },
  ) {}

  /** What each guide asked last, the first asked first. */
  get all(): GuidingView[] {
    return live.rooms.get(this.consult_id)?.guiding ?? [];
  }

  /** What the operator is asked at this moment, the newest first. */
  get open(): GuidingView[] {
    return this.all.filter((one) => isOpen(one.state) && !isAtDevice(one)).reverse();
  }

  /** The scanner that can be turned from here, and whether it may be; `null`: there is none. */
  get scanner(): ScannerView | null {
    return live.rooms.get(this.consult_id)?.scanner ?? null;
  }

  /** What the scanner itself was asked last; `null`: nothing, or something else was asked since. */
  get turned(): GuidingView | null {
    const last = this.all.at(-1);
    return last?.at_device === true ? last : null;
  }

  /** Let the specialist turn the scanner, or take that back at once. */
  async allowTurning(on: boolean): Promise<void> {
    this.turning_fault = await this.sent({ type: "allow_turning", consult_id: this.consult_id, on });
  }

  /** What this person asked last. */
  mine(participant_id: string | undefined): GuidingView | null {
    return this.all.find((one) => one.participant_id === participant_id) ?? null;
  }

  /** What stands in the operator's band: what is open, else what was asked last, for a while. */
  band(now_ms: number): GuidingView[] {
    void now_ms;
    const { open } = this;
    if (open.length > 0) return open;
    const last = this.all.at(-1);
    // What the scanner does by itself stands in its strip: a band that comes and goes would move the picture.
    if (last === undefined || (last.at_device && (last.state === "asked" || last.state === "done"))) return [];
    return this.age_ms(last) < (last.at_device ? ON_PICTURE_MS : BAND_MS) ? [last] : [];
  }

  /** What is drawn over the probe's picture: the newest that is open, or has just been answered. */
  onPicture(now_ms: number): GuidingView | null {
    void now_ms;
    const [newest] = this.open;
    if (newest !== undefined) return newest;
    const last = this.all.at(-1);
    return last !== undefined && last.state !== "replaced" && this.age_ms(last) < ON_PICTURE_MS ? last : null;
  }

  /** Whose picture shows the hand: the room's camera, else whoever is on the asking side. */
  get pictured_id(): string | null {
    const here = this.around.participants();
    const camera = here.find((one) => one.door === "camera" && one.connected);
    return (camera ?? this.operators.find((one) => one.publishes.includes("face")))?.id ?? null;
  }

  /** Those whose hand can be guided, as far as they are here. */
  get operators(): Participant[] {
    const roles = ["community_doctor", "nurse"];
    return this.around.participants().filter((one) => one.door === null && one.connected && roles.includes(one.person.role));
  }

  ask(word: ProbeWord): void {
    const whole = { ...word, little: this.little && word.toward != null };
    this.little = false;
    void this.send({ type: "guide_probe", consult_id: this.consult_id, word: whole });
  }

  askControl(control: ScannerControl): void {
    void this.send({ type: "request_control", consult_id: this.consult_id, control });
  }

  takeBack(view: GuidingView): void {
    void this.send({ type: "take_back_guiding", consult_id: this.consult_id, guiding_id: view.id });
  }

  answer(view: GuidingView, answer: Extract<GuidingEvent, "seen" | "done" | "cannot">, reason: CannotReason | null = null): void {
    void this.send({ type: "answer_guiding", consult_id: this.consult_id, guiding_id: view.id, answer, reason });
  }

  /** The voice is chosen by the browser, late. */
  follow(): () => void {
    const look = () => (this.has_voice = speaks(language.current));
    look();
    const stop = onVoices(look);
    return () => {
      stop();
      hush();
    };
  }

  /** Say aloud what is newly asked; call whenever what is shown changes. Never into a stethoscope. */
  sayAloud(): void {
    this.has_voice = speaks(language.current);
    const next = toSpeak(this.said, this.open[0] ?? null);
    const quiet = !preferences.guiding_voice || this.around.auscultating();
    if (quiet || this.open.length === 0) hush();
    if (next === null) return;
    this.said = next.key;
    if (!quiet && session.may("answer_guiding")) speak(spokenOf(next.view), language.current);
  }

  /** One after the other and never held back: a newer word must be able to replace one that is under way. */
  private async send(command: Command): Promise<void> {
    this.fault = "";
    this.fault = await this.sent(command);
  }

  private async sent(command: Command): Promise<string> {
    try {
      await socket.command(command);
      return "";
    } catch (refused) {
      return sentenceOf(refused);
    }
  }

  private age_ms(view: GuidingView): number {
    return serverNow_ms() - Date.parse(view.changed_at);
  }
}
