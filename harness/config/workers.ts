/** How many cases run at once. */
import os from 'node:os';

/** Each worker has a database with two sessions or a process of its own. */
export const MAX_WORKERS = 32;
const MOST_BY_DEFAULT = 8;

/** One worker for each processor that this process may use, 8 at most. */
export function defaultWorkers(): number {
  return Math.min(MOST_BY_DEFAULT, Math.max(1, os.availableParallelism()));
}
