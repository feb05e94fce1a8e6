import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findConfig } from '../../config/find-config.ts';
import { guessPagers } from '../../config/guess-pagers.ts';
import type { GuessedPager } from '../../config/guess-pagers.ts';
import { quote, renderPager } from '../../config/propose-pagers.ts';
import { showPathFrom } from '../../config/settings.ts';
import { messageOf, PalindromeError } from '../../core/errors.ts';
import type { MigrationSet } from '../../core/migration.ts';
import { count } from '../../core/text.ts';
import { readSet } from '../../layouts/read-set.ts';
import { hang } from '../../../reports/fit.ts';
import { sanitize } from '../../../reports/sanitize.ts';
import { readFlags } from '../flags.ts';
import type { RawFlags } from '../flags.ts';
import { findMigrationFolder } from '../find-migrations.ts';
import { styleFor } from '../io.ts';
import { loadDialect } from '../load-dialect.ts';
import type { Io } from '../io.ts';

const NAME = 'palindrome.config.ts';

/** `palindrome init`: writes a configuration where the command runs. Throws `config-exists` rather than overwrite one. */
export async function runInit(given: string | undefined, raw: RawFlags, io: Io): Promise<number> {
  const { dialect = null, layout = null, color = null } = readFlags(raw);
  const style = styleFor(io, color);
  await refuseToOverwrite(io.cwd);
  const folder = path.resolve(io.cwd, given ?? (await findMigrationFolder(io.cwd)));
  const set = await readSet({ folder, shownAs: showPathFrom(io.cwd, folder), layout, dialect, environment: io.env });
  const pagers = await guessPagers(set, await loadDialect(set.dialect));
  await writeNew(path.join(io.cwd, NAME), renderConfig(set, pagers));
  const downs = set.migrations.filter(({ down }) => down !== null).length;
  io.out(
    [
      `${sanitize(set.path)}: ${set.layout} layout, ${set.dialect}, ${count(set.migrations.length, 'migration')}, ${downs} with a down`,
      ...set.notes.flatMap((note) => hang(`  ${style.glyphs.bullet} `, sanitize(note), style.width)),
      `${style.paint.green(style.glyphs.held)} wrote ${NAME}`,
      '',
      `Next: ${style.paint.cyan('palindrome verify')}`,
      '',
    ].join('\n'),
  );
  return 0;
}

async function refuseToOverwrite(folder: string): Promise<void> {
  const existing = await findConfig(folder, folder);
  if (existing === null) return;
  const name = path.basename(existing);
  throw new PalindromeError('config-exists', `There is a ${name} here already; it was left as it is.`, {
    hint: 'Edit it, or remove it to start afresh.',
  });
}

/** Created only where there is none, whatever else happens meanwhile. */
async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (cause) {
    throw new PalindromeError('config-not-written', `${NAME} could not be written: ${messageOf(cause)}`, {
      kind: 'environment',
      cause,
    });
  }
}

function renderConfig(set: MigrationSet, pagers: readonly GuessedPager[]): string {
  const last = set.migrations.at(-1);
  const name = quote(last?.name ?? '0001_example');
  const isPostgres = set.dialect === 'postgres';
  const where = isPostgres
    ? `
  // Major versions; the set is verified once on each.
  // postgres: ['15', '17'],

  // auto takes a container where an engine answers, else PostgreSQL's own binaries from npm.
  // provider: 'auto',
  // image: 'postgres:17-alpine',
`
    : `
  // Whether scripts run with foreign keys on, and the SQL functions that your application registers.
  // sqlite: { foreignKeys: ${set.sqliteForeignKeys}, functions: { slugify: (text) => String(text).toLowerCase() } },
`;
  return `import { defineConfig } from 'palindrome';

// Every key is optional, and every flag of \`palindrome verify\` has a key here; a flag wins.
export default defineConfig({
  migrations: ${quote(set.path)},
  dialect: '${set.dialect}',
  layout: '${set.layout}',
${where}
  // Cases for each migration. A fixed seed makes every run the same.
  cases: 100,
  // seed: 42,

  // Laws of your own: SQL that returns the rows that break them.
  invariants: [
    // { id: 'no-negative-balance', from: ${quote(last?.id ?? '0001')}, sql: 'SELECT id FROM accounts WHERE balance < 0' },
  ],

  // How your application turns pages, judged while other sessions write.${pagers.length === 0 ? '' : ' Guessed from indexes: uncomment what is so, and give your own SQL.'}
  pagers: [
${renderPagers(pagers)}
  ],

  // What you know about a migration and the harness should: losses that are meant, downs that must refuse, rows for which
  // an up may refuse. The same can stand in the script itself, as "-- palindrome: …" comments.
  declare: {
    // ${name}: { lossy: [{ column: 'users.legacy_id', where: 'true', reason: 'nobody reads it any more' }] },
  },

  // Values of a column, as a fast-check arbitrary: import fc from 'fast-check'.
  generators: {
    // 'orders.status': fc.constantFrom('OPEN', 'CLOSED'),
  },

  // What is not judged, and why.
  ignore: [
    // { migrations: '0001_*', property: 'rollback-restores', reason: 'the first migration is never rolled back' },
  ],
});
`;
}

function renderPagers(pagers: readonly GuessedPager[]): string {
  const example = "{ id: 'orders', table: 'orders', key: 'created_at desc, id desc', index: 'orders_cursor_idx' }";
  const entries = pagers.length === 0 ? [example] : pagers.map(renderPager);
  return entries.map((entry) => `    // ${entry},`).join('\n');
}
