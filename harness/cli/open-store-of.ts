/** The store that a run's settings name: a folder, or a schema of a PostgreSQL database. */
import type { RunSettings } from '../config/settings.ts';
import { PalindromeError } from '../core/errors.ts';
import type { Store } from '../store/store.ts';

const DEFAULT_SCHEMA = 'palindrome';

/**
 * Opens the store; the caller disposes it. Of a database, throws `server-url-invalid`, `database-unreachable`, `login-refused`,
 * `database-missing`, `store-url-invalid`.
 */
export async function openStoreOf(
  { folder, shownAs, url }: RunSettings['store'],
  signal?: AbortSignal,
): Promise<Store> {
  const { openFolderStore } = await import('../store/folder-store.ts');
  if (url === null) return openFolderStore(folder, shownAs);
  const [{ openSharedSession }, { openPostgresStore }] = await Promise.all([
    import('./shared-session.ts'),
    import('../store/postgres-store.ts'),
  ]);
  const schema = schemaOf(url);
  const db = await openSharedSession({ url, purpose: 'store', ...(signal === undefined ? {} : { signal }) });
  return openPostgresStore({
    db,
    schema: `"${schema}"`,
    shownAs: withParameters(db.shownAs, url),
    copies: openFolderStore(folder, shownAs),
  });
}

/** The schema that a URL asks for with `?schema=`. */
function schemaOf(url: string): string {
  const given = /[?&]schema=([^&#]*)/u.exec(url)?.[1] ?? DEFAULT_SCHEMA;
  if (/^[a-z_][a-z0-9_]{0,60}$/u.test(given) && !given.startsWith('pg_') && given !== 'public') return given;
  throw new PalindromeError('store-url-invalid', 'The schema of the store’s URL cannot be used.', {
    hint: 'Give a name of small letters, digits and _ that is only for the store: …/database?schema=palindrome_shop',
  });
}

/** The address with what else decides which store it is, and how it is reached. */
function withParameters(address: string, url: string): string {
  const kept = [...url.matchAll(/[?&]((?:schema|sslmode)=[\w-]*)/gu)].map(([, pair]) => pair ?? '');
  return kept.reduce((shown, pair) => `${shown}${shown.includes('?') ? '&' : '?'}${pair}`, address);
}
