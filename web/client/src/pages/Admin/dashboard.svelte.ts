/** The dashboard as it comes every 2 s while it is watched, with the last ten minutes of every session. */

import { serverNow_ms } from "../../api/clock";
import { socket } from "../../api/events";
import type { Curves, Dashboard } from "../../api/types";
import { joined, pointOf, POINTS_KEPT, type Point } from "./figures";

class Watched {
  figures = $state.raw<Dashboard | null>(null);
  /** When the figures came, on the server's clock; null before the first. */
  at_ms = $state<number | null>(null);
  /** Why the server does not tell; null while it does. */
  refused = $state.raw<unknown>(null);
  /** A session whose history is kept also after it ended: it is being looked at. */
  held: string | null = null;
  private histories = $state.raw<ReadonlyMap<string, readonly Point[]>>(new Map());

  /** Have the figures sent, also after a lost line; returns the way to stop. */
  watch(): () => void {
    const stops = [
      socket.on("dashboard_figures", ({ dashboard }) => this.take(dashboard, serverNow_ms())),
      socket.on("welcome", () => this.ask(true)),
    ];
    if (socket.status === "connected") this.ask(true);
    return () => {
      for (const stop of stops) stop();
      if (socket.status === "connected") this.ask(false);
      this.figures = null;
      this.at_ms = null;
      this.histories = new Map();
    };
  }

  history(consult_id: string): readonly Point[] {
    return this.histories.get(consult_id) ?? [];
  }

  /** Put what the server remembers of a session before what was seen here. */
  remember(consult_id: string, curves: Curves): void {
    const histories = new Map(this.histories);
    histories.set(consult_id, joined(curves, this.history(consult_id)));
    this.histories = histories;
  }

  private take(dashboard: Dashboard, at_ms: number): void {
    this.figures = dashboard;
    this.at_ms = at_ms;
    this.histories = new Map([
      ...[...this.histories].filter(([id]) => id === this.held),
      ...dashboard.live.map((one) => [one.consult_id, [...this.history(one.consult_id), pointOf(one, at_ms)].slice(-POINTS_KEPT)] as const),
    ]);
  }

  private ask(on: boolean): void {
    socket.command({ type: "watch_dashboard", on }).then(
      () => (this.refused = null),
      (fault: unknown) => (this.refused = on ? fault : null),
    );
  }
}

export const watched = new Watched();
