/**
 * dbmate 2: one file a migration with `-- migrate:up` and `-- migrate:down`, ordered by file name.
 * Sources: dbmate 2.35, `pkg/dbmate/db.go` (FindMigrations, Migrate, Rollback) and `pkg/dbmate/migration.go`.
 */
import type { Layout, ReadRequest } from '../core/layout.ts';
import type { Migration, Script, TransactionMode } from '../core/migration.ts';
import { declaredIn, finishSet, ignoredNote } from './build-set.ts';
import type { DbmateBlock } from './dbmate-parser.ts';
import { parseDbmate } from './dbmate-parser.ts';
import { scoreByMarker } from './markers.ts';
import type { SourceFile } from './source-file.ts';
import { readSources, showPath } from './source-file.ts';
import { compareBytes, describeGaps, refuseDuplicates } from './versions.ts';
import { DBMATE } from './tools.ts';

const FILE = /^(\d+)[^/]*\.sql$/;
const MARKER = /^--\s*migrate:up(\s*$|\s+\S+)/m;

/** Order: file names as text, so `10_` comes before `9_`. SQLite (mattn) opens with foreign keys off unless the URL asks for them. */
export const dbmate: Layout = {
  name: 'dbmate',
  detect: (files, peek) => scoreByMarker(files, peek, MARKER),
  async read(request) {
    const files = request.files.filter((file) => FILE.test(file)).toSorted(compareBytes);
    refuseDuplicates(
      files.map((file) => ({ file: showPath(request, file), version: versionOf(file) })),
      "dbmate's second insert of it into schema_migrations fails.",
      (version) => version,
    );
    const sources = await readSources(request, files);
    const severalBlocks: string[] = [];
    const migrations = sources.map((source): Migration => {
      const { up, down } = parseDbmate(source.shownAs, source.text);
      if (up.length > 1) severalBlocks.push(source.path);
      return {
        id: versionOf(source.path),
        name: source.path.replace(/\.sql$/, ''),
        up: toScript(request, source, up),
        down: toScript(request, source, down),
        declarations: declaredIn(source),
      };
    });
    return finishSet(request, {
      layout: 'dbmate',
      migrations,
      keepsLedger: true,
      tool: DBMATE,
      sqliteForeignKeys: false,
      sources,
      notes: [
        describeGaps(migrations.map(({ id }) => id)),
        ignoredNote(
          request.files.filter((file) => /^[^/]*\.sql$/i.test(file) && !FILE.test(file)),
          'no number in front',
        ),
        severalBlocks.length === 0
          ? null
          : `Several up blocks in one file, each its own transaction to dbmate, whose ledger then refuses the second: ${severalBlocks.join(', ')}.`,
      ],
    });
  },
};

function versionOf(file: string): string {
  return FILE.exec(file)?.[1] ?? '';
}

/** A block is one call. With `transaction:false` PostgreSQL still runs one simple query, and SQLite commits each statement. */
function toScript(request: ReadRequest, source: SourceFile, blocks: readonly DbmateBlock[]): Script {
  const withoutTransaction: TransactionMode = request.dialect === 'postgres' ? 'implicit' : 'autocommit';
  const isWrapped =
    blocks.every((block) => block.usesTransaction) && (blocks.length === 1 || request.dialect === 'sqlite');
  return {
    file: source.shownAs,
    text: source.text,
    sha256: source.sha256,
    transaction: isWrapped ? 'wrapped' : withoutTransaction,
    chunks: blocks.filter((block) => !block.isBlank).map(({ text, offset }) => ({ text, offset })),
  };
}
