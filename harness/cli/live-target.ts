/** Which database of the user's own a command is about: only ever the one that was named. */
import path from 'node:path';
import { showPathFrom } from '../config/settings.ts';
import { PalindromeError } from '../core/errors.ts';
import type { LiveTarget } from '../core/live.ts';
import { isLoopback, parseServerUrl } from '../providers/server-url.ts';

/** The environment variable that names a database, for URLs with a password. No other one is looked at. */
const DATABASE_VARIABLE = 'PALINDROME_DATABASE';

/**
 * The database that a flag or `PALINDROME_DATABASE` names. Throws `database-not-given` where neither does: `DATABASE_URL` and the like
 * belong to the application, and may point anywhere.
 */
export function requireDatabase(flag: string | undefined, env: Readonly<Record<string, string | undefined>>): string {
  const given = findDatabase(flag, env);
  if (given !== null) return given;
  const isTempting = (env['DATABASE_URL'] ?? '') !== '';
  throw new PalindromeError(
    'database-not-given',
    `No database was given.${isTempting ? ' DATABASE_URL is set, but a database that was not given by name is not touched.' : ''}`,
    {
      hint: isTempting
        ? 'If it is the one you mean: --database "$DATABASE_URL".'
        : `Give --database with a postgres:// URL or a SQLite file, or set ${DATABASE_VARIABLE}.`,
    },
  );
}

/** As `requireDatabase`; null where none was named. */
export function findDatabase(
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string | null {
  const given = (flag ?? env[DATABASE_VARIABLE] ?? '').trim();
  return given === '' ? null : given;
}

/** Reads what `--database` was given. Throws `database-invalid`, or `server-url-invalid`. */
export function parseTarget(given: string, cwd: string): LiveTarget {
  if (/^postgres(ql)?:/i.test(given)) {
    const { sslMode, ...address } = parseServerUrl(given);
    return { dialect: 'postgres', ...address, tls: sslMode };
  }
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(given)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'sqlite' && scheme !== 'file' && !/^[a-z]:[\\/]/i.test(given))
    throw new PalindromeError('database-invalid', `A database cannot be given as ${scheme}:.`, {
      hint: 'Give a postgres:// URL, or the path of a SQLite file.',
    });
  const named = given.replace(/^(sqlite|file):(\/\/(?=\/|[^/]))?/i, '');
  if (named === '' || named === ':memory:' || named.includes('?'))
    throw new PalindromeError('database-invalid', `"${given}" is not the path of a database file.`, {
      hint: 'Give the path of a SQLite file, for example --database data/state.db.',
    });
  const file = path.resolve(cwd, named);
  return { dialect: 'sqlite', file, shownAs: showPathFrom(cwd, file) };
}

/** Whether changing it reaches beyond this machine. */
export function isRemote(target: LiveTarget): boolean {
  return target.dialect === 'postgres' && !isLoopback(target.host);
}
