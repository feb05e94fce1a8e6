/** Waivers and the baseline through the command line: what fails a build, what does not, and what every report says of it. */
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import type { Report } from '../../harness/core/report.ts';
import schema from '../../reports/report.schema.json' with { type: 'json' };
import { BAD_SET, GOOD_SET, makeFolder, normalise, runCli, writeFiles } from './run-cli.ts';

/** Few cases: every test here runs the whole verb several times. */
const FAST = ['--dialect', 'sqlite', '--cases', '4', '--seed', '7'];
const golden = (name: string) => path.join(import.meta.dirname, 'goldens', name);
const validate = new Ajv2020({ allErrors: true, strictTypes: false, strictRequired: false }).compile(schema);
const VERIFY = ['verify', 'migrations', ...FAST, '--report', 'terminal', '--report', 'json=report.json'];
const BASELINE = ['baseline', 'migrations', ...FAST];
const FILE = 'palindrome.baseline.json';
/** A down that brings the column back, and leaves an index behind. */
const NEW_FAILURE = 'ALTER TABLE users ADD COLUMN nick TEXT;\nCREATE INDEX users_nick ON users (email);\n';
/** What the set needs to lose the column and say so. */
const DECLARED = '-- palindrome: lossy users.nick because nobody uses it\nALTER TABLE users ADD COLUMN nick TEXT;\n';

async function readReport(folder: string): Promise<Report> {
  const report = JSON.parse(await readFile(path.join(folder, 'report.json'), 'utf8')) as Report;
  validate(report);
  expect(validate.errors).toBeNull();
  return report;
}

const waiver = (over: object) => ({
  migration: '0003',
  property: 'rollback-restores',
  clause: 'data',
  object: 'users.nick',
  reason: 'restored by hand from the archive',
  expires: '2099-12-31',
  ...over,
});
const config = (...waivers: readonly object[]) =>
  JSON.stringify({ migrations: 'migrations', dialect: 'sqlite', cases: 4, seed: 7, waivers });

/** Days and versions, the same in every run. */
const timeless = (text: string) =>
  text
    .replaceAll(/"recorded": "\d{4}-\d{2}-\d{2}"/gu, '"recorded": "DAY"')
    .replaceAll(/"counterexample": "[0-9a-z]{10}"/gu, '"counterexample": "ID"')
    .replaceAll(/"tool": "[^"]+"/gu, '"tool": "VERSION"');

test('should not fail for what a waiver covers, and show it with reason, day and owner', async () => {
  const waivers = [
    waiver({ owner: 'the accounts team' }),
    waiver({ property: 'chain-unwinds', clause: undefined, object: undefined }),
    waiver({ migration: '0002', property: 'applies', clause: undefined, object: undefined }),
  ];
  await using folder = await makeFolder({ ...BAD_SET, 'palindrome.config.json': config(...waivers) });
  const { code, out } = await runCli(['verify', '--report', 'terminal', '--report', 'json=report.json'], folder.path);
  expect(code).toBe(0);
  await expect(normalise(out)).toMatchFileSnapshot(golden('verify-waived.txt'));
  const { sets, run } = await readReport(folder.path);
  expect(run.exitCode).toBe(0);
  expect(sets[0]!.waivers.map(({ status }) => status)).toEqual(['stale', 'used', 'used']);
  const accepted = sets[0]!.migrations[2]!.results.filter(({ verdict }) => verdict === 'falsified');
  expect(accepted.map(({ accepted: why }) => why)).toMatchObject([
    { by: 'waiver', expires: '2099-12-31', owner: 'the accounts team', from: 'palindrome.config.json: waivers[0]' },
    { by: 'waiver', owner: null },
  ]);
});

test('should fail for an expired waiver as if it were not there, and say when it ended and who renews it', async () => {
  const waivers = [
    waiver({ expires: '2020-02-29', owner: 'the accounts team' }),
    waiver({ property: 'chain-unwinds', expires: '2020-01-01' }),
  ];
  await using folder = await makeFolder({ ...BAD_SET, 'palindrome.config.json': config(...waivers) });
  const { code, out } = await runCli(['verify', '--report', 'terminal', '--report', 'json=report.json'], folder.path);
  expect(code).toBe(1);
  const told = out.replaceAll(/\s+/gu, ' ');
  expect(told).toContain(
    'its waiver (restored by hand from the archive) expired on 2020-02-29; the accounts team can renew it in palindrome.config.json: waivers[0]',
  );
  expect(told).toContain('expired on 2020-01-01; whoever answers for that file can renew it');
  const { sets } = await readReport(folder.path);
  expect(sets[0]!.waivers.map(({ status }) => status)).toEqual(['expired', 'expired']);
  const bare = await runCli(VERIFY, folder.path);
  expect(bare.code).toBe(1);
});

