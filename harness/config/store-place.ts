/** Where the store is: a folder, or a PostgreSQL URL that machines share. */
import path from 'node:path';

/** The environment variable for a URL with a password. */
const STORE_VARIABLE = 'PALINDROME_STORE';

export interface StorePlace {
  /** Absolute. Beside a URL, the folder where what this machine finds is copied to. */
  readonly folder: string;
  /** The folder relative to where the command ran. */
  readonly shownAs: string;
  /** May hold a password: never printed. Null: the folder is the store. */
  readonly url: string | null;
}

export interface StoreWish {
  readonly flag: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** From a configuration, with the file it is from. */
  readonly configured: { readonly value: string; readonly file: string } | null;
  readonly cwd: string;
  readonly defaultFolder: string;
  readonly show: (cwd: string, folder: string) => string;
}

/** The flag counts before the environment, and that before the configuration. */
export function resolveStorePlace({ flag, env, configured, cwd, defaultFolder, show }: StoreWish): StorePlace {
  const fromEnv = env[STORE_VARIABLE] === '' ? undefined : env[STORE_VARIABLE];
  const given = flag ?? fromEnv ?? configured?.value;
  const isConfigured = flag === undefined && fromEnv === undefined && configured !== null;
  const base = isConfigured ? path.dirname(configured.file) : cwd;
  const isUrl = given !== undefined && isStoreUrl(given);
  const folder = path.resolve(base, isUrl ? defaultFolder : (given ?? defaultFolder));
  return { folder, shownAs: show(cwd, folder), url: isUrl ? withPassword(given, fromEnv) : null };
}

/** Whether it names a database and not a folder. */
function isStoreUrl(given: string): boolean {
  return /^postgres(ql)?:\/\//iu.test(given);
}

/** Reports print a store's URL without its password; typed like that, it gets the password of the variable that names the same database. */
function withPassword(given: string, fromEnv: string | undefined): string {
  if (fromEnv === undefined || !isStoreUrl(fromEnv) || given === fromEnv) return given;
  return nameOf(given) === nameOf(fromEnv) ? fromEnv : given;
}

function nameOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const { username, hostname, port, pathname, search } = new URL(url);
  return JSON.stringify([username, hostname, port || '5432', pathname, search]);
}
