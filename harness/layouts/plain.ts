/**
 * Numbered SQL files that a person runs by hand, in the order of their numbers, with `psql -f` or `sqlite3 <`.
 * `plain-names.ts` says which file is what.
 */
import { PalindromeError } from '../core/errors.ts';
import type { Layout, ReadRequest } from '../core/layout.ts';
import type { Migration, MigrationSet } from '../core/migration.ts';
import { declaredIn, finishSet, ignoredNote, wholeScript } from './build-set.ts';
import { golangMigrate } from './golang-migrate.ts';
import { groupBy } from './group-by.ts';
import type { NamedFile } from './plain-names.ts';
import { isDated, pairFiles, parsePlainName } from './plain-names.ts';
import { readSources, showPath } from './source-file.ts';
import { describeGaps, refuseDuplicates, versionKey } from './versions.ts';
import { PLAIN } from './tools.ts';

/** `psql -f` and the `sqlite3` shell send statement by statement; no ledger; SQLite's own default leaves foreign keys off. */
export const plain: Layout = {
  name: 'plain',
  detect(files, peek) {
    const numbered = files.flatMap((file) => parsePlainName(file) ?? []);
    if (numbered.length === 0) return 0;
    const flyway = numbered.filter(({ file }) => /^[VUB][\d._]+__/.test(file));
    const own = (numbered.length - flyway.length) / numbered.length;
    return Math.max(0, 0.6 * own - (golangMigrate.detect(files, peek) * 0.6) / 0.9);
  },
  async read(request) {
    const numbered = request.files.flatMap((file) => parsePlainName(file) ?? []);
    const pairs = pairFiles(numbered, (file) => showPath(request, file));
    refuseDuplicates(
      pairs
        .filter(({ up }) => !isDated(up.version))
        .map(({ up }) => ({ version: up.version, file: showPath(request, up.file) })),
      'Nothing says which of them comes first.',
    );
    return assemble(request, numbered, pairs);
  },
};

async function assemble(
  request: ReadRequest,
  numbered: readonly NamedFile[],
  pairs: readonly { readonly up: NamedFile; readonly down: NamedFile | null }[],
): Promise<MigrationSet> {
  const files = pairs.flatMap(({ up, down }) => (down === null ? [up.file] : [up.file, down.file]));
  const sources = await readSources(request, files);
  const sourceOf = new Map(sources.map((source) => [source.path, source]));
  const sharedVersions = new Set(
    [...groupBy(pairs, ({ up }) => versionKey(up.version))].filter(([, group]) => group.length > 1).map(([key]) => key),
  );
  const migrations = pairs.map(({ up, down }): Migration => {
    const upSource = sourceOf.get(up.file);
    const downSource = (down && sourceOf.get(down.file)) ?? null;
    if (upSource === undefined)
      throw new PalindromeError('script-missing', `${showPath(request, up.file)} vanished while it was read.`);
    const name = up.file.replace(/\.sql$/i, '').replace(/\.up$/i, '');
    return {
      id: sharedVersions.has(versionKey(up.version)) ? name : up.version,
      name,
      up: wholeScript(upSource, 'autocommit'),
      down: downSource && wholeScript(downSource, 'autocommit'),
      declarations: declaredIn(upSource, downSource),
    };
  });
  const known = new Set(numbered.map(({ file }) => file));
  const ignored = request.files.filter((file) => /^[^/]*\.sql$/i.test(file) && !known.has(file));
  return finishSet(request, {
    layout: 'plain',
    migrations,
    keepsLedger: false,
    tool: PLAIN,
    sqliteForeignKeys: false,
    sources,
    notes: [describeGaps(pairs.map(({ up }) => up.version)), ignoredNote(ignored, 'no number in front')],
  });
}
