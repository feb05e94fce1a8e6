import path from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder, runCli } from './run-cli.ts';

const golden = (name: string) => path.join(import.meta.dirname, 'goldens', name);

test.each([
  ['palindrome'],
  ['verify'],
  ['mutate'],
  ['fuzz'],
  ['worker'],
  ['baseline'],
  ['anonymise'],
  ['replay'],
  ['prune'],
  ['up'],
  ['down'],
  ['restore'],
  ['status'],
  ['doctor'],
  ['init'],
])('should print the help of %s on standard output and succeed', async (verb) => {
  const { code, out, err } = await runCli(verb === 'palindrome' ? ['--help'] : [verb, '--help'], '.');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  await expect(out).toMatchFileSnapshot(golden(`help-${verb}.txt`));
});

test('should print the version of the package', async () => {
  const { code, out } = await runCli(['--version'], '.');
  expect(code).toBe(0);
  expect(out).toMatch(/^\d+\.\d+\.\d+\n$/u);
});

test.each<[string, readonly string[], string]>([
  ['a verb that is misspelt', ['verfy', 'x'], 'There is no verb "verfy"; did you mean "verify"?'],
  ['a path where the verb should be', ['./migrations'], 'Type: palindrome verify ./migrations'],
  ['a flag that is misspelt', ['verify', '--casses', '3'], "unknown flag '--casses'; did you mean --cases?"],
  ['a number that is none', ['verify', '--cases', 'many'], 'Give a whole number from 1 to 1000000.'],
  ['a number out of range', ['verify', '--cases', '0'], 'Give a whole number from 1 to 1000000.'],
  [
    'a time without a unit',
    ['verify', '--statement-timeout', '30'],
    'Give a time with its unit, up to 24h: 500ms, 30s, 2m.',
  ],
  ['a layout that is misspelt', ['verify', '--layout', 'gose'], 'did you mean "goose"?'],
  [
    'a property that does not exist',
    ['verify', '--property', 'applies,rolback-restores'],
    'did you mean "rollback-restores"?',
  ],
  ['a minor version', ['verify', '--postgres', '15.3'], 'Give the major version: 15.'],
  ['a missing argument', ['merge-reports'], "missing required argument 'files'"],
  ['one argument too many', ['doctor', 'x'], 'too many arguments'],
  ['no verb', [], 'No verb was given.'],
  ['a report format that is misspelt', ['verify', 'm', '--report', 'juint'], 'did you mean "junit"?'],
  ['a folder that does not exist', ['verify', 'm'], 'There is no folder m.'],
  ['an empty folder', ['status', '.'], 'hint:'],
  ['a configuration that does not exist', ['verify', '--config', 'c.ts'], 'There is no configuration file at c.ts.'],
])('should refuse %s on standard error with exit code 2 and what to do', async (_what, args, expected) => {
  await using folder = await makeFolder();
  const { code, out, err } = await runCli(args, folder.path);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err.replaceAll(/\n +/gu, ' ')).toContain(expected);
  expect(err).toMatch(/^error: /u);
  expect(err).not.toContain('    at ');
});

test('should print the stack of an error only with --debug', async () => {
  await using folder = await makeFolder();
  expect((await runCli(['verify', 'm', '--debug'], folder.path)).err).toContain('    at ');
});

test('should report every mistake of a configuration together, those against the migrations included', async () => {
  await using folder = await makeFolder({
    'migrations/0001_a.up.sql': 'CREATE TABLE a (id INTEGER PRIMARY KEY);',
    'migrations/0001_a.down.sql': 'DROP TABLE a;',
    'palindrome.config.json': JSON.stringify({
      migrations: 'migrations',
      dialect: 'sqlite',
      case: 3,
      seed: 'x',
      declare: { '0001_b': { claims: ['idempotent'] } },
      invariants: [{ id: 'i', from: '0002', sql: 'SELECT 1' }],
      ignore: [{ migrations: '9*', reason: 'r' }],
    }),
  });
  const { code, out, err } = await runCli(['verify'], folder.path);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err.split('\n').slice(0, 6)).toEqual([
    'error: 5 errors in palindrome.config.json',
    '  case: unknown key; did you mean "cases"?',
    '  seed: must be a number, not the text "x"',
    '  declare["0001_b"]: no migration is called "0001_b"; did you mean "0001_a"?',
    '  invariants[0].from: no migration is called "0002"; did you mean "0001"?',
    '  ignore[0].migrations: "9*" matches no migration',
  ]);
});
