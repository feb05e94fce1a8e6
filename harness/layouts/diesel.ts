/**
 * diesel 2: a folder a migration, `<version>_name/up.sql` with `down.sql` and perhaps `metadata.toml`.
 * Sources: diesel 2.3, `migrations_internals/src/lib.rs`, `diesel_migrations/src/{file_based_migrations,migration_harness}.rs`.
 */
import { PalindromeError } from '../core/errors.ts';
import type { Layout, ReadRequest } from '../core/layout.ts';
import type { Migration, TransactionMode } from '../core/migration.ts';
import { declaredIn, finishSet, ignoredNote, wholeScript } from './build-set.ts';
import { filesByFolder } from './folders.ts';
import type { SourceFile } from './source-file.ts';
import { readSource, readSources, showPath } from './source-file.ts';
import { compareBytes, refuseDuplicates } from './versions.ts';
import { DIESEL } from './tools.ts';

/** Order: versions as text, dashes taken out. SQLite: the system's library leaves foreign keys off (a bundled build of it turns them on). */
export const diesel: Layout = {
  name: 'diesel',
  detect(files) {
    const folders = [...filesByFolder(files).values()];
    const own = folders.filter((names) => names.includes('up.sql'));
    return folders.length === 0 ? 0 : (0.9 * own.length) / folders.length;
  },
  async read(request) {
    const folders = [...filesByFolder(request.files)].map(([folder, files]) => ({
      folder,
      files,
      version: versionOf(folder),
    }));
    for (const { folder, files } of folders) if (!files.includes('up.sql')) throw withoutUp(request, folder, files);
    refuseDuplicates(
      folders.map(({ folder, version }) => ({ version, file: showPath(request, folder) })),
      'diesel would run one of them and drop the other silently.',
      (version) => version,
    );
    const ordered = folders.toSorted((a, b) => compareBytes(a.version, b.version));
    const ups = await readSources(
      request,
      ordered.map(({ folder }) => `${folder}/up.sql`),
    );
    const downFiles = ordered
      .filter(({ files }) => files.includes('down.sql'))
      .map(({ folder }) => `${folder}/down.sql`);
    const downs = new Map((await readSources(request, downFiles)).map((source) => [source.path, source]));
    const notes: string[] = [];
    const migrations: Migration[] = [];
    for (const [index, { folder, files, version }] of ordered.entries()) {
      const up = ups[index];
      if (up === undefined) continue;
      const down = downs.get(`${folder}/down.sql`) ?? null;
      const metadata = files.includes('metadata.toml') ? await readSource(request, `${folder}/metadata.toml`) : null;
      const transaction = modeFor(request, metadata, notes);
      migrations.push({
        id: version,
        name: folder,
        up: wholeScript(up, transaction),
        down: down && wholeScript(down, transaction),
        declarations: declaredIn(up, down),
      });
    }
    const empty = [...ups, ...downs.values()].filter(({ text }) => text === '').map(({ path }) => path);
    if (empty.length > 0) notes.push(`diesel refuses to run a file of no bytes: ${empty.join(', ')}.`);
    return finishSet(request, {
      layout: 'diesel',
      migrations,
      keepsLedger: true,
      tool: DIESEL,
      sqliteForeignKeys: false,
      sources: [...ups, ...downs.values()],
      notes: [
        ...notes,
        ignoredNote(
          request.files.filter((file) => /^[^/]*\.sql$/i.test(file)),
          'not in a folder of its own',
        ),
      ],
    });
  },
};

function versionOf(folder: string): string {
  return (folder.split('_', 1)[0] ?? '').replaceAll('-', '');
}

/** Without a transaction the file is one call: a simple query on PostgreSQL, `sqlite3_exec` on SQLite. */
function modeFor(request: ReadRequest, metadata: SourceFile | null, notes: string[]): TransactionMode {
  if (metadata === null) return 'wrapped';
  const value = /^[ \t]*run_in_transaction[ \t]*=[ \t]*(true|false)[ \t]*(?:#.*)?$/m.exec(
    metadata.text.replaceAll('\r', ''),
  )?.[1];
  if (value === 'true') return 'wrapped';
  if (value === undefined)
    notes.push(`${metadata.path} does not set run_in_transaction, which diesel then takes as false.`);
  return request.dialect === 'postgres' ? 'implicit' : 'autocommit';
}

function withoutUp(request: ReadRequest, folder: string, files: readonly string[]): PalindromeError {
  const shown = showPath(request, folder);
  const isDownAlone = files.includes('down.sql');
  const what = isDownAlone
    ? `${shown}/down.sql is a down, and there is no up.sql beside it`
    : `${shown} holds no up.sql`;
  return new PalindromeError(
    isDownAlone ? 'down-without-up' : 'script-missing',
    `${what}: diesel refuses the whole folder.`,
    {
      place: { file: isDownAlone ? `${shown}/down.sql` : shown, line: 1, column: 1 },
      hint: 'Add up.sql, or move the folder elsewhere.',
    },
  );
}
