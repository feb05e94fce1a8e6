/** How many cases run at once. */
import os from 'node:os';

/** Each worker has a database with two sessions or a process of its own. */
export const MAX_WORKERS = 32;
const MOST_BY_DEFAULT = 8;

/** One worker more than there are processors for this process, 8 at most: a worker waits for its database about half of the time. */
export function defaultWorkers(): number {
  return Math.min(MOST_BY_DEFAULT, os.availableParallelism() + 1);
}
