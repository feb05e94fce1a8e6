/** Cursors over the whole domain of their columns, plans of pages, and pagers that cannot be used at all. */
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PagerConfig } from '../../harness/config/pager-config.ts';
import { EMPTY_DATASET } from '../../harness/core/dataset.ts';
import type { ModuleItem, OpenPager } from '../../harness/core/pager.ts';
import type { CodecProbe, PagingEvidence } from '../../harness/core/paging-history.ts';
import { judgeCodec, judgePlans } from '../../properties/paging/evidence-clauses.ts';
import { evidenceIn, openPagerLab, type LabRequest } from './pager-lab.ts';
import { openDialect, type OpenDialect } from './support.ts';

const READINGS = `CREATE TABLE readings (
  id bigint PRIMARY KEY, taken_at timestamptz NOT NULL, amount numeric NOT NULL, label text NOT NULL);`;
const READS = 'CREATE SEQUENCE reads;';
const INDEX = 'CREATE INDEX readings_cursor_idx ON readings (taken_at DESC, id DESC);';
const PAGER: PagerConfig = { id: 'p', table: 'readings', key: 'taken_at desc, id desc' };

let postgres: OpenDialect;
let sqlite: OpenDialect;
beforeAll(async () => {
  [postgres, sqlite] = await Promise.all([openDialect('postgres'), openDialect('sqlite')]);
}, 120_000);
afterAll(async () => {
  await postgres[Symbol.asyncDispose]();
  await sqlite[Symbol.asyncDispose]();
});

/** The evidence of some cases of one kind. */
async function cases(kind: string, request: LabRequest, most: number): Promise<readonly PagingEvidence[]> {
  await using lab = await openPagerLab(request.dialect === 'postgres' ? postgres : sqlite, request);
  const found: PagingEvidence[] = [];
  for (let index = 0; index < most; index++)
    found.push(evidenceIn(await lab.again(EMPTY_DATASET, { kind, pager: request.pager.id, seed: 7, index })));
  return found;
}

async function codecOf(pager: PagerConfig, schema = READINGS, most = 12): Promise<readonly CodecProbe[]> {
  const found = await cases('codec', { dialect: 'postgres', schema, pager }, most);
  return found.flatMap(({ codec }) => codec);
}

describe('a cursor', () => {
  test.each(['text', 'json'] as const)('should come back as it went over the whole domain, as %s', async (cursor) => {
    const probes = await codecOf({ ...PAGER, key: 'taken_at desc, amount, label, id desc', cursor });
    expect(probes.filter(({ outcome }) => outcome !== 'kept')).toEqual([]);
    const cells = probes.flatMap(({ key }) => key ?? []);
    expect(cells.some((cell) => /\.\d{4,6}/.test(cell ?? ''))).toBe(true);
    expect(cells.some((cell) => /^-?\d{16,}$/.test(cell ?? ''))).toBe(true);
    expect(cells.some((cell) => cell !== null && /[^\p{ASCII}]/u.test(cell))).toBe(true);
  });

  test('should be seen to lose what a JavaScript Date has no room for', async () => {
    const probes = await codecOf({ ...PAGER, cursor: 'js-date' });
    const [changed] = probes.filter(({ outcome }) => outcome === 'changed');
    expect(changed?.message).toMatch(
      /^it starts with (?:row \d+|nothing) instead of (?:row -?\d+|nothing)$|^it starts with /,
    );
    expect(judgeCodec({ codec: probes } as unknown as PagingEvidence).length).toBeGreaterThan(0);
  });

  test('should be seen to lose NULL in a comparison of rows', async () => {
    const schema = READINGS.replace('taken_at timestamptz NOT NULL', 'taken_at timestamptz');
    const probes = await codecOf(PAGER, schema);
    const nulls = probes.filter(({ key }) => key?.[0] === null);
    expect(nulls.map(({ outcome }) => outcome)).toContain('changed');
    const kept = await codecOf({ ...PAGER, key: 'taken_at desc nulls last, id desc' }, schema);
    expect(kept.filter(({ key }) => key?.[0] === null).length).toBeGreaterThan(0);
    expect(kept.filter(({ outcome }) => outcome !== 'kept')).toEqual([]);
  });

  test('should be refused where it is broken, by a module that says so', async () => {
    const probes = await codecOf({ ...PAGER, open: openWith(readCarefully) }, READINGS, 4);
    const broken = probes.filter(({ key }) => key === null);
    expect(broken.length).toBeGreaterThan(5);
    expect(broken.filter(({ outcome }) => outcome !== 'refused')).toEqual([]);
    expect(probes.filter(({ key, outcome }) => key !== null && outcome !== 'kept')).toEqual([]);
  });

  test('should be seen to crash a module, or to pass, where nobody looks at it', async () => {
    const probes = await codecOf({ ...PAGER, open: openWith(readBlindly) }, READINGS, 4);
    const outcomes = new Set(probes.flatMap(({ key, outcome }) => (key === null ? [outcome] : [])));
    expect([...outcomes].toSorted()).toEqual(['accepted', 'failed']);
  });
});

