import type { Participant } from "../../api/types";
import { w } from "../../words/index.svelte";

/** What a participant is called: a device by its station, a screen by who let it in. */
export function nameOf(one: Participant): string {
  return one.door === null ? one.person.display_name : `${one.person.display_name} · ${w.room.door[one.door]}`;
}
