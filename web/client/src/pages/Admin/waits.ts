/** How long a queue may keep its people waiting before an administrator should look. */

import type { QueueFigures } from "../../api/types";
import { NONE } from "../../words/format";

/**
 * The target of a queue, seconds: the site's own for its most urgent request. Which request has waited longest
 * is not told, so the strictest target counts: a warning too many rather than an emergency that waits unseen.
 */
export function target_s(queue: QueueFigures): number | null {
  return queue.target_wait_s;
}

/** True when somebody waits longer than the target. */
export function isOverdue(queue: QueueFigures): boolean {
  const target = target_s(queue);
  return target !== null && queue.longest_wait_s !== null && queue.longest_wait_s > target;
}

/** Full minutes of a wait. Somebody who waited for seconds did wait: "<1", not 0; an absent value is the en dash. */
export function waitMinutes(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return NONE;
  return seconds > 0 && seconds < 60 ? "<1" : String(Math.floor(seconds / 60));
}
