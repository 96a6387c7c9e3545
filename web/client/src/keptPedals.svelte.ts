/** The foot switches of whoever is signed in, kept in this browser: another account has its own. */

import { FIRST, type Pedals, readPedals } from "./pedals";
import { session } from "./session.svelte";

const KEPT_AS = "cloud-clinic.pedals";

class KeptPedals {
  private readonly of = $state<Record<string, Pedals>>({});

  get current(): Pedals {
    const id = session.current?.account.id;
    return id === undefined ? FIRST : (this.of[id] ?? read(id));
  }

  change(to: Pedals): void {
    const id = session.current?.account.id;
    if (id === undefined) return;
    this.of[id] = to;
    try {
      localStorage.setItem(`${KEPT_AS}.${id}`, JSON.stringify(to));
    } catch {
      // forbidden storage: it holds as long as the page
    }
  }
}

function read(account_id: string): Pedals {
  try {
    return readPedals(JSON.parse(localStorage.getItem(`${KEPT_AS}.${account_id}`) ?? "null"));
  } catch {
    return FIRST;
  }
}

export const pedals = new KeptPedals();
