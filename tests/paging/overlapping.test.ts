/** Sessions that are really at work at once: what holds holds, what fails fails, and what was seen stays seen. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PagerConfig } from '../../harness/config/pager-config.ts';
import { EMPTY_DATASET } from '../../harness/core/dataset.ts';
import type { PagingHistory } from '../../harness/core/paging-history.ts';
import type { Interleaving } from '../../harness/core/interleaving.ts';
import type { ScenarioRun } from '../../harness/scenarios/scenario.ts';
import { transactionsIn } from '../../harness/scenarios/paging/sent-writes.ts';
import { contradictedBy, evidenceIn, openPagerLab, type PagerLab, reduceToSmallest } from './pager-lab.ts';
import { openDialect, type OpenDialect } from './support.ts';

const SCHEMA = 'CREATE TABLE posts (id bigint PRIMARY KEY, created_at timestamptz NOT NULL, title text);';
const KEYSET: PagerConfig = { id: 'posts', table: 'posts', key: 'created_at desc, id desc', movedRows: 'may-miss' };
const OFFSET: PagerConfig = {
  ...KEYSET,
  cursor: 'offset',
  first: 'SELECT id, created_at FROM posts ORDER BY created_at DESC, id DESC LIMIT $1',
  next: 'SELECT id, created_at FROM posts ORDER BY created_at DESC, id DESC OFFSET $1 LIMIT $2',
};
const FAULTY: readonly (readonly [string, PagerConfig])[] = [
  ['that counts rows', OFFSET],
  ['whose cursor goes through a JavaScript Date', { ...KEYSET, cursor: 'js-date' }],
  ['that has a timestamp alone', { ...KEYSET, first: firstBy('created_at'), next: nextBy('created_at < $1', '$3') }],
  ['that polls by id alone', { id: 'posts', table: 'posts', key: 'id', kind: 'tail' }],
];
const CASES = 6;

function firstBy(column: string): string {
  return `SELECT id, created_at FROM posts ORDER BY ${column} DESC, id DESC LIMIT $1`;
}

function nextBy(condition: string, limit: string): string {
  return `SELECT id, created_at FROM posts WHERE ${condition} AND $2::bigint > 0 ORDER BY created_at DESC, id DESC LIMIT ${limit}`;
}

describe('overlapping cases', () => {
  let opened: OpenDialect;
  beforeAll(async () => {
    opened = await openDialect('postgres');
  });
  afterAll(async () => {
    await opened[Symbol.asyncDispose]();
  });
  const open = (pager: PagerConfig): Promise<PagerLab> =>
    openPagerLab(opened, { dialect: 'postgres', schema: SCHEMA, pager });

  it('should contradict no clause where the pager is right, with writers that were open at once', async () => {
    await using lab = await open({ ...KEYSET, overlappingTransactions: 90 });
    const histories: PagingHistory[] = [];
    for (let index = 0; index < CASES; index++) {
      const run = await overlapped(lab, index);
      expect(run.unusable).toBeNull();
      expect([...contradictedBy(run)]).toEqual([]);
      histories.push(...evidenceIn(run).histories);
    }
    expect(histories.every(({ mode }) => mode === 'overlapping')).toBe(true);
    const pages = histories.flatMap(({ scans }) => scans.flatMap((scan) => scan.pages));
    expect(pages.filter(({ snapshot }) => snapshot.inProgress.length > 0).length).toBeGreaterThan(0);
    expect(
      histories.flatMap(({ versions }) => versions).filter(({ endedHow }) => endedHow !== null).length,
    ).toBeGreaterThan(0);
  });

  it.each(FAULTY)('should contradict a clause for a pager %s', async (_name, pager) => {
    await using lab = await open(pager);
    const found = await firstContradicted(lab);
    expect(found, 'no case of the pager was contradicted').not.toBeNull();
  });

  it('should judge what was recorded again, for the same pager and the same rows alone', async () => {
    await using lab = await open(OFFSET);
    const found = await firstContradicted(lab);
    if (found === null) throw new Error('no case was contradicted');
    const [history] = evidenceIn(found).histories;
    const again = await lab.again(found.loaded, found.parameters);
    expect(evidenceIn(again).histories).toHaveLength(2);
    expect(evidenceIn(again).histories[0]).toEqual(history);
    expect([...contradictedBy(again)]).toEqual(expect.arrayContaining([...contradictedBy(found)]));
    await using mended = await open(KEYSET);
    const fixed = await mended.again(found.loaded, found.parameters);
    expect(evidenceIn(fixed).histories).not.toContainEqual(history);
    expect([...contradictedBy(fixed)]).toEqual([]);
    const [posts] = found.loaded.tables;
    const fewer = posts === undefined ? EMPTY_DATASET : { tables: [{ ...posts, rows: posts.rows.slice(1) }] };
    expect(evidenceIn(await lab.again(fewer, found.parameters)).histories).not.toContainEqual(history);
  });

  it('should become small, and keep the history that shows it', { timeout: 120_000 }, async () => {
    await using lab = await open({ ...OFFSET, overlappingTransactions: 60 });
    const found = await firstContradicted(lab);
    if (found === null) throw new Error('no case was contradicted');
    const [clause = ''] = contradictedBy(found);
    const small = await reduceToSmallest(lab, found, clause);
    expect(transactionsOf(small)).toBeLessThan(transactionsOf(found) / 2);
    expect([...contradictedBy(await lab.again(small.loaded, small.parameters))]).toContain(clause);
  });

  it('should not be asked where the pager wants none, of a module, or on SQLite', async () => {
    await using lab = await open({ ...KEYSET, overlappingTransactions: 0 });
    expect(await kindsOf(lab)).not.toContain('overlapping');
    await using usual = await open(KEYSET);
    expect(await kindsOf(usual)).toContain('overlapping');
  });
});

async function kindsOf(lab: PagerLab): Promise<readonly unknown[]> {
  const kinds: unknown[] = [];
  for (let index = 0; index < 9; index++) {
    const { parameters } = await lab.draw(1, index);
    kinds.push((parameters as { readonly kind: string }).kind);
  }
  return kinds;
}

function overlapped(lab: PagerLab, index: number): Promise<ScenarioRun> {
  return lab.again(EMPTY_DATASET, { kind: 'overlapping', pager: 'posts', seed: 11, index });
}

async function firstContradicted(lab: PagerLab): Promise<ScenarioRun | null> {
  for (let index = 0; index < CASES; index++) {
    const run = await overlapped(lab, index);
    if (run.unusable === null && contradictedBy(run).size > 0) return run;
  }
  return null;
}

function transactionsOf({ parameters }: ScenarioRun): number {
  const { steps } = (parameters as unknown as { readonly interleaving: Interleaving }).interleaving;
  const writers = [...new Set(steps.filter(({ op }) => op !== 'page').map(({ session }) => session))];
  return writers.reduce((sum, name) => sum + transactionsIn(steps.filter(({ session }) => session === name)).length, 0);
}
