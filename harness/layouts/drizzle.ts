/**
 * drizzle-kit: `NNNN_name.sql` listed by `meta/_journal.json`; from version 1 on `<timestamp>_name/migration.sql` with `snapshot.json`.
 * Sources: drizzle-orm 0.45 and 1.0 `src/migrator.ts`, `src/pg-core/dialect.ts`, `src/sqlite-core/dialect.ts`.
 */
import { PalindromeError } from '../core/errors.ts';
import type { Layout, ReadRequest } from '../core/layout.ts';
import type { Migration, Script } from '../core/migration.ts';
import { declaredIn, finishSet, ignoredNote } from './build-set.ts';
import { JOURNAL, readJournal } from './drizzle-journal.ts';
import { filesByFolder, prefixIds } from './folders.ts';
import type { SourceFile } from './source-file.ts';
import { readSources, showPath } from './source-file.ts';
import { compareTitles } from './titles.ts';
import { DRIZZLE } from './tools.ts';

const BREAKPOINT = '--> statement-breakpoint';

/** Order: the journal's, or folder names by `localeCompare`. better-sqlite3 and libsql have foreign keys on. There is no down. */
export const drizzle: Layout = {
  name: 'drizzle',
  detect(files) {
    if (files.includes(JOURNAL)) return 1;
    const folders = [...filesByFolder(files).values()].filter((names) => names.includes('migration.sql'));
    const own = folders.filter((names) => names.includes('snapshot.json'));
    return folders.length === 0 ? 0 : (0.98 * own.length) / folders.length;
  },
  async read(request) {
    const { names, notes } = request.files.includes(JOURNAL) ? await readJournal(request) : listFolders(request);
    const isFolders = !request.files.includes(JOURNAL);
    const present = new Set(request.files);
    const paths = names.map((name) => (isFolders ? `${name}/migration.sql` : `${name}.sql`));
    const missing = paths.find((path) => !present.has(path));
    if (missing !== undefined) throw missingFile(request, missing);
    const sources = await readSources(request, paths);
    const idOf = prefixIds(names);
    const migrations = sources.map((source, index): Migration => {
      const name = names[index] ?? '';
      return { id: idOf(name), name, up: toScript(source), down: null, declarations: declaredIn(source) };
    });
    const listed = new Set(paths);
    const unlisted = isFolders ? [] : request.files.filter((file) => /^[^/]*\.sql$/i.test(file) && !listed.has(file));
    return finishSet(request, {
      layout: 'drizzle',
      migrations,
      keepsLedger: true,
      tool: DRIZZLE,
      sqliteForeignKeys: true,
      sources,
      notes: [
        ...notes,
        ignoredNote(unlisted, `not in ${JOURNAL}`),
        'drizzle runs all pending migrations in one transaction; here each runs in its own, so what needs a commit in between is not seen.',
      ],
    });
  },
};

/** The tool asks only for the script; other folders are none of its business. */
function listFolders(request: ReadRequest): { names: string[]; notes: string[] } {
  const folders = [...filesByFolder(request.files)].filter(([, files]) => files.includes('migration.sql'));
  return { names: folders.map(([folder]) => folder).toSorted(compareTitles), notes: [] };
}

/** Pieces between breakpoints, each one call. */
function toScript(source: SourceFile): Script {
  const chunks: { text: string; offset: number }[] = [];
  let offset = 0;
  for (const text of source.text.split(BREAKPOINT)) {
    if (text.trim() !== '') chunks.push({ text, offset });
    offset += text.length + BREAKPOINT.length;
  }
  return { file: source.shownAs, text: source.text, sha256: source.sha256, transaction: 'wrapped', chunks };
}

function missingFile(request: ReadRequest, path: string): PalindromeError {
  return new PalindromeError('script-missing', `${showPath(request, path)} is not there, and ${JOURNAL} lists it.`, {
    place: { file: showPath(request, path), line: 1, column: 1 },
    hint: 'Restore the file, or take its entry out of the journal.',
  });
}
