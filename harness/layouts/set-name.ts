/** Folder names that say nothing of what the migrations are for. */
const GENERIC = new Set(
  `migrations migration migrate db database databases sql schema schemas ddl scripts changes versions up deploy
   postgres postgresql pgsql pg psql sqlite sqlite3 prisma drizzle diesel goose dbmate supabase src app server backend api internal
   storage store data resources assets main prod production hardened bad good`.split(/\s+/),
);

/**
 * A short name for a set: the folder's own name, with the folders above it as long as the names say nothing
 * (`track-your-stack/hardened`). The shown path is used as far as it goes, so that the name is the same on every machine.
 */
export function nameSet(folder: string, shownAs: string): string {
  const shown = partsOf(shownAs).filter((part) => part !== '.' && part !== '..');
  const parts = shown.length > 0 ? shown : partsOf(folder);
  let first = parts.length - 1;
  while (first > 0 && isGeneric(parts[first] ?? '')) first--;
  return parts.slice(Math.max(first, 0)).join('/') || 'migrations';
}

function partsOf(path: string): string[] {
  return path.split(/[\\/]+/).filter((part) => part !== '');
}

function isGeneric(part: string): boolean {
  return GENERIC.has(part.toLowerCase()) || /^v?\d+$/i.test(part);
}
