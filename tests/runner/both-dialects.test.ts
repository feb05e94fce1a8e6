import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { down, status, up } from '../../harness/cli/library.ts';
import { sha256 } from '../../harness/core/hash.ts';
import { makeBench, refusal, SET, useServer } from './support.ts';
import type { Bench } from './support.ts';

useServer();

const on = ({ database, cwd }: Bench) => ({ database, cwd, path: 'm', dialect: undefined, layout: undefined });
const names = (report: { readonly steps: readonly { readonly migration: { readonly name: string } }[] }) =>
  report.steps.map(({ migration }) => migration.name);
const LEDGER = 'SELECT version, state, position, up_sha256 FROM palindrome_ledger ORDER BY position';
const NOTES = 'SELECT version, notes FROM palindrome_ledger ORDER BY position';

/** The names of tables that are no ledger. */
async function tables(bench: Bench): Promise<readonly string[]> {
  const query =
    bench.dialect === 'sqlite'
      ? `SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'palindrome%' ORDER BY name`
      : `SELECT relname FROM pg_class WHERE relkind IN ('r', 'v') AND relnamespace = 'public'::regnamespace AND relname NOT LIKE 'palindrome%' ORDER BY relname`;
  return (await bench.rows(query)).map(([name = '']) => name);
}

