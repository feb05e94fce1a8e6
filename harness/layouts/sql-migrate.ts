/**
 * sql-migrate 1: one file a migration with `-- +migrate Up` and `-- +migrate Down`, known by its whole file name.
 * Sources: sql-migrate 1.8, `migrate.go` (findMigrations, Less, Exec) and `sqlparse/sqlparse.go`.
 */
import type { Layout, ReadRequest } from '../core/layout.ts';
import type { Migration, Script } from '../core/migration.ts';
import { declaredIn, finishSet } from './build-set.ts';
import { groupBy } from './group-by.ts';
import { scoreByMarker } from './markers.ts';
import type { SourceFile } from './source-file.ts';
import { readSources } from './source-file.ts';
import type { SqlMigrateSection } from './sql-migrate-parser.ts';
import { parseSqlMigrate } from './sql-migrate-parser.ts';
import { compareBytes, compareVersions } from './versions.ts';
import { SQL_MIGRATE } from './tools.ts';

const MARKER = /^-- \+migrate +Up\b/m;

/** Order: the number in front, then the name; names without a number come last. SQLite (mattn): foreign keys off. */
export const sqlMigrate: Layout = {
  name: 'sql-migrate',
  detect: (files, peek) => scoreByMarker(files, peek, MARKER),
  async read(request) {
    const files = request.files.filter((file) => /^[^/]*\.sql$/.test(file)).toSorted(compareNames);
    const prefixes = groupBy(files, prefixOf);
    const sources = await readSources(request, files);
    const migrations = sources.map((source): Migration => {
      const { up, down } = parseSqlMigrate(source.shownAs, source.text);
      const name = source.path.replace(/\.sql$/, '');
      const prefix = prefixOf(source.path);
      return {
        id: prefix !== '' && prefixes.get(prefix)?.length === 1 ? prefix : name,
        name,
        up: toScript(request, source, up),
        down: down.hasSection ? toScript(request, source, down) : null,
        declarations: declaredIn(source),
      };
    });
    return finishSet(request, {
      layout: 'sql-migrate',
      migrations,
      keepsLedger: true,
      tool: SQL_MIGRATE,
      sqliteForeignKeys: false,
      sources,
      notes: [],
    });
  },
};

function prefixOf(file: string): string {
  return /^\d+/.exec(file)?.[0] ?? '';
}

function compareNames(a: string, b: string): number {
  const [x, y] = [prefixOf(a), prefixOf(b)];
  if ((x === '') !== (y === '')) return x === '' ? 1 : -1;
  return compareVersions(x, y) || compareBytes(a, b);
}

/** Each statement is one call; `notransaction` commits each alone. */
function toScript(request: ReadRequest, { shownAs, text, sha256 }: SourceFile, section: SqlMigrateSection): Script {
  const withoutTransaction = request.dialect === 'postgres' ? 'implicit' : 'autocommit';
  const transaction = section.usesTransaction ? 'wrapped' : withoutTransaction;
  return { file: shownAs, text, sha256, transaction, chunks: section.statements };
}
