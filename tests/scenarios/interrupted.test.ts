/** Scripts that are really killed: what is visited, what is left, and what the next run makes of it. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verify } from '../../harness/cli/library.ts';
import type { Report, ReportResult } from '../../harness/core/report.ts';
import { folderOf, readFaultCases } from '../faults/fault-cases.ts';

const root = join(import.meta.dirname, '../..');
const faults = readFaultCases().filter(({ property }) => property === 'interruption-safe');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palindrome-interrupted-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function makeSet(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name, file)), { recursive: true });
    await writeFile(join(folder, name, file), text);
  }
  return name;
}

function judge(paths: readonly string[], cwd: string, only?: string): Promise<Report> {
  return verify({
    paths: [...paths],
    cwd,
    cases: 10,
    seed: 7,
    provider: 'embedded',
    property: ['interruption-safe'],
    ...(only === undefined ? {} : { only }),
    store: join(folder, 'store'),
  });
}

async function lastResults(files: Readonly<Record<string, string>>, name: string): Promise<readonly ReportResult[]> {
  const report = await judge([await makeSet(name, files)], folder);
  return report.sets[0]?.migrations.at(-1)?.results ?? [];
}

describe('good migrations', () => {
  let report: Report;

  beforeAll(async () => {
    report = await judge(
      faults.map((fault) => folderOf(fault, 'good')),
      root,
    );
  }, 900_000);

  it.each(faults)('should hold when killed anywhere: $name', (fault) => {
    const results = report.sets
      .find(({ path }) => path === folderOf(fault, 'good'))
      ?.migrations.flatMap((one) => one.results);
    expect(results?.map(({ verdict, reason }) => `${verdict}: ${reason}`)).toEqual([
      expect.stringContaining('held'),
      expect.stringContaining('held'),
    ]);
  });
});

describe('what is visited', () => {
  it('should be one place for a script in one transaction with its ledger', async () => {
    const [result] = await lastResults(
      {
        '00001_a.sql':
          '-- palindrome: dialect postgres\n-- +goose Up\nCREATE TABLE a (n int);\nCREATE TABLE b (n int);\n-- +goose Down\nDROP TABLE b;\nDROP TABLE a;',
      },
      'goose',
    );
    expect(result?.verdict).toBe('held');
    expect(result?.notes).toContain(
      'up: 2 statements, killed at 1 boundary, the whole server 1 time; 1 more are inside a transaction, as the last one before each commit is',
    );
  }, 120_000);

  it('should be asked for again after golang-migrate refused, and a rerun that changes what is there be found', async () => {
    const results = await lastResults(
      {
        '1_a.up.sql':
          '-- palindrome: dialect sqlite\nCREATE TABLE a (n INTEGER PRIMARY KEY);\nINSERT INTO a DEFAULT VALUES;',
        '1_a.down.sql': 'DROP TABLE a;',
        '2_b.up.sql': 'INSERT INTO a DEFAULT VALUES;',
        '2_b.down.sql': 'DELETE FROM a WHERE n = (SELECT max(n) FROM a);',
      },
      'golang',
    );
    const result = results.find(({ clause }) => clause === 'false-success');
    expect(result?.verdict).toBe('falsified');
    expect(result?.counterexample?.steps.join('\n')).toContain(
      'golang-migrate refuses, and changes nothing: Dirty database version',
    );
    expect(result?.counterexample?.finding.message).toContain('after the commit that follows statement 1');
  }, 120_000);

  it('should be copies made in the middle as well, which alone show a transaction whose journal is not copied', async () => {
    const name = 'interruption-safe/copied-without-its-journal-sqlite';
    const fault = faults.find((each) => each.name === name);
    if (fault === undefined) throw new Error(`There is no pair ${name}.`);
    const report = await judge([folderOf(fault, 'bad')], root, '*2_*');
    const results = report.sets[0]?.migrations.at(-1)?.results ?? [];
    const failed = results.filter(({ verdict }) => verdict === 'falsified');
    expect(failed.map(({ clause }) => clause)).toEqual(['false-success']);
    expect(failed[0]?.counterexample?.finding.message).toContain(
      'after statement 8 of 9, and a copy of its files goes on that was made while the script had them open',
    );
    // At the same place a killed process finds the journal, and nothing is half done.
    expect(failed[0]?.objects).toEqual(['entries.cents']);
    expect(results[0]?.cases).toBeGreaterThan(12);
  }, 600_000);

  it('should be inapplicable where no script has a statement', async () => {
    const [result] = await lastResults(
      { '0001_a.sql': '-- palindrome: dialect sqlite\n', '0001_a_ROLLBACK.sql': '-- nothing\n' },
      'empty',
    );
    expect(result).toMatchObject({ verdict: 'inapplicable', reason: 'neither script has a statement' });
  }, 120_000);
});
