/**
 * Prisma Migrate: a folder a migration, `<timestamp>_name/migration.sql`, beside `migration_lock.toml`.
 * Sources: prisma 7 `packages/migrate/src/utils/listMigrations.ts`; prisma-engines `sql-schema-connector/src/flavour`.
 */
import type { Layout, ReadRequest } from '../core/layout.ts';
import type { Migration } from '../core/migration.ts';
import { PalindromeError } from '../core/errors.ts';
import { declaredIn, finishSet, wholeScript } from './build-set.ts';
import { filesByFolder, prefixIds } from './folders.ts';
import { readSources, showPath } from './source-file.ts';
import { compareTitles } from './titles.ts';
import { PRISMA } from './tools.ts';

/** Order: folder names by `localeCompare`. The engine's own SQLite build has foreign keys on. Prisma runs no downs; see `down.sql` below. */
export const prisma: Layout = {
  name: 'prisma',
  detect(files) {
    const folders = [...filesByFolder(files).values()];
    const own = folders.filter((names) => names.includes('migration.sql') && !names.includes('snapshot.json'));
    if (own.length === 0) return 0;
    return files.includes('migration_lock.toml') ? 1 : (0.85 * own.length) / folders.length;
  },
  async read(request) {
    const folders = [...filesByFolder(request.files)].toSorted(([a], [b]) => compareTitles(a, b));
    for (const [folder, files] of folders) if (!files.includes('migration.sql')) throw withoutScript(request, folder);
    const withDown = folders.filter(([, files]) => files.includes('down.sql')).map(([folder]) => folder);
    const ups = await readSources(
      request,
      folders.map(([folder]) => `${folder}/migration.sql`),
    );
    const downs = new Map(
      (
        await readSources(
          request,
          withDown.map((folder) => `${folder}/down.sql`),
        )
      ).map((source) => [source.path, source]),
    );
    const mode = request.dialect === 'postgres' ? 'implicit' : 'autocommit';
    const idOf = prefixIds(folders.map(([folder]) => folder));
    const migrations = ups.map((up): Migration => {
      const folder = up.path.slice(0, up.path.indexOf('/'));
      const down = downs.get(`${folder}/down.sql`) ?? null;
      return {
        id: idOf(folder),
        name: folder,
        up: wholeScript(up, mode),
        down: down && wholeScript(down, mode),
        declarations: declaredIn(up, down),
      };
    });
    return finishSet(request, {
      layout: 'prisma',
      migrations,
      keepsLedger: true,
      tool: PRISMA,
      sqliteForeignKeys: true,
      sources: [...ups, ...downs.values()],
      notes: [
        withDown.length === 0
          ? null
          : `Prisma itself runs no downs; down.sql is taken as what \`prisma db execute\` would run (${withDown.length} of ${ups.length} migrations have one).`,
      ],
    });
  },
};

function withoutScript(request: ReadRequest, folder: string): PalindromeError {
  return new PalindromeError(
    'script-missing',
    `${showPath(request, folder)} holds no migration.sql: Prisma refuses to deploy such a folder.`,
    {
      place: { file: `${showPath(request, folder)}/migration.sql`, line: 1, column: 1 },
      hint: 'Restore the file, or remove the folder.',
    },
  );
}
