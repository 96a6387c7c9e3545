/** How long a queue may keep its people waiting before an administrator should look. */

import type { QueueFigures } from "../../api/types";

/** By urgency, in seconds: what the server holds requests to unless it is set otherwise. */
export const TARGET_WAIT_S = { emergency: 5 * 60, expedited: 15 * 60, routine: 60 * 60 } as const;

/**
 * The target of a queue: that of its most urgent request. Which request has waited longest is not told, so
 * the strictest target counts: a warning too many rather than an emergency that waits unseen.
 */
export function target_s(queue: QueueFigures): number | null {
  if (queue.emergency > 0) return TARGET_WAIT_S.emergency;
  if (queue.expedited > 0) return TARGET_WAIT_S.expedited;
  return queue.routine > 0 ? TARGET_WAIT_S.routine : null;
}

/** True when somebody waits longer than the target. */
export function isOverdue(queue: QueueFigures): boolean {
  const target = target_s(queue);
  return target !== null && queue.longest_wait_s !== null && queue.longest_wait_s > target;
}
