import { open, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import type { Report } from '../../harness/core/report.ts';
import schema from '../../reports/report.schema.json' with { type: 'json' };
import { BAD_SET, FAST, GOOD_SET, makeFolder, normalise, runCli, startCli } from './run-cli.ts';

const golden = (name: string) => path.join(import.meta.dirname, 'goldens', name);
const validate = new Ajv2020({ allErrors: true, strictTypes: false, strictRequired: false }).compile(schema);

async function readReport(folder: string, file = 'report.json'): Promise<Report> {
  const report = JSON.parse(await readFile(path.join(folder, file), 'utf8')) as Report;
  validate(report);
  expect(validate.errors).toBeNull();
  return report;
}

test('should exit with 0 where everything judged held', async () => {
  await using folder = await makeFolder(GOOD_SET);
  const { code, out, err } = await runCli(
    ['verify', 'migrations', ...FAST, '--report', 'json=report.json'],
    folder.path,
  );
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect((await readReport(folder.path)).run).toMatchObject({ exitCode: 0, seed: 7, stoppedBecause: 'finished' });
  await expect(normalise(out)).toMatchFileSnapshot(golden('verify-held.txt'));
});

test('should exit with 1 where a property was falsified, and store a counterexample that replays', async () => {
  await using folder = await makeFolder(BAD_SET);
  const { code, out, err } = await runCli(
    ['verify', 'migrations', ...FAST, '--report', 'json=report.json'],
    folder.path,
  );
  expect({ code, err }).toEqual({ code: 1, err: '' });
  expect(out).not.toContain('\u001B');
  await expect(normalise(out)).toMatchFileSnapshot(golden('verify-falsified.txt'));
  const report = await readReport(folder.path);
  const falsified = report.sets[0]!.migrations.flatMap((migration) =>
    migration.results.filter(({ verdict }) => verdict === 'falsified'),
  );
  expect(falsified.map(({ property, clause }) => `${property}/${clause}`)).toContain('rollback-restores/data');
  for (const { counterexample } of falsified) {
    await readFile(path.join(folder.path, counterexample!.file));
    await readFile(path.join(folder.path, counterexample!.repro));
  }
});

test('should give the same report for the same seed and the same store, durations aside', async () => {
  await using folder = await makeFolder(BAD_SET);
  const texts: string[] = [];
  for (const file of ['a.json', 'b.json']) {
    await rm(path.join(folder.path, '.palindrome'), { recursive: true, force: true });
    await runCli(['verify', 'migrations', ...FAST, '--report', `json=${file}`], folder.path);
    texts.push(
      (await readFile(path.join(folder.path, file), 'utf8')).replaceAll(/"durationMs": \d+/gu, '"durationMs": 0'),
    );
  }
  expect(texts[0]).toBe(texts[1]);
});

test('should print the JSON report alone on standard output where it is asked for', async () => {
  await using folder = await makeFolder(GOOD_SET);
  const { code, out } = await runCli(['verify', 'migrations', ...FAST, '--report', 'json'], folder.path);
  expect(code).toBe(0);
  expect(validate(JSON.parse(out))).toBe(true);
});

test('should exit with 3 where no server can be reached, and say so in the report', async () => {
  await using folder = await makeFolder(GOOD_SET);
  const url = 'postgres://somebody:hunter2@127.0.0.1:1/postgres';
  const { code, out, err } = await runCli(
    [
      'verify',
      'migrations',
      '--dialect',
      'postgres',
      '--provider',
      'server',
      '--server-url',
      url,
      '--report',
      'json=report.json',
    ],
    folder.path,
  );
  expect(code).toBe(3);
  expect(err).toMatch(/^error: /u);
  expect(out + err).not.toContain('hunter2');
  expect((await readReport(folder.path)).run.exitCode).toBe(3);
});

test('should exit with 3 where standard output is full', async () => {
  await using folder = await makeFolder(GOOD_SET);
  const full = await open('/dev/full', 'w');
  const { finished } = startCli(['status', 'migrations', '--dialect', 'sqlite'], folder.path, {}, full.fd);
  const { code, err } = await finished;
  await full.close();
  expect(code).toBe(3);
  expect(err).toContain('Standard output could not be written: ENOSPC');
});

test('should exit with 3 where a report cannot be written, and leave what was there', async () => {
  await using folder = await makeFolder({ ...GOOD_SET, 'taken/file': 'old' });
  const { code, err } = await runCli(['verify', 'migrations', ...FAST, '--report', 'json=taken'], folder.path);
  expect(code).toBe(3);
  expect(err).toContain('The report could not be written to');
  expect(await readdir(path.join(folder.path, 'taken'))).toEqual(['file']);
});

test('should exit with 4 where nothing could be judged', async () => {
  await using folder = await makeFolder(GOOD_SET);
  const { code, out } = await runCli(
    ['verify', 'migrations', ...FAST, '--only', '0001_users', '--property', 'values-survive'],
    folder.path,
  );
  expect(code).toBe(4);
  expect(out).toContain('exit 4: nothing was falsified, but something was inconclusive or nothing ran');
});

test('should exit with 4 where something was inconclusive', async () => {
  await using folder = await makeFolder({
    ...GOOD_SET,
    'migrations/0003_locked.up.sql':
      "CREATE TABLE locked (id INTEGER PRIMARY KEY);\nCREATE TRIGGER no_rows BEFORE INSERT ON locked BEGIN SELECT RAISE(ABORT, 'no'); END;\n",
    'migrations/0003_locked.down.sql': 'DROP TABLE locked;\n',
    'migrations/0004_more.up.sql': 'ALTER TABLE locked ADD COLUMN more TEXT;\n',
    'migrations/0004_more.down.sql': 'ALTER TABLE locked DROP COLUMN more;\n',
  });
  const { code, out } = await runCli(['verify', 'migrations', ...FAST], folder.path);
  expect(out).toContain('inconclusive');
  expect(code).toBe(4);
});

test('should refuse --only that matches nothing rather than succeed without a case', async () => {
  await using folder = await makeFolder(GOOD_SET);
  const { code, err } = await runCli(['verify', 'migrations', ...FAST, '--only', '0002_emial_index'], folder.path);
  expect(code).toBe(2);
  expect(err).toContain('did you mean "0002_email_index"?');
});

test('should finish the case, report and exit with 130 at the first interrupt', async () => {
  await using folder = await makeFolder(GOOD_SET);
  const { child, finished } = startCli(
    ['verify', 'migrations', '--dialect', 'sqlite', '--cases', '100000', '--report', 'json=report.json'],
    folder.path,
  );
  child.stdout?.once('data', () => setTimeout(() => child.kill('SIGINT'), 300));
  const { code, err, out } = await finished;
  expect(code).toBe(130);
  expect(err).toContain('stopping');
  expect(out).toContain('exit 130: interrupted');
  const report = await readReport(folder.path);
  expect(report.run).toMatchObject({ exitCode: 130, stoppedBecause: 'interrupted' });
});

test('should end at once at the second interrupt', async () => {
  await using folder = await makeFolder(GOOD_SET);
  const { child, finished } = startCli(
    ['verify', 'migrations', '--dialect', 'sqlite', '--cases', '100000'],
    folder.path,
  );
  child.stdout?.once('data', () => {
    child.kill('SIGTERM');
    child.stderr?.once('data', () => child.kill('SIGINT'));
  });
  expect((await finished).code).toBe(130);
});

test('should go on to its verdict when the reader of its output leaves', async () => {
  await using folder = await makeFolder(BAD_SET);
  const { child, finished } = startCli(
    ['verify', 'migrations', ...FAST, '--report', 'terminal', '--report', 'json=report.json'],
    folder.path,
  );
  child.stdout?.once('data', () => child.stdout?.destroy());
  const { code, err } = await finished;
  expect({ code, err }).toEqual({ code: 1, err: '' });
  expect((await readReport(folder.path)).run.exitCode).toBe(1);
});

test('should leave open what calls a function that nobody gave, and judge it once it is given', async () => {
  await using folder = await makeFolder({
    'migrations/1_notes.sql': 'CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);',
    'migrations/1_notes_down.sql': 'UPDATE notes SET body = slugify(body); DROP TABLE notes;',
    'migrations/2_slugs.sql':
      'ALTER TABLE notes ADD COLUMN slug TEXT; UPDATE notes SET slug = slugify(body) WHERE body IS NOT NULL;',
    'migrations/2_slugs_down.sql': 'ALTER TABLE notes DROP COLUMN slug;',
    'given.config.mjs':
      "export default { migrations: 'migrations', sqlite: { functions: { slugify: (text) => String(text).trim() } } };",
  });
  const verdicts = async (config: readonly string[]) => {
    const flags = [...FAST, '--property', 'applies,rollback-restores', '--report', 'json=report.json', ...config];
    const { code } = await runCli(['verify', 'migrations', ...flags], folder.path);
    const { sets } = await readReport(folder.path);
    const results = sets[0]!.migrations.flatMap((migration) => migration.results);
    return [code, ...results.map(({ verdict, reason }) => [verdict, /sqlite\.functions/.test(reason)])];
  };
  const undecided = ['inconclusive', true];
  expect(await verdicts([])).toEqual([4, ['held', false], undecided, undecided, undecided]);
  const held = ['held', false];
  expect(await verdicts(['--config', 'given.config.mjs'])).toEqual([0, held, held, held, held]);
});

test('should give up a search whose scripts do not end, and say so', async () => {
  await using folder = await makeFolder({
    'migrations/1_orders.sql': 'CREATE TABLE orders (id INTEGER PRIMARY KEY, pieces INTEGER NOT NULL);',
    'migrations/2_pieces.sql': `CREATE TABLE pieces (n INTEGER);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < (SELECT max(pieces) FROM orders))
      INSERT INTO pieces SELECT i FROM n;`,
  });
  const flags = ['--property', 'applies,has-effect', '--only', '2*', '--statement-timeout', '300ms'];
  await runCli(
    [
      'verify',
      'migrations',
      '--dialect',
      'sqlite',
      '--seed',
      '7',
      '--cases',
      '200',
      ...flags,
      '--report',
      'json=report.json',
    ],
    folder.path,
  );
  const { sets } = await readReport(folder.path);
  const results = sets[0]!.migrations[0]!.results;
  expect(results.map(({ property, verdict, clause }) => [property, verdict, clause])).toEqual([
    ['applies', 'falsified', 'rejects'],
    ['applies', 'falsified', 'atomic'],
    ['has-effect', 'inconclusive', null],
  ]);
  expect(results[0]!.reason).toContain('did not finish within 300 ms');
  expect(results[0]!.cases).toBeLessThan(200);
  expect(results[2]!.reason).toContain('ran into its time limit in 2 cases');
});

test('should refuse an up that does not parse, and falsify a down that does not', async () => {
  const broken = 'CREATE INDEX users_nick ON users (nick);\nDORP INDEX users_email;';
  await using bad = await makeFolder({ ...GOOD_SET, 'migrations/0002_email_index.up.sql': broken });
  const refused = await runCli(['verify', 'migrations', ...FAST], bad.path);
  expect(refused.code).toBe(2);
  expect(refused.err).toContain('migrations/0002_email_index.up.sql:2:1');
  await using folder = await makeFolder({ ...GOOD_SET, 'migrations/0002_email_index.down.sql': broken });
  const { code } = await runCli(['verify', 'migrations', ...FAST, '--report', 'json=report.json'], folder.path);
  expect(code).toBe(1);
  const [first, second] = (await readReport(folder.path)).sets[0]!.migrations;
  expect(new Set(first!.results.map(({ verdict }) => verdict))).toEqual(new Set(['held', 'inapplicable']));
  const [failure] = second!.results.filter(({ property }) => property === 'rollback-restores');
  expect(failure).toMatchObject({ verdict: 'falsified', clause: 'down-fails' });
  expect(failure!.counterexample!.finding).toMatchObject({ at: { line: 2, column: 1 }, fault: { class: 'syntax' } });
});
