/** Invariants as functions over a read-only connection: they find what is broken, cannot write, and say where they fail. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InvariantCheck, type ReportResult, type UserConfig, verify } from '../../harness/cli/library.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palindrome-checks-'));
  await mkdir(join(folder, 'set'));
  const files = {
    '1_schema.up.sql': `CREATE TABLE bills (id INTEGER PRIMARY KEY, cents INTEGER NOT NULL CHECK (typeof(cents) = 'integer' AND cents BETWEEN 0 AND 1000));`,
    '1_schema.down.sql': 'DROP TABLE bills;',
    '2_halve.up.sql': 'ALTER TABLE bills ADD COLUMN half INTEGER; UPDATE bills SET half = cents / 2;',
    '2_halve.down.sql': 'ALTER TABLE bills DROP COLUMN half;',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, 'set', name), text);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function judge(configuration: UserConfig): Promise<ReportResult | undefined> {
  const report = await verify({
    paths: ['set'],
    // What one test finds is no case of the next.
    store: await mkdtemp(join(folder, 'store-')),
    cwd: folder,
    cases: 20,
    seed: 1,
    dialect: 'sqlite',
    only: '2_*',
    property: ['invariants-hold'],
    configuration,
  });
  return report.sets[0]?.migrations[0]?.results[0];
}

function judgeCheck(check: InvariantCheck): Promise<ReportResult | undefined> {
  return judge({ invariants: [{ id: 'halves', from: '2', check }] });
}

describe('an invariant as a function', () => {
  it('should be broken by the rows that it returns, reduced to one', async () => {
    const result = await judgeCheck(async (db) =>
      (await db.query('SELECT id, cents, half FROM bills')).filter(
        ({ cents, half }) => BigInt(half ?? 0) * 2n !== BigInt(cents ?? 0),
      ),
    );
    expect(result).toMatchObject({ verdict: 'falsified', clause: 'halves' });
    expect(result?.reason).toMatch(/after up, halves is broken by 1 row: id \d+, cents \d*[13579], half \d+/);
    expect(result?.counterexample?.rows).toBe(1);
  });

  it('should hold where it returns none, also at once', async () => {
    const result = await judgeCheck(async (db) => await db.query('SELECT id FROM bills WHERE half > cents'));
    expect(result).toMatchObject({ verdict: 'held', cases: 20 });
    expect(await judgeCheck(() => [])).toMatchObject({ verdict: 'held' });
  });

  it.each<[string, InvariantCheck, RegExp]>([
    ['writes', (db) => db.query('DELETE FROM bills'), /The query of invariant "halves" fails \(after-up\)/],
    [
      'asks what is not there',
      (db) => db.query('SELECT nothing FROM bills'),
      /The query of invariant "halves" fails \(after-up\): .*nothing/,
    ],
    ['throws', () => Promise.reject(new Error('oh')), /The function of invariant "halves" throws \(after-up\): oh/],
    [
      'returns no list',
      (() => Promise.resolve(true)) as unknown as InvariantCheck,
      /The function of invariant "halves" returned no list of rows/,
    ],
  ])('should be an error where it %s', async (_what, check, message) => {
    await expect(judgeCheck(check)).rejects.toMatchObject({
      code: 'invariant-fails',
      message: expect.stringMatching(message),
    });
  });

  it('should be given either as SQL or as a function', async () => {
    const both = { id: 'halves', sql: 'SELECT 1', check: () => [] } as unknown as NonNullable<
      UserConfig['invariants']
    >[number];
    await expect(judge({ invariants: [both] })).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringContaining('either "sql" or "check"'),
    });
  });
});

describe('what is to be conserved', () => {
  it('should be compared with what it was before, through the query for the new schema', async () => {
    const sql = 'SELECT count(*), coalesce(sum(cents), 0) FROM bills';
    const lost = await judge({
      conserve: [{ id: 'cents', from: '2', sql, after: 'SELECT count(*), coalesce(sum(half * 2), 0) FROM bills' }],
    });
    expect(lost).toMatchObject({ verdict: 'falsified', clause: 'conserved' });
    expect(lost?.counterexample).toMatchObject({ rows: 1, finding: { object: 'cents' } });
    expect(await judge({ conserve: [{ id: 'cents', from: '2', sql }] })).toMatchObject({ verdict: 'held', cases: 20 });
    expect(await judge({ conserve: [{ id: 'cents', until: '1', sql }] })).toMatchObject({ verdict: 'inapplicable' });
  });

  it('should be an error where its query fails', async () => {
    await expect(
      judge({ conserve: [{ id: 'cents', from: '2', sql: 'SELECT half FROM bills' }] }),
    ).rejects.toMatchObject({
      code: 'invariant-fails',
      message: expect.stringMatching(/"cents", which is to be conserved, fails \(before\)/),
    });
  });
});
