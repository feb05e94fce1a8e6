/** Names of databases: they tell sets of one project apart. */
const DATABASES = new Set(['postgres', 'postgresql', 'pgsql', 'pg', 'psql', 'sqlite', 'sqlite3']);

/** Other folder names that say nothing of what the migrations are for. */
const FILLERS = new Set(
  `migrations migration migrate db database databases sql schema schemas ddl scripts changes versions up deploy prisma drizzle diesel
   goose dbmate supabase src app apps pkg packages lib libs web server backend api internal storage store data resources assets main
   prod production hardened bad good`.split(/\s+/),
);

/**
 * A short name for a set: the last part of its path that tells something, then the folder itself, with the database between
 * (`track-your-stack/hardened`, `pocket-id/sqlite`). The shown path is used as far as it goes: the same on every machine.
 */
export function nameSet(folder: string, shownAs: string): string {
  const shown = partsOf(shownAs).filter((part) => part !== '.' && part !== '..');
  const parts = shown.length > 0 ? shown : partsOf(folder);
  const last = parts.at(-1);
  if (last === undefined) return 'migrations';
  if (!isGeneric(last)) return last;
  const above = parts.slice(0, -1);
  const telling = above.findLastIndex((part) => !isGeneric(part));
  if (telling === -1) return parts.join('/');
  const databases = above.slice(telling + 1).filter((part) => DATABASES.has(part.toLowerCase()));
  return [above[telling], ...databases, last].join('/');
}

function partsOf(path: string): string[] {
  return path.split(/[\\/]+/).filter((part) => part !== '');
}

function isGeneric(part: string): boolean {
  const name = part.toLowerCase();
  return FILLERS.has(name) || DATABASES.has(name) || /^v?\d+$/.test(name);
}