test('should fail for what a waiver does not name, beside what it names', async () => {
  const waivers = [waiver({}), waiver({ property: 'chain-unwinds', clause: 'data', object: undefined })];
  await using folder = await makeFolder({
    ...BAD_SET,
    'migrations/0003_drop_nick.down.sql': NEW_FAILURE,
    'palindrome.config.json': config(...waivers),
  });
  const { code } = await runCli(['verify', '--report', 'json=report.json'], folder.path);
  expect(code).toBe(1);
  const { results } = (await readReport(folder.path)).sets[0]!.migrations[2]!;
  const failures = results.filter(({ verdict }) => verdict === 'falsified');
  expect(
    failures.map(({ property, clause, objects, accepted }) => [property, clause, objects, accepted?.by ?? null]),
  ).toEqual([
    ['rollback-restores', 'schema', ['index users_nick'], null],
    ['rollback-restores', 'data', ['users.nick'], 'waiver'],
    ['reapply-converges', 'schema', ['index users_nick'], null],
    ['chain-unwinds', 'schema', ['index users_nick'], null],
    ['chain-unwinds', 'data', ['users.nick'], 'waiver'],
  ]);
});

test('should take a waiver from a directive, and point at one that is wrong', async () => {
  const up = (directive: string) => `-- palindrome: ${directive}\nALTER TABLE users DROP COLUMN nick;\n`;
  const text = 'migrations/0003_drop_nick.up.sql';
  await using folder = await makeFolder({
    ...BAD_SET,
    [text]: up(`waive rollback-restores/data on users.nick until 2099-12-31 because it is archived
-- palindrome: waive chain-unwinds until 2099-12-31
--   because it is archived`),
  });
  expect((await runCli(VERIFY, folder.path)).code).toBe(0);
  expect((await readReport(folder.path)).sets[0]!.waivers.map(({ from }) => from)).toEqual([`${text}:1`, `${text}:2`]);
  const wrong = async (directive: string) => {
    await writeFiles(folder.path, { [text]: up(directive) });
    const { code, err } = await runCli(VERIFY, folder.path);
    return [code, err.split('\n')[0]];
  };
  expect(await wrong('waive applies until 2099-02-30 because x')).toEqual([
    2,
    'error: The directive `waive` needs a day as YYYY-MM-DD that the calendar has here.',
  ]);
  expect(await wrong('waive applies until 2099-02-28')).toEqual([
    2,
    'error: The directive `waive` needs `because` and a reason here.',
  ]);
  expect(await wrong('waive applies because x')).toEqual([
    2,
    'error: The directive `waive` needs `until` and a day as YYYY-MM-DD here.',
  ]);
  expect((await wrong('waive rollback until 2099-02-28 because x'))[1]).toContain('needs the id of a property');
});

test('should refuse a waiver without a reason, a real day or a known migration', async () => {
  const waivers = [waiver({ expires: '2099-02-30' }), waiver({ reason: ' ' }), waiver({ expires: undefined })];
  await using folder = await makeFolder({ ...BAD_SET, 'palindrome.config.json': config(...waivers) });
  const { code, err } = await runCli(['verify'], folder.path);
  expect(code).toBe(2);
  expect(err).toContain('waivers[0].expires: must be a day as YYYY-MM-DD that the calendar has');
  expect(err).toContain('waivers[1].reason: must not be blank');
  expect(err).toContain('waivers[2].expires: is missing');
  await writeFiles(folder.path, { 'palindrome.config.json': config(waiver({ migration: '0004_drop_nick' })) });
  expect((await runCli(['verify'], folder.path)).err).toContain(
    'waivers[0].migration: no migration is called "0004_drop_nick"; did you mean "0003_drop_nick"?',
  );
});