describe.each(['sqlite', 'postgres'] as const)('the runner on %s', (dialect) => {
  it('should run what is pending in order, once, and record it with its checksum', async () => {
    await using bench = await makeBench(dialect);
    const first = await up({ ...on(bench), to: '2' });
    expect({ ended: first.ended, names: names(first) }).toEqual({ ended: 'done', names: ['1_users', '2_email'] });
    expect(names(await up(on(bench)))).toEqual(['3_lots']);
    expect(names(await up(on(bench)))).toEqual([]);
    expect(await bench.rows(LEDGER)).toEqual([
      ['1', 'applied', '1', sha256(SET['1_users.up.sql'])],
      ['2', 'applied', '2', sha256(SET['2_email.up.sql'])],
      ['3', 'applied', '3', sha256(SET['3_lots.up.sql'])],
    ]);
    expect(await tables(bench)).toEqual(['lots', 'owned', 'users']);
  });

  it('should change nothing at all in a dry run, neither before there is a ledger nor after', async () => {
    await using bench = await makeBench(dialect);
    const empty = await bench.imprint();
    expect(names(await up({ ...on(bench), dryRun: true }))).toEqual(['1_users', '2_email', '3_lots']);
    expect(await bench.imprint()).toBe(empty);
    await up({ ...on(bench), to: '2' });
    await bench.sql(`INSERT INTO users VALUES (1, 'a')`);
    const half = await bench.imprint();
    expect(half).not.toBe(empty);
    expect(names(await up({ ...on(bench), dryRun: true }))).toEqual(['3_lots']);
    expect(names(await down({ ...on(bench), dryRun: true, steps: 2 }))).toEqual(['2_email', '1_users']);
    await up({ ...on(bench), dryRun: true, markPending: ['2'] });
    await status(on(bench));
    expect(await bench.imprint()).toBe(half);
  });

  it('should go back by down scripts, last first, and forward again', async () => {
    await using bench = await makeBench(dialect);
    await up({ ...on(bench), to: '2' });
    expect(names(await down({ ...on(bench), steps: 2 }))).toEqual(['2_email', '1_users']);
    expect(await bench.rows(LEDGER)).toEqual([]);
    expect(await tables(bench)).toEqual([]);
    await up({ ...on(bench), to: '2' });
    expect(names(await down({ ...on(bench), to: '1' }))).toEqual(['2_email']);
    expect((await refusal(down({ ...on(bench), to: '2' }))).code).toBe('migration-unknown');
  });

  it('should refuse a file that changed after it ran, with both sums and the file, until that is accepted', async () => {
    await using bench = await makeBench(dialect);
    await up({ ...on(bench), to: '1' });
    await bench.write({ '1_users.up.sql': '-- another text\n' });
    const before = await bench.imprint();
    const { code, message } = await refusal(up(on(bench)));
    expect(code).toBe('migration-changed');
    expect(message).toContain('m/1_users.up.sql');
    expect(message).toContain(sha256(SET['1_users.up.sql']));
    expect(message).toContain(sha256('-- another text\n'));
    expect(await bench.imprint()).toBe(before);
    expect((await refusal(up({ ...on(bench), acceptChanged: ['2'] }))).code).toBe('decision-unknown');
    expect(names(await up({ ...on(bench), acceptChanged: ['1'], backup: false }))).toEqual(['2_email', '3_lots']);
    const [[, notes = ''] = []] = await bench.rows(NOTES);
    expect(notes).toContain(`up was ${sha256(SET['1_users.up.sql'])}`);
  });

  it('should count a changed down only where it is about to run', async () => {
    await using bench = await makeBench(dialect);
    await up({ ...on(bench), to: '2', backup: false });
    await bench.write({ '2_email.down.sql': 'DROP INDEX IF EXISTS users_email;\n' });
    expect(names(await up({ ...on(bench), dryRun: true }))).toEqual(['3_lots']);
    const { code, message } = await refusal(down(on(bench)));
    expect(code).toBe('migration-changed');
    expect(message).toContain('m/2_email.down.sql');
    expect(names(await down({ ...on(bench), acceptChanged: ['2'], backup: false }))).toEqual(['2_email']);
  });

  it('should refuse a ledger that names a migration without a file, until that is accepted', async () => {
    await using bench = await makeBench(dialect);
    await up({ ...on(bench), backup: false });
    await using other = await makeBench('sqlite', {
      '1_users.up.sql': SET['1_users.up.sql'],
      '2_email.up.sql': SET['2_email.up.sql'],
    });
    const elsewhere = {
      ...on(bench),
      cwd: other.cwd,
      database:
        path.isAbsolute(bench.database) || dialect === 'postgres'
          ? bench.database
          : path.join(bench.cwd, bench.database),
    };
    const { code, message } = await refusal(up(elsewhere));
    expect(code).toBe('migration-missing');
    expect(message).toContain('3_lots');
    expect(message).toContain(sha256(SET['3_lots.up.sql']));
    await up({ ...elsewhere, acceptMissing: ['3'], backup: false });
    expect((await up(elsewhere)).ended).toBe('done');
    expect((await bench.rows(LEDGER)).at(-1)?.[1]).toBe('retired');
    expect((await refusal(down(elsewhere))).code).toBe('down-missing');
  });

  it('should name pending migrations before one that ran, and run them only where that is accepted', async () => {
    await using bench = await makeBench(dialect, { '2_b.up.sql': 'CREATE TABLE b (id integer);\n' });
    await up({ ...on(bench), backup: false });
    await bench.write({
      '1_a.up.sql': 'CREATE TABLE a (id integer);\n',
      '3_c.up.sql': 'CREATE TABLE c (id integer);\n',
    });
    const { code, message } = await refusal(up(on(bench)));
    expect({ code, names: [message.includes('1_a'), message.includes('3_c')] }).toEqual({
      code: 'migration-out-of-order',
      names: [true, false],
    });
    expect(names(await up({ ...on(bench), acceptOutOfOrder: ['1'], backup: false }))).toEqual(['1_a', '3_c']);
    expect((await bench.rows(NOTES))[1]?.[1]).toContain('accepted to run out of order');
    expect(names(await down({ ...on(bench), dryRun: true, steps: 2, inferDrop: true }))).toEqual(['3_c', '1_a']);
  });

  it('should fail the step, and blame no statement of it, where a script drops the ledger', async () => {
    await using bench = await makeBench(dialect, {
      '1_a.up.sql': 'CREATE TABLE a (id integer);\n',
      '2_b.up.sql': 'CREATE TABLE b (id integer);\nDROP TABLE IF EXISTS palindrome_ledger;\n',
    });
    const report = await up(on(bench));
    expect({ ended: report.ended, done: report.done, left: report.failure?.left }).toEqual({
      ended: 'failed',
      done: 1,
      left: 'nothing',
    });
    expect(report.failure?.outcome).toMatchObject({ status: 'failed', at: null });
    expect(await tables(bench)).toEqual(['a']);
    expect((await bench.rows(LEDGER)).map(([version]) => version)).toEqual(['1']);
  });

  it('should leave nothing of a script that fails in one transaction', async () => {
    await using bench = await makeBench(dialect, {
      '1_a.up.sql': 'CREATE TABLE a (id integer);\n',
      '2_b.up.sql': 'CREATE TABLE b (id integer);\nINSERT INTO nowhere VALUES (1);\n',
    });
    const report = await up(on(bench));
    expect({ ended: report.ended, done: report.done, left: report.failure?.left }).toEqual({
      ended: 'failed',
      done: 1,
      left: 'nothing',
    });
    expect(report.failure?.outcome).toMatchObject({ status: 'failed', at: { number: 2, line: 2 } });
    expect(await tables(bench)).toEqual(['a']);
    expect((await bench.rows(LEDGER)).map(([version]) => version)).toEqual(['1']);
  });

  it('should know half a migration, refuse to go on, and go on once a person said what became of it', async () => {
    await using bench = await makeBench(dialect, {
      '0001_a.sql': 'CREATE TABLE a (id integer);\n',
      '0002_b.sql': 'CREATE TABLE b (id integer);\nINSERT INTO nowhere VALUES (1);\nCREATE TABLE c (id integer);\n',
    });
    const report = await up({ ...on(bench), backup: false });
    expect({ ended: report.ended, left: report.failure?.left }).toEqual({ ended: 'failed', left: 'half' });
    for (const verb of [up, down]) {
      const { code, message, hint } = await refusal(verb(on(bench)));
      expect(code).toBe('migration-half');
      expect(message).toContain('0002_b');
      expect(message).toContain('statement 2 of 3');
      expect(hint).toContain('--mark-pending 0002');
    }
    expect((await status(on(bench))).standing.entries.map(({ state }) => state)).toEqual(['applied', 'half']);
    await bench.sql('DROP TABLE b');
    await bench.write({ '0002_b.sql': 'CREATE TABLE b (id integer);\n' });
    expect((await up({ ...on(bench), markPending: ['0002'], backup: false })).ended).toBe('done');
    expect(await tables(bench)).toEqual(['a', 'b']);
  });

  it('should not call it half a migration where the script itself rolled back', async () => {
    await using bench = await makeBench(dialect, {
      '0001_a.sql': 'BEGIN;\nCREATE TABLE a (id integer);\nINSERT INTO nowhere VALUES (1);\nCOMMIT;\n',
    });
    const report = await up({ ...on(bench), backup: false });
    expect({ ended: report.ended, left: report.failure?.left }).toEqual({ ended: 'failed', left: 'nothing' });
    expect(await bench.rows(LEDGER)).toEqual([]);
    expect(await tables(bench)).toEqual([]);
  });

  it('should take a database over that has the migrations already', async () => {
    await using bench = await makeBench(dialect);
    await bench.sql(SET['1_users.up.sql']);
    expect(names(await up({ ...on(bench), markApplied: ['1'], backup: false }))).toEqual(['2_email', '3_lots']);
    expect((await bench.rows(NOTES))[0]?.[1]).toContain('marked as applied by hand');
  });

  it('should tell a script that does not parse before anything runs', async () => {
    await using bench = await makeBench(dialect, {
      '1_a.up.sql': 'CREATE TABLE a (id integer);\n',
      '2_b.up.sql': `SELECT 'never ends;\n`,
    });
    const before = await bench.imprint();
    expect((await refusal(up(on(bench)))).code).toBe('sql-syntax');
    expect(await bench.imprint()).toBe(before);
  });
});

