/** What the hardened form of `service-schemas` must reach, and that each scenario can end either way. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLab } from './lab.ts';
import type { OpenLab } from './lab.ts';
import { PrismaError, prismaDeploy, prismaResolveRolledBack } from './prisma-model.ts';
import {
  judgeColdStart,
  judgeExistingDatabase,
  judgeManyStarts,
  judgePagination,
  judgeRetries,
  judgeRollback,
  judgeStartsAtOnce,
} from './service-scenarios.ts';
import { readServices } from './service-start.ts';
import { rowsOf, runIn } from './sessions.ts';
import { judgeWaiting } from './wait-for-database.ts';

let store: string;
let lab: OpenLab;

beforeAll(async () => {
  store = await mkdtemp(join(tmpdir(), 'palindrome-service-schemas-'));
  lab = openLab({ store, signal: new AbortController().signal });
});

afterAll(async () => {
  await lab[Symbol.asyncDispose]();
  await rm(store, { recursive: true, force: true });
});

describe('the hardened service schemas', () => {
  it.each([
    ['many starts', judgeManyStarts],
    ['a cold start', judgeColdStart],
    ['an existing database', judgeExistingDatabase],
    ['pagination', judgePagination],
    ['a rollback', judgeRollback],
    ['starts at once', judgeStartsAtOnce],
    ['waiting for the database', judgeWaiting],
  ])('should hold in %s', async (_, judge) => {
    const outcome = await judge(lab, 'hardened');
    expect(outcome.verdict, outcome.evidence).toBe('held');
  });

  it('should need resolve after a killed deploy: that is Prisma, and no script can help it', async () => {
    const outcome = await judgeRetries(lab, 'hardened');
    expect(outcome.evidence).toContain('P3009');
    expect(outcome.evidence).toContain('resolve --rolled-back lets the next one apply 1');
  });
});

describe('the judgement of pages', () => {
  it('should fall with an index that is not there', async () => {
    const outcome = await judgePagination(lab, 'hardened', 'DROP INDEX financial.idx_transactions_account_date;');
    expect(outcome).toMatchObject({ verdict: 'falsified' });
    expect(outcome.evidence).toContain('idx_transactions_account_date, first page');
  });
});

describe('the model of Prisma', () => {
  it('should refuse a database with tables and without a ledger, as Prisma does', async () => {
    const url = await lab.createDatabase();
    const { migrations } = await readServices('hardened');
    await runIn(url, 'CREATE TABLE orders (id integer)');
    await expect(prismaDeploy(url, migrations)).rejects.toThrow(PrismaError);
    await expect(prismaDeploy(url, migrations)).rejects.toThrow('P3005');
  });

  it('should mark a failed run as rolled back, and nothing else', async () => {
    const url = await lab.createDatabase();
    const { migrations } = await readServices('as-documented');
    const [schemas, init, indices] = migrations;
    await prismaDeploy(url, [schemas!]);
    const broken = { ...init!, up: { ...init!.up, text: 'CREATE TABLE financial.half (id integer); SELECT 1 / 0' } };
    await expect(prismaDeploy(url, [schemas!, broken])).rejects.toThrow('division by zero');
    await expect(prismaDeploy(url, [schemas!, init!])).rejects.toThrow('P3009');
    await expect(prismaResolveRolledBack(url, indices!.name)).rejects.toThrow('P3011');
    await expect(prismaResolveRolledBack(url, schemas!.name)).rejects.toThrow('P3012');
    await prismaResolveRolledBack(url, init!.name);
    expect(await prismaDeploy(url, [schemas!, init!])).toEqual([init!.name]);
    const ledger = await rowsOf(
      url,
      `SELECT migration_name AS name, finished_at IS NOT NULL AS finished, rolled_back_at IS NOT NULL AS rolled_back
       FROM public._prisma_migrations ORDER BY started_at`,
    );
    expect(ledger).toEqual([
      { name: schemas!.name, finished: true, rolled_back: false },
      { name: init!.name, finished: false, rolled_back: true },
      { name: init!.name, finished: true, rolled_back: false },
    ]);
  });
});