test('should record the failures of today, fail for new ones alone, and let go of what is fixed', async () => {
  await using folder = await makeFolder(BAD_SET);
  const read = () => readFile(path.join(folder.path, FILE), 'utf8');
  const recorded = await runCli(BASELINE, folder.path);
  expect(recorded.code).toBe(0);
  const first = await read();
  expect(recorded.out).toMatchInlineSnapshot(`
    "palindrome.baseline.json: 2 known failures
    2 new
      + 0003_drop_nick rollback-restores/data on users.nick: after up and down, users.nick is NULL,
        expected ''
      + 0003_drop_nick chain-unwinds/data on users.nick: after all ups and all downs, users.nick is
        NULL, expected ''; the first step that is not undone is 0003_drop_nick
    "
  `);
  await expect(timeless(first)).toMatchFileSnapshot(golden('baseline.json'));

  const known = await runCli(VERIFY, folder.path);
  expect(known.code).toBe(0);
  expect(known.out).not.toContain('── 1 of');
  expect(known.out).toContain(`${FILE}: 2 of 2 known failures of migrations are still there`);
  const { sets } = await readReport(folder.path);
  expect(sets[0]!.baseline).toEqual({ file: FILE, known: 2, fixed: [], open: 0 });

  await writeFiles(folder.path, { 'migrations/0003_drop_nick.down.sql': NEW_FAILURE });
  expect((await runCli(VERIFY, folder.path)).code).toBe(1);
  const update = await runCli([...BASELINE, '--update'], folder.path);
  expect(update.code).toBe(1);
  expect(update.out).toContain('3 new and not added');
  expect(await read()).toBe(first);
  expect((await runCli([...BASELINE, '--update', '--accept'], folder.path)).code).toBe(0);
  expect((await runCli(VERIFY, folder.path)).code).toBe(0);

  await writeFiles(folder.path, { 'migrations/0003_drop_nick.down.sql': DECLARED });
  const fixed = await runCli(VERIFY, folder.path);
  expect(fixed.code).toBe(0);
  expect(fixed.out).toContain('fixed: 0003_drop_nick rollback-restores/data on users.nick');
  expect((await runCli([...BASELINE, '--update'], folder.path)).out).toContain('5 fixed and taken out');
  expect(JSON.parse(await read())).toEqual({ format: 'palindrome-baseline/1', failures: [] });
});

test('should keep what was not looked at', async () => {
  await using folder = await makeFolder(BAD_SET);
  await runCli(BASELINE, folder.path);
  const whole = await readFile(path.join(folder.path, FILE), 'utf8');
  const { code } = await runCli([...BASELINE, '--property', 'applies'], folder.path);
  expect(code).toBe(0);
  expect(await readFile(path.join(folder.path, FILE), 'utf8')).toBe(whole);
  const { out } = await runCli([...VERIFY, '--property', 'applies'], folder.path);
  expect(out.replaceAll(/\s+/gu, ' ')).toContain(
    '0 of 2 known failures of migrations are still there; nothing can be said of 2',
  );
});

test('should refuse a baseline that is not as it was written, with exit code 2', async () => {
  await using folder = await makeFolder(BAD_SET);
  await runCli(BASELINE, folder.path);
  const whole = await readFile(path.join(folder.path, FILE), 'utf8');
  const failures = (JSON.parse(whole) as { failures: object[] }).failures;
  const json = (value: object) => JSON.stringify(value, null, 2);
  const refused = async (text: string, ...more: readonly string[]) => {
    await writeFiles(folder.path, { [FILE]: text });
    const { code, err } = await runCli([...VERIFY, ...more], folder.path);
    return [code, err.split('\nhint:')[0]];
  };
  const format = 'palindrome-baseline/1';
  expect(await refused(whole.slice(0, -40))).toMatchInlineSnapshot(`
    [
      2,
      "error: palindrome.baseline.json is not a whole JSON document: it may be truncated.",
    ]
  `);
  expect(await refused(json({ format: 'palindrome-baseline/2', failures: [] }))).toMatchInlineSnapshot(`
    [
      2,
      "error: palindrome.baseline.json has the format palindrome-baseline/2, which this version does not
           know.",
    ]
  `);
  expect(await refused(json({ format, failures: failures.toReversed() }))).toMatchInlineSnapshot(`
    [
      2,
      "error: palindrome.baseline.json is not a baseline as palindrome writes it:
      failures.1: is out of order (0003_drop_nick)",
    ]
  `);
  expect(await refused(json({ format, failures: [failures[0]!, failures[0]!] }))).toMatchInlineSnapshot(`
    [
      2,
      "error: palindrome.baseline.json is not a baseline as palindrome writes it:
      failures.1: stands there twice (0003_drop_nick)",
    ]
  `);
  expect(await refused(json({ format, failures: [{ ...failures[0], recorded: 'today', why: 1 }] })))
    .toMatchInlineSnapshot(`
    [
      2,
      "error: palindrome.baseline.json is not a baseline as palindrome writes it:
      failures.0.recorded: must be a day as YYYY-MM-DD
      failures.0: Unrecognized key: "why"",
    ]
  `);
  await rm(path.join(folder.path, FILE));
  expect(await refused('{}', '--baseline', 'other.json')).toMatchInlineSnapshot(`
    [
      2,
      "error: There is no baseline at other.json.",
    ]
  `);
  const update = await runCli([...BASELINE, '--update', '--baseline', 'other.json'], folder.path);
  expect([update.code, update.err.split('\n')[0]]).toEqual([2, 'error: There is no baseline at other.json to update.']);
  expect((await runCli([...BASELINE, '--accept'], folder.path)).code).toBe(2);
});

test('should change nothing where nothing failed', async () => {
  await using folder = await makeFolder(GOOD_SET);
  const { code, out } = await runCli(BASELINE, folder.path);
  expect([code, out]).toEqual([0, `${FILE}: 0 known failures\n`]);
  expect((await runCli(VERIFY, folder.path)).code).toBe(0);
});
