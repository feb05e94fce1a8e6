import type { Since } from '../campaign/since.ts';
import type { RunSettings } from '../config/settings.ts';
import type { ReadSet } from './read-sets.ts';

/** The sets of which something is judged; with `--since`, those that a change concerns. Throws as `findSince`. */
export async function narrow(
  read: readonly ReadSet[],
  asked: RunSettings['since'],
): Promise<{ readonly sets: readonly ReadSet[]; readonly since: Since | null }> {
  if (asked === null) return { sets: read, since: null };
  const { findSince } = await import('./since.ts');
  const since = await findSince(asked.ref, read, asked.cwd);
  return { sets: read.filter(({ set }) => (since.names.get(set.path)?.size ?? 0) > 0), since };
}
