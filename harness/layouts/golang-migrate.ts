/**
 * golang-migrate 4: `N_name.up.sql` and `N_name.down.sql` in one folder, ordered by number.
 * Sources: its `source/parse.go`, `source/iofs`, `database/{postgres,pgx,sqlite,sqlite3}` and `migrate.go`.
 */
import type { Layout, ReadRequest } from '../core/layout.ts';
import type { Migration, MigrationSet, Script, TransactionMode } from '../core/migration.ts';
import { sha256 } from '../core/hash.ts';
import { declaredIn, finishSet, ignoredNote, wholeScript } from './build-set.ts';
import { groupBy } from './group-by.ts';
import type { SourceFile } from './source-file.ts';
import { readSources, showPath } from './source-file.ts';
import { compareVersions, describeGaps, fitsBits, refuseDuplicates, versionKey } from './versions.ts';
import { GOLANG_MIGRATE } from './tools.ts';

/** The tool's own pattern; anything may follow the direction, so a left-over `.up.sql.bak` is a migration to it. */
const FILE = /^([0-9]+)_(.*)\.(down|up)\.(.*)$/s;

interface Found {
  readonly file: string;
  readonly version: string;
  readonly title: string;
  readonly direction: 'up' | 'down';
}

/** Order: numeric. A second run is skipped by its ledger. SQLite: mattn and modernc open with foreign keys off. */
export const golangMigrate: Layout = {
  name: 'golang-migrate',
  detect(files) {
    const numbered = files.filter((file) => /^\d[^/]*\.sql$/i.test(file));
    const ups = new Set(
      numbered.map(parseName).flatMap((found) => (found?.direction === 'up' ? [versionKey(found.version)] : [])),
    );
    if (ups.size === 0) return 0;
    const own = numbered.map(parseName).filter((found) => found !== null && ups.has(versionKey(found.version)));
    return (0.9 * own.length) / numbered.length;
  },
  async read(request) {
    const found = request.files.flatMap((file) => parseName(file) ?? []);
    for (const direction of ['up', 'down'] as const) {
      const entries = found.filter((entry) => entry.direction === direction);
      refuseDuplicates(
        entries.map(({ version, file }) => ({ version, file: showPath(request, file) })),
        'golang-migrate refuses to run such a folder.',
      );
    }
    const sources = await readSources(
      request,
      found.map((entry) => entry.file),
    );
    return assemble(request, found, sources);
  },
};

function parseName(file: string): Found | null {
  const match = file.includes('/') ? null : FILE.exec(file);
  if (match === null) return null;
  const [, version = '', title = '', direction] = match;
  return fitsBits(version, 64) ? { file, version, title, direction: direction === 'up' ? 'up' : 'down' } : null;
}

function assemble(request: ReadRequest, found: readonly Found[], sources: readonly SourceFile[]): MigrationSet {
  const sourceOf = new Map(sources.map((source) => [source.path, source]));
  const byVersion = groupBy(found, (entry) => versionKey(entry.version));
  const opensOwn = request.dialect === 'sqlite' && sources.some(({ text }) => opensTransaction(text));
  const mode = request.dialect === 'sqlite' && !opensOwn ? 'wrapped' : 'implicit';
  const lonelyDowns: string[] = [];
  const migrations: Migration[] = [];
  for (const [, entries] of [...byVersion].toSorted(([a], [b]) => compareVersions(a, b))) {
    const up = entries.find((entry) => entry.direction === 'up');
    const down = entries.find((entry) => entry.direction === 'down');
    const main = up ?? down;
    if (main === undefined) continue;
    const upSource = (up && sourceOf.get(up.file)) ?? null;
    const downSource = (down && sourceOf.get(down.file)) ?? null;
    if (upSource === null) lonelyDowns.push(main.file);
    migrations.push({
      id: main.version,
      name: `${main.version}_${main.title}`,
      up: upSource === null ? missingUp(request, main, mode) : wholeScript(upSource, mode),
      down: downSource && wholeScript(downSource, mode),
      declarations: declaredIn(upSource, downSource),
    });
  }
  const ownFiles = new Set(found.map((entry) => entry.file));
  const ignored = request.files.filter((file) => /^[^/]*\.sql$/i.test(file) && !ownFiles.has(file));
  return finishSet(request, {
    layout: 'golang-migrate',
    migrations,
    keepsLedger: true,
    tool: GOLANG_MIGRATE,
    sqliteForeignKeys: false,
    sources,
    notes: [
      describeGaps(migrations.map((migration) => migration.id)),
      opensOwn
        ? 'Scripts open transactions of their own, which golang-migrate admits on SQLite with x-no-tx-wrap alone: every script runs without a transaction around it.'
        : null,
      ignoredNote(ignored, 'not named N_name.up.sql or N_name.down.sql'),
      lonelyDowns.length === 0
        ? null
        : `A down without an up, for which golang-migrate runs nothing on the way up: ${lonelyDowns.join(', ')}.`,
    ],
  });
}

/**
 * Whether a script has a BEGIN of its own; a trigger's is followed by its body. PostgreSQL: the file is one simple query, unless the URL
 * says `x-multi-statement`. SQLite: one transaction around it, in which such a script fails, unless the URL says `x-no-tx-wrap`.
 */
function opensTransaction(sql: string): boolean {
  const code = sql.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g, (match) =>
    match.startsWith("'") ? "'" : ' ',
  );
  return /\bbegin(?:\s+(?:deferred|immediate|exclusive))?(?:\s+transaction)?\s*;/i.test(code);
}

function missingUp(request: ReadRequest, down: Found, transaction: TransactionMode): Script {
  const file = showPath(request, down.file.replace(/\.down(?=\.[^.]*$)/, '.up'));
  return { file, text: '', sha256: sha256(''), transaction, chunks: [] };
}
