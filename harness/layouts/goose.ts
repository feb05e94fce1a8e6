/**
 * goose 3: one file a migration with `-- +goose Up` and `-- +goose Down`, ordered by number.
 * Sources: goose 3.27, `migration.go` (NumericComponent), `migrate.go`, `migration_sql.go`, `provider_collect.go`.
 */
import { PalindromeError } from '../core/errors.ts';
import type { Layout, ReadRequest } from '../core/layout.ts';
import type { Direction, Migration, Script } from '../core/migration.ts';
import { declaredIn, finishSet } from './build-set.ts';
import type { GooseScript } from './goose-parser.ts';
import { parseGoose } from './goose-parser.ts';
import { scoreByMarker } from './markers.ts';
import type { SourceFile } from './source-file.ts';
import { readSources, showPath } from './source-file.ts';
import { compareVersions, describeGaps, fitsBits, refuseDuplicates } from './versions.ts';
import { GOOSE } from './tools.ts';

const MARKER = /^--.*\+goose\s+up\b/im;

/** Order: numeric. Each statement is one call. SQLite (modernc) opens with foreign keys off unless the address asks for them. */
export const goose: Layout = {
  name: 'goose',
  detect: (files, peek) => scoreByMarker(files, peek, MARKER),
  async read(request) {
    const found = request.files
      .filter((file) => /^[^/]*\.sql$/.test(file))
      .map((file) => ({ file, version: versionOf(request, file) }));
    const goFiles = request.files.filter((file) => /^\d+_[^/]*(?<!_test)\.go$/.test(file));
    if (goFiles[0] !== undefined) throw writtenInGo(request, goFiles);
    refuseDuplicates(
      found.map(({ file, version }) => ({ file: showPath(request, file), version })),
      'goose refuses to run such a folder.',
    );
    const ordered = found.toSorted((a, b) => compareVersions(a.version, b.version));
    const sources = await readSources(
      request,
      ordered.map(({ file }) => file),
    );
    const migrations = sources.map((source, index) => toMigration(request, source, ordered[index]?.version ?? ''));
    return finishSet(request, {
      layout: 'goose',
      migrations,
      keepsLedger: true,
      tool: GOOSE,
      sqliteForeignKeys: false,
      sources,
      notes: [describeGaps(migrations.map(({ id }) => id))],
    });
  },
};

function toMigration(request: ReadRequest, source: SourceFile, version: string): Migration {
  const file = { file: source.shownAs, text: source.text, environment: request.environment ?? {} };
  const scriptOf = (direction: Direction): { parsed: GooseScript; script: Script } => {
    const parsed = parseGoose(file, direction);
    return {
      parsed,
      script: { ...file, ...base(source), transaction: modeFor(request, parsed), chunks: parsed.statements },
    };
  };
  const up = scriptOf('up');
  const down = scriptOf('down');
  return {
    id: version,
    name: source.path.replace(/\.sql$/, ''),
    up: up.script,
    down: down.parsed.hasSection ? down.script : null,
    declarations: declaredIn(source),
  };
}

function base({ shownAs, text, sha256 }: SourceFile): Pick<Script, 'file' | 'text' | 'sha256'> {
  return { file: shownAs, text, sha256 };
}

/** NO TRANSACTION: statement by statement. A block of several statements is still one simple query on PostgreSQL. */
function modeFor(request: ReadRequest, parsed: GooseScript): Script['transaction'] {
  if (parsed.usesTransaction) return 'wrapped';
  return request.dialect === 'postgres' ? 'implicit' : 'autocommit';
}

function versionOf(request: ReadRequest, file: string): string {
  const version = /^(\d+)_/.exec(file)?.[1];
  if (version !== undefined && fitsBits(version, 63) && BigInt(version) > 0n) return version;
  throw new PalindromeError(
    'script-name',
    `goose refuses a folder with ${file}: a name is a number above 0, an underscore, a title.`,
    {
      place: { file: showPath(request, file), line: 1, column: 1 },
      hint: 'Rename the file, or move it elsewhere.',
    },
  );
}

function writtenInGo(request: ReadRequest, files: readonly string[]): PalindromeError {
  const shown = files.map((file) => showPath(request, file));
  return new PalindromeError(
    'migration-not-sql',
    `${shown.join(', ')}: a migration written in Go, which cannot be run from here.`,
    {
      place: { file: shown[0] ?? '', line: 1, column: 1 },
      hint: 'Without it the later migrations would meet another schema. Verify a copy in which it is written in SQL.',
    },
  );
}
