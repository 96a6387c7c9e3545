/**
 * Something that is written and saved by itself a moment after the last change, never over somebody else's.
 *
 * What could not be saved stays on the page. It is tried again when the server was not reached or failed; what
 * the server refused is shown and waits for the next change. A version that was overtaken is a conflict that a
 * person decides.
 */

import { ApiError } from "./api/client";

const SAVE_AFTER_MS = 1_200;
const RETRY_AFTER_MS = 5_000;
/** A draft that is not there yet: the server then begins a new one. */
const NO_VERSION = 0;

/** What the server says of every draft it keeps. */
export interface Kept {
  version: number;
  saved_at: string;
  simulated: boolean;
}

/** The server's side of a draft. */
export interface Desk<Content, Stored extends Kept> {
  save(content: Content): Promise<Stored>;
  read(): Promise<Stored>;
  after(delay_ms: number, then: () => void): () => void;
}

export abstract class AutosavedDraft<Content, Stored extends Kept> {
  simulated = $state(false);
  version = $state(NO_VERSION);
  saved_at = $state<string | null>(null);
  saving = $state(false);
  /** Why the last saving failed. */
  fault = $state.raw<unknown>(null);
  /** The newer draft of another page, until it is decided which one stays. */
  conflict = $state.raw<Stored | null>(null);
  /** A colleague's draft, which is not to be read here, stands in this one's place; a person decides. */
  replaced = $state(false);
  dirty = $state(false);
  private changes = 0;
  private stopTimer: () => void = () => {};

  constructor(private readonly desk: Desk<Content, Stored>) {}

  /** What is written, as the server takes it, made from `version`. */
  protected abstract content(): Content;

  /** Show what the server keeps. */
  protected abstract show(stored: Stored): void;

  get undecided(): boolean {
    return this.conflict !== null || this.replaced;
  }

  /** Something was typed: save it soon. */
  changed(): void {
    this.changes += 1;
    this.dirty = true;
    if (!this.undecided) this.later(SAVE_AFTER_MS);
  }

  /** Save what is not saved; true when nothing is left to save. */
  async save(): Promise<boolean> {
    this.stopTimer();
    if (!this.dirty || this.undecided || this.saving) return !this.dirty;
    this.saving = true;
    const changes = this.changes;
    try {
      this.stored(await this.desk.save(this.content()), changes);
    } catch (fault) {
      await this.refused(fault);
    } finally {
      this.saving = false;
    }
    return !this.dirty;
  }

  /** Write this page's text over the newer draft. */
  async keepMine(): Promise<void> {
    if (!this.undecided) return;
    this.version = this.conflict?.version ?? NO_VERSION;
    this.conflict = null;
    this.replaced = false;
    this.dirty = true;
    await this.save();
  }

  takeOther(): void {
    if (this.conflict !== null) this.take(this.conflict);
    this.conflict = null;
  }

  /** Nothing is tried again after this; what is unsaved is sent once more. */
  close(): void {
    this.stopTimer();
    if (this.dirty) void this.save().finally(() => this.stopTimer());
  }

  /** Begin with what the server keeps. */
  protected take(stored: Stored): void {
    this.show(stored);
    ({ version: this.version, saved_at: this.saved_at, simulated: this.simulated } = stored);
    this.fault = null;
    this.dirty = false;
  }

  private stored(stored: Stored, changes: number): void {
    ({ version: this.version, saved_at: this.saved_at, simulated: this.simulated } = stored);
    this.fault = null;
    this.dirty = this.changes !== changes;
    if (this.dirty) this.later(SAVE_AFTER_MS);
  }

  private async refused(fault: unknown): Promise<void> {
    if (fault instanceof ApiError && fault.problem.code === "changed_meanwhile" && (await this.overtaken())) return;
    this.fault = fault;
    if (mayPass(fault)) this.later(RETRY_AFTER_MS);
  }

  /** Learn what overtook this draft; false when that cannot be learnt now. */
  private async overtaken(): Promise<boolean> {
    try {
      this.conflict = await this.desk.read();
    } catch (fault) {
      if (!(fault instanceof ApiError) || fault.status !== 404) return false;
      this.replaced = true;
    }
    this.fault = null;
    return true;
  }

  private later(delay_ms: number): void {
    this.stopTimer();
    this.stopTimer = this.desk.after(delay_ms, () => void this.save());
  }
}

/** A refusal stands until something changes; a line or a server that failed may come back by itself. */
function mayPass(fault: unknown): boolean {
  if (!(fault instanceof ApiError)) return true;
  const { status, problem } = fault;
  return status === 0 || status === 401 || status === 408 || status === 429 || status >= 500 || problem.code === "changed_meanwhile";
}