describe.each(['sqlite', 'postgres'] as const)('an inferred drop on %s', (dialect) => {
  it('should drop exactly what the migration created, dependents first', async () => {
    await using bench = await makeBench(dialect);
    await up({ ...on(bench), backup: false });
    expect((await refusal(down(on(bench)))).code).toBe('down-missing');
    const report = await down({ ...on(bench), inferDrop: true, backup: false });
    expect({ ended: report.ended, by: report.steps[0]?.by }).toEqual({ ended: 'done', by: 'inferred' });
    expect(await tables(bench)).toEqual(['users']);
    expect((await bench.rows(LEDGER)).map(([version]) => version)).toEqual(['1', '2']);
    expect(names(await up({ ...on(bench), backup: false }))).toEqual(['3_lots']);
  });

  it('should refuse to drop rows unless told to', async () => {
    await using bench = await makeBench(dialect);
    await up({ ...on(bench), backup: false });
    await bench.sql(`INSERT INTO users VALUES (1, 'a'); INSERT INTO lots VALUES (1, 1), (2, 1)`);
    const { code, message } = await refusal(down({ ...on(bench), inferDrop: true, backup: false }));
    expect(code).toBe('drop-holds-rows');
    expect(message).toMatch(/lots holds 2 rows/);
    expect(await bench.rows('SELECT count(*) FROM lots')).toEqual([['2']]);
    await down({ ...on(bench), inferDrop: true, evenWithRows: true, backup: false });
    expect(await tables(bench)).toEqual(['users']);
  });

  it.each([
    [
      'it altered a table that was there',
      'ALTER TABLE old ADD COLUMN extra text;\nCREATE TABLE fresh (id integer);\n',
      'extra',
    ],
    [
      'it changed rows that were there',
      'CREATE TABLE fresh (id integer);\nUPDATE old SET id = id + 1;\n',
      'it wrote into old',
    ],
    ['it dropped something', 'CREATE TABLE fresh (id integer);\nDROP INDEX old_id;\n', 'it dropped the index'],
    ['it created nothing', 'CREATE TABLE IF NOT EXISTS old (id integer);\n', 'it created nothing'],
  ])('should refuse where %s, and leave everything', async (_why, script, expected) => {
    await using bench = await makeBench(dialect, {
      '1_old.up.sql': 'CREATE TABLE old (id integer);\nCREATE INDEX old_id ON old (id);\n',
      '2_new.up.sql': script,
    });
    await up({ ...on(bench), backup: false });
    const before = await tables(bench);
    const { code, message } = await refusal(down({ ...on(bench), inferDrop: true, backup: false }));
    expect(code).toBe('infer-refused');
    expect(message).toContain(expected);
    expect(await tables(bench)).toEqual(before);
  });

  it('should never drop a table that it did not create, nor one that somebody put in its place', async () => {
    await using bench = await makeBench(dialect, {
      '1_old.up.sql': 'CREATE TABLE old (id integer);\n',
      '2_new.up.sql': 'CREATE TABLE IF NOT EXISTS old (id integer);\nCREATE TABLE fresh (id integer);\n',
    });
    await up({ ...on(bench), backup: false });
    await bench.sql('DROP TABLE fresh; CREATE TABLE fresh (id integer, own text)');
    expect((await refusal(down({ ...on(bench), inferDrop: true, backup: false }))).code).toBe('infer-refused');
    expect(await tables(bench)).toEqual(['fresh', 'old']);
    await bench.sql('DROP TABLE fresh; CREATE TABLE fresh (id integer)');
    await down({ ...on(bench), inferDrop: true, backup: false });
    expect(await tables(bench)).toEqual(['old']);
  });

  it('should refuse where something else depends on what it created', async () => {
    await using bench = await makeBench(dialect);
    await up({ ...on(bench), backup: false });
    await bench.sql(
      `INSERT INTO users VALUES (1, 'a'); INSERT INTO lots VALUES (1, 1); CREATE TABLE mine (lot integer REFERENCES lots (id)); INSERT INTO mine VALUES (1)`,
    );
    const { code } = await refusal(down({ ...on(bench), inferDrop: true, evenWithRows: true, backup: false }));
    expect(code).toBe('infer-refused');
    expect(await tables(bench)).toEqual(['lots', 'mine', 'owned', 'users']);
  });
});
