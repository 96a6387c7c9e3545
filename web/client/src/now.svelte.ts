/** The time for running clocks on the page, by the server's clock, in whole steps. */

import { serverNow_ms } from "./api/clock";

class Now {
  ms = $state(serverNow_ms());

  constructor() {
    if (typeof window !== "undefined") setInterval(() => (this.ms = serverNow_ms()), 500);
  }

  get date(): Date {
    return new Date(this.ms);
  }
}

export const now = new Now();
