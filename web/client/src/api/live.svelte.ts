/** What is going on now, as the server tells it: filled by the snapshot, kept current by events. */

import { SvelteMap } from "svelte/reactivity";
import { socket } from "./events";
import type { ChatLine, ConsultCard, GoneWhy, Presence, RoomView, Snapshot, SpecialistCard, StationCard } from "./types";

class Live {
  readonly consults = new SvelteMap<string, ConsultCard>();
  readonly specialists = new SvelteMap<string, SpecialistCard>();
  readonly stations = new SvelteMap<string, StationCard>();
  readonly rooms = new SvelteMap<string, RoomView>();
  readonly chat = new SvelteMap<string, ChatLine[]>();
  /** Chat lines not read yet, by consult. */
  readonly unread = new SvelteMap<string, number>();
  /** The last consult that left this page's screens, as it stood, and why. */
  gone = $state.raw<{ card: ConsultCard; why: GoneWhy } | null>(null);
  presence = $state<Presence | null>(null);
  /** The account this page speaks for. */
  account_id = "";
  /** True once the first snapshot came. */
  ready = $state(false);

  /** Start from what the server knows. */
  fill(snapshot: Snapshot): void {
    refill(this.consults, snapshot.consults, (one) => one.id);
    refill(this.specialists, snapshot.specialists, (one) => one.person.id);
    refill(this.stations, snapshot.stations, (one) => one.id);
    refill(this.rooms, snapshot.rooms, (one) => one.consult_id);
    this.unread.clear();
    for (const [id, count] of Object.entries(snapshot.unread_chat)) this.unread.set(id, count);
    this.presence = snapshot.presence;
    this.ready = true;
  }

  /** Forget everything: somebody else may sign in on this page. */
  clear(): void {
    for (const map of [this.consults, this.specialists, this.stations, this.rooms, this.chat, this.unread]) map.clear();
    this.gone = null;
    this.presence = null;
    this.ready = false;
  }

  /** Take a card, unless a newer one is there already. */
  take(card: ConsultCard): void {
    const known = this.consults.get(card.id);
    if (known === undefined || known.version <= card.version) this.consults.set(card.id, card);
  }

  /** A consult is no longer this page's to show. */
  lose(consult_id: string, why: GoneWhy): void {
    const card = this.consults.get(consult_id);
    if (card !== undefined) this.gone = { card, why };
    this.consults.delete(consult_id);
  }

  /** The lines of a consult as a page loaded them, with those that came meanwhile. */
  takeChat(consult_id: string, lines: readonly ChatLine[]): void {
    const known = this.chat.get(consult_id) ?? [];
    const fresh = known.filter((line) => !lines.some((one) => one.id === line.id));
    this.chat.set(consult_id, [...lines, ...fresh]);
  }

  meet(specialist: SpecialistCard): void {
    this.specialists.set(specialist.person.id, specialist);
    if (specialist.person.id === this.account_id) this.presence = specialist.presence;
  }

  hear(line: ChatLine): void {
    const known = this.chat.get(line.consult_id) ?? [];
    if (known.some((one) => one.id === line.id)) return;
    this.chat.set(line.consult_id, [...known, line]);
    if (line.author_id !== this.account_id) this.unread.set(line.consult_id, (this.unread.get(line.consult_id) ?? 0) + 1);
  }
}

function refill<T>(map: SvelteMap<string, T>, items: readonly T[], key: (item: T) => string): void {
  const keys = new Set(items.map(key));
  for (const old of [...map.keys()]) if (!keys.has(old)) map.delete(old);
  for (const item of items) map.set(key(item), item);
}

export const live = new Live();

/** Follow the socket. Called once, when the page starts. */
export function followEvents(): void {
  socket.on("welcome", ({ account_id, snapshot }) => {
    live.account_id = account_id;
    if (snapshot !== null) live.fill(snapshot);
  });
  socket.on("consult_changed", ({ consult }) => live.take(consult));
  socket.on("consult_gone", ({ consult_id, why }) => live.lose(consult_id, why));
  socket.on("specialist_changed", ({ specialist }) => live.meet(specialist));
  socket.on("station_changed", ({ station }) => live.stations.set(station.id, station));
  socket.on("room_changed", ({ room }) => live.rooms.set(room.consult_id, room));
  socket.on("room_closed", ({ consult_id }) => live.rooms.delete(consult_id));
  socket.on("chat_said", ({ line }) => live.hear(line));
}
