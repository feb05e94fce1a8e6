/** The scenario's own cases: the same steps do the same again, what holds holds, and what fails becomes small. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PagerConfig } from '../../harness/config/pager-config.ts';
import { countRows } from '../../harness/core/dataset.ts';
import type { Interleaving } from '../../harness/core/interleaving.ts';
import type { DialectName } from '../../harness/core/migration.ts';
import type { ScenarioRun } from '../../harness/scenarios/scenario.ts';
import { contradictedBy, evidenceIn, openPagerLab, type PagerLab, reduceToSmallest } from './pager-lab.ts';
import { DIALECTS, openDialect, type OpenDialect } from './support.ts';

const SCHEMAS: Readonly<Record<DialectName, string>> = {
  postgres: `CREATE TABLE blogs (id bigint PRIMARY KEY, name text NOT NULL);
    CREATE TABLE posts (id bigint PRIMARY KEY, blog_id bigint NOT NULL REFERENCES blogs, created_at timestamptz NOT NULL, title text);`,
  sqlite: `CREATE TABLE blogs (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE posts (id INTEGER PRIMARY KEY, blog_id INTEGER NOT NULL REFERENCES blogs (id), created_at TEXT NOT NULL, title TEXT);`,
};
const TRIGGERS: Readonly<Record<DialectName, string>> = {
  postgres: `CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      UPDATE posts SET created_at = '2030-01-01' WHERE id = NEW.id AND created_at <> '2030-01-01'; RETURN NULL; END $$;
    CREATE TRIGGER stamp AFTER INSERT OR UPDATE OF title ON posts FOR EACH ROW EXECUTE FUNCTION stamp();`,
  sqlite: `CREATE TRIGGER stamp AFTER UPDATE ON posts WHEN NEW.created_at <> '2030-01-01' BEGIN
      UPDATE posts SET created_at = '2030-01-01' WHERE id = NEW.id; END;`,
};
const KEYSET: PagerConfig = {
  id: 'posts',
  table: 'posts',
  key: 'created_at desc, id desc',
  movedRows: 'may-miss',
  backward: true,
  // Writers at once do something else each time.
  overlappingTransactions: 0,
};
const CASES = 18;

describe.each(DIALECTS)('stepped cases on %s', (dialect) => {
  let opened: OpenDialect;
  beforeAll(async () => {
    opened = await openDialect(dialect);
  });
  afterAll(async () => {
    await opened[Symbol.asyncDispose]();
  });
  const open = async (pager: PagerConfig, more = ''): Promise<PagerLab> =>
    openPagerLab(opened, { dialect, schema: SCHEMAS[dialect] + more, pager });

  it('should do the same for the same seed, and again for the rows and parameters that a run gave back', async () => {
    await using lab = await open(KEYSET);
    const first = await drawAll(lab, 7);
    await using other = await open(KEYSET);
    const second = await drawAll(other, 7);
    expect(second.map(historiesOf)).toEqual(first.map(historiesOf));
    for (const run of first) {
      const again = await other.again(run.loaded, run.parameters);
      expect(historiesOf(again)).toEqual(historiesOf(run));
    }
    const unlike = await drawAll(other, 8);
    expect(unlike.map(historiesOf)).not.toEqual(first.map(historiesOf));
  });

  it('should hold for a keyset pager with exact text, and meet what breaks others', async () => {
    await using lab = await open(KEYSET);
    const runs = [...(await drawAll(lab, 3)), ...(await drawAll(lab, 4)), ...(await drawAll(lab, 5))];
    expect(runs.flatMap((run) => [...contradictedBy(run)])).toEqual([]);
    const histories = runs.flatMap((run) => evidenceIn(run).histories);
    const stepped = histories.filter(({ mode }) => mode === 'stepped');
    expect(
      histories.some(({ mode, scans }) => mode === 'quiescent' && scans.some((scan) => scan.direction === 'backward')),
    ).toBe(true);
    expect(stepped.some(({ steps }) => steps.some(({ blockedBy }) => blockedBy !== null))).toBe(true);
    expect(stepped.some(({ transactions }) => transactions.some(({ outcome }) => outcome === 'rolled-back'))).toBe(
      true,
    );
    expect(stepped.some(({ versions }) => versions.some(({ incarnation }) => incarnation > 1))).toBe(true);
    expect(stepped.some(({ versions }) => versions.some(({ endedHow }) => endedHow === 'update'))).toBe(true);
    expect(stepped.some(({ scans }) => scans.some(({ transactionPer }) => transactionPer === 'scan'))).toBe(true);
    // Each case begins with its own rows: nothing of the one before is left.
    for (const run of runs)
      for (const { versions } of evidenceIn(run).histories)
        expect(versions.filter(({ madeBy }) => madeBy === null)).toHaveLength(postsIn(run));
  });

  it('should reduce a cursor that never moves on to one row and no write', async () => {
    await using lab = await open({ id: 'posts', table: 'posts', key: 'created_at asc, id asc', cursor: 'js-date' });
    const small = await findSmallest(lab, 'terminates');
    expect(postsIn(small)).toBe(1);
    expect(writerSteps(small)).toBe(0);
  });

  it('should reduce pages by offset to three rows and three steps of writers at most', async () => {
    await using lab = await open({ ...KEYSET, cursor: 'offset', backward: undefined });
    const small = await findSmallest(lab, 'at-most-once');
    expect(postsIn(small)).toBeLessThanOrEqual(3);
    expect(writerSteps(small)).toBeLessThanOrEqual(3);
    expect(countRows(small.loaded)).toBeLessThanOrEqual(4);
  });

  it('should say nothing where a trigger changes rows behind the writers', async () => {
    await using lab = await open(KEYSET, TRIGGERS[dialect]);
    const runs = await drawAll(lab, 5);
    const unusable = runs.flatMap((run) => run.unusable ?? []);
    expect(unusable.length).toBeGreaterThan(0);
    expect(unusable[0]).toMatch(
      /^row \d+ of .*posts is not what the writers' own statements left: a trigger or another session changes it$/,
    );
    expect(runs.filter(({ unusable: why }) => why === null).flatMap((run) => [...contradictedBy(run)])).toEqual([]);
  });

  it('should run nothing where the key is no total order', async () => {
    await using lab = await open({ id: 'posts', table: 'posts', key: 'created_at desc' });
    const run = await lab.draw(1, 1);
    expect([...contradictedBy(run)]).toEqual(['total-order']);
    expect(evidenceIn(run)).toMatchObject({ histories: [], order: expect.stringContaining('created_at') });
  });
});

async function drawAll(lab: PagerLab, seed: number): Promise<readonly ScenarioRun[]> {
  const runs: ScenarioRun[] = [];
  for (let index = 0; index < CASES; index++) runs.push(await lab.draw(seed, index));
  return runs;
}

function historiesOf(run: ScenarioRun): unknown {
  return evidenceIn(run).histories;
}

async function findSmallest(lab: PagerLab, clause: string): Promise<ScenarioRun> {
  for (let index = 0; index < 50; index++) {
    const run = await lab.draw(1, index);
    if (run.unusable === null && contradictedBy(run).has(clause)) return reduceToSmallest(lab, run, clause);
  }
  throw new Error(`no case contradicts ${clause}`);
}

function postsIn({ loaded }: ScenarioRun): number {
  return loaded.tables.find(({ table }) => table.endsWith('posts'))?.rows.length ?? 0;
}

function writerSteps({ parameters }: ScenarioRun): number {
  const { interleaving } = parameters as unknown as { readonly interleaving?: Interleaving };
  return interleaving?.steps.filter(({ op }) => op !== 'page').length ?? 0;
}