describe('the plans of pages', () => {
  const schema = `${READINGS}${INDEX}`;
  const pager: PagerConfig = { ...PAGER, index: 'readings_cursor_idx', maxCostRatio: 3 };

  test('should read the declared index at every depth', async () => {
    const [evidence] = await cases('plans', { dialect: 'postgres', schema, pager }, 1);
    expect(new Set(evidence?.plans.map(({ page, index }) => `${page} ${index}`))).toEqual(
      new Set(['first readings_cursor_idx', 'next readings_cursor_idx', 'deep readings_cursor_idx']),
    );
    expect(evidence === undefined ? null : judgePlans(evidence)).toEqual([]);
  });

  test.each([
    ['is not there', READINGS, pager],
    ['leads with the tie-breaker', `${READINGS}CREATE INDEX readings_cursor_idx ON readings (id, taken_at);`, pager],
    ['is passed by counting', schema, { ...pager, cursor: 'offset' as const }],
  ])('should be told where the index %s', async (_what, up, declared) => {
    const [evidence] = await cases('plans', { dialect: 'postgres', schema: up, pager: declared }, 1);
    const found = evidence === undefined ? [] : judgePlans(evidence);
    expect(found.map(({ clause }) => clause)).toContain('index');
  });

  test('should be those of SQLite there', async () => {
    const up = `CREATE TABLE readings (id integer PRIMARY KEY, taken_at text NOT NULL);
      CREATE INDEX readings_cursor_idx ON readings (taken_at DESC, id DESC);`;
    const declared: PagerConfig = { ...PAGER, index: 'readings_cursor_idx' };
    const [evidence] = await cases('plans', { dialect: 'sqlite', schema: up, pager: declared }, 1);
    expect(evidence?.plans.map(({ page, index, cost }) => [page, index, cost])).toEqual(
      expect.arrayContaining([['deep', 'readings_cursor_idx', null]]),
    );
    expect(evidence === undefined ? null : judgePlans(evidence)).toEqual([]);
  });
});

describe('a pager that cannot be used', () => {
  const first = 'SELECT id, taken_at FROM readings ORDER BY taken_at DESC, id DESC LIMIT $1';
  const next =
    'SELECT id, taken_at FROM readings WHERE (taken_at, id) < ($1, $2) ORDER BY taken_at DESC, id DESC LIMIT $3';
  test.each<[string, PagerConfig, RegExp]>([
    [
      'names a column that is not there',
      { ...PAGER, first, next: next.replace('(taken_at', '(taken') },
      /^"next" of the pager "p" fails: column "taken" does not exist \(42703\)$/,
    ],
    [
      'returns no key columns',
      { ...PAGER, first: first.replace(', taken_at', ''), next },
      /^The pages of the pager "p" have no column taken_at\.$/,
    ],
    [
      'throws',
      { ...PAGER, open: () => ({ next: () => Promise.reject(new Error('no such view')) }) },
      /^The first page of the pager "p" fails: no such view$/,
    ],
    [
      'has no "next"',
      { ...PAGER, open: (() => ({})) as unknown as OpenPager },
      /"open" returned no object with a function "next"/,
    ],
    [
      'changes data in its SQL',
      {
        ...PAGER,
        first: `WITH seen AS (UPDATE readings SET label = 'seen' RETURNING *) ${first.replace('readings', 'seen')}`,
        next,
      },
      /^The first page of the pager "p" changes data: /,
    ],
    [
      'changes data in a function that its SQL calls',
      { ...PAGER, first: first.replace('FROM readings', `FROM readings, nextval('reads')`), next },
      /^The first page of the pager "p" changes data: cannot execute nextval\(\) in a read-only transaction \(25006\)$/,
    ],
    [
      'changes data',
      { ...PAGER, open: openWith(readCarefully, "UPDATE readings SET label = label || '.'") },
      /^Turning pages of the pager "p" changes public\.readings\.$/,
    ],
  ])('should be told so where it %s', async (_what, pager, message) => {
    await expect(cases('quiescent', { dialect: 'postgres', schema: READINGS + READS, pager }, 1)).rejects.toMatchObject(
      {
        code: 'pager-fails',
        message: expect.stringMatching(message) as unknown,
      },
    );
  });
});

type ReadCursor = (cursor: string) => readonly [string, string];

/** A service with exact cursors; `also`: what it runs with each page. */
function openWith(readCursor: ReadCursor, also = ''): OpenPager {
  return async ({ url }, limit) => {
    const client = new Client(url);
    await client.connect();
    return {
      async next(cursor) {
        const after = cursor === null ? [] : readCursor(cursor);
        const where = cursor === null ? '' : 'WHERE (taken_at, id) < ($2::timestamptz, $3::bigint)';
        const { rows } = await client.query<ModuleItem>(
          `SELECT id, taken_at::text AS taken_at FROM readings ${where}
            ORDER BY readings.taken_at DESC, id DESC LIMIT $1`,
          [limit, ...after],
        );
        if (also !== '') await client.query(also);
        const last = rows.at(-1);
        const isEnd = last === undefined || rows.length < limit;
        return { items: rows, cursor: isEnd ? null : encode([last['taken_at'], last['id']]) };
      },
      close: () => client.end(),
    };
  };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function readBlindly(cursor: string): readonly [string, string] {
  if (cursor === '') return ['infinity', '1'];
  return JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, string];
}

function readCarefully(cursor: string): readonly [string, string] {
  const refused = new Error('invalid cursor');
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw refused;
  }
  if (!Array.isArray(value) || value.length !== 2 || encode(value) !== cursor) throw refused;
  const [at, id] = value as unknown[];
  const isTime = typeof at === 'string' && /^-?infinity$|^\d{4,}-\d\d-\d\d /.test(at);
  if (!isTime || typeof id !== 'string' || !/^-?\d+$/.test(id)) throw refused;
  return [at, id];
}
