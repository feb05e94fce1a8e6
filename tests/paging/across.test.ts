/** Cursors over a migration: pages while an index is built, keys that become of another type, and how it is shown. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EMPTY_DATASET } from '../../harness/core/dataset.ts';
import type { PagingEvidence } from '../../harness/core/paging-history.ts';
import { contradictedBy, evidenceIn, openPagerLab } from './pager-lab.ts';
import { openDialect, type OpenDialect } from './support.ts';

const BEFORE = 'CREATE TABLE posts (id bigint PRIMARY KEY, place integer NOT NULL, at timestamp NOT NULL);';
const CASES = 4;

describe('a scan that the migration crosses', () => {
  let opened: OpenDialect;
  beforeAll(async () => {
    opened = await openDialect('postgres');
  });
  afterAll(async () => {
    await opened[Symbol.asyncDispose]();
  });

  async function cross(up: string, key: string): Promise<readonly (readonly [PagingEvidence, ReadonlySet<string>])[]> {
    const pager = { id: 'posts', table: 'posts', key } as const;
    await using lab = await openPagerLab(opened, { dialect: 'postgres', before: BEFORE, schema: up, pager });
    const seen: (readonly [PagingEvidence, ReadonlySet<string>])[] = [];
    for (let index = 0; index < CASES; index++) {
      const run = await lab.again(EMPTY_DATASET, { kind: 'across', pager: 'posts', seed: 3, index });
      seen.push([evidenceIn(run), contradictedBy(run)]);
    }
    return seen;
  }

  it('should have a page while an index is built beside it, and lose nothing', async () => {
    const seen = await cross('CREATE INDEX CONCURRENTLY posts_at ON posts (at DESC, id DESC);', 'at desc, id desc');
    expect(seen.flatMap(([, clauses]) => [...clauses])).toEqual([]);
    const eras = seen.flatMap(([{ histories }]) =>
      histories.flatMap(({ scans }) => scans.flatMap(({ pages }) => pages.map(({ era }) => era))),
    );
    expect(new Set(eras)).toEqual(new Set(['before-up', 'during-up', 'after-up']));
    const [[shown] = []] = seen;
    expect(shown?.shownBefore).toMatch(
      /INSERT INTO public\.posts[^]*-- the first page, before the up; the second one while it runs/,
    );
    expect(shown?.shown).toBe('-- with the cursor of the last page: the other pages');
  });

  it('should go on where a key becomes of a wider type', async () => {
    const seen = await cross(
      'ALTER TABLE posts ALTER COLUMN at TYPE timestamptz, ALTER COLUMN place TYPE bigint;',
      'at desc, place, id',
    );
    expect(seen.flatMap(([, clauses]) => [...clauses])).toEqual([]);
    expect(seen.every(([{ isCrossing }]) => isCrossing)).toBe(true);
    expect(seen.some(([{ histories }]) => histories.length > 0)).toBe(true);
  });

  it('should not be followed where rows are told by something else', async () => {
    const seen = await cross(
      'ALTER TABLE posts DROP CONSTRAINT posts_pkey, ADD PRIMARY KEY (id, place);',
      'at desc, id desc, place',
    );
    expect(seen.every(([{ isCrossing, histories }]) => !isCrossing && histories.length === 0)).toBe(true);
  });
});
