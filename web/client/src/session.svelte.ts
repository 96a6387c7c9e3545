/** Who is signed in on this page. */

import { api, ApiError } from "./api/client";
import { socket } from "./api/events";
import { live } from "./api/live.svelte";
import type { Directory, Greeting, Permission, SessionView, Specialty } from "./api/types";

class Session {
  current = $state<SessionView | null>(null);
  greeting = $state<Greeting | null>(null);
  directory = $state<Directory | null>(null);
  /** True once it is known whether somebody is signed in. */
  known = $state(false);
  /** The server could not be reached when the page opened. */
  unreachable = $state(false);

  may(permission: Permission): boolean {
    return this.current?.permissions.includes(permission) ?? false;
  }

  /** An interpreter or observer: enters rooms when invited, and opens no record. */
  get isGuest(): boolean {
    return this.may("join_room") && !this.may("see_residents");
  }

  specialty(code: string): Specialty | undefined {
    return this.directory?.specialties.find((one) => one.code === code);
  }

  /** Learn who is signed in, when the page opens. */
  async look(): Promise<void> {
    this.unreachable = false;
    try {
      const [greeting, view] = await Promise.all([api.get<Greeting>("/api/greeting"), this.view()]);
      this.greeting = greeting;
      if (view !== null) this.begin(view);
      this.known = true;
    } catch {
      this.unreachable = true;
    }
  }

  async signIn(sign_in_name: string, password: string): Promise<void> {
    this.begin(await api.post<SessionView>("/api/session", { sign_in_name, password }));
  }

  /** Take a session as it was just made or changed. */
  begin(view: SessionView): void {
    this.current = view;
    if (view.password_change_needed) return;
    socket.start();
    void this.readDirectory();
  }

  async signOut(): Promise<void> {
    try {
      await api.remove("/api/session");
    } finally {
      this.end();
    }
  }

  /** Nobody is signed in any more; nothing of them stays on the page. */
  end(): void {
    this.current = null;
    this.directory = null;
    socket.stop();
    live.clear();
  }

  /** Ask again who is signed in; a line that does not come back may be a session that ended. */
  async check(): Promise<void> {
    try {
      const view = await this.view();
      if (view === null) this.end();
      else this.current = view;
    } catch {
      // unreachable: the socket goes on trying
    }
  }

  private async view(): Promise<SessionView | null> {
    try {
      return await api.get<SessionView>("/api/session");
    } catch (fault) {
      if (fault instanceof ApiError && fault.status === 401) return null;
      throw fault;
    }
  }

  private async readDirectory(): Promise<void> {
    try {
      this.directory = await api.get<Directory>("/api/directory");
    } catch {
      // names are missing until the next page load; codes are shown instead
    }
  }
}

export const session = new Session();

api.onSignedOut(() => session.current !== null && session.end());
socket.on("signed_out", () => session.end());
