/** Whether an order tells all rows apart is known from the schema alone; codecs and plans are judged from what was seen of them. */
import { describe, expect, it } from 'vitest';
import type { PagingEvidence } from '../../harness/core/paging-history.ts';
import type { PagerKey } from '../../harness/core/pager.ts';
import type { Column, Table, UniqueKey } from '../../harness/core/schema.ts';
import { whyNotTotal } from '../../harness/core/total-order.ts';
import { judgeCodec, judgeOrder, judgePlans } from '../../properties/paging/evidence-clauses.ts';
import { makeColumn, makeTable } from '../core/make-schema.ts';

function column(name: string, isNullable: boolean): Column {
  const type = { kind: 'text', maxLength: null, fixed: false, caseInsensitive: false } as const;
  return makeColumn(name, type, { isNullable });
}

function unique(columns: readonly string[], more: Partial<UniqueKey> = {}): UniqueKey {
  return {
    name: 'u',
    columns,
    hasExpressions: false,
    sql: columns.join(', '),
    predicate: null,
    nullsNotDistinct: false,
    isPrimary: false,
    ...more,
  };
}

const EVENTS: Table = makeTable(
  'events',
  [column('tenant', false), column('id', false), column('at', false), column('code', true)],
  { primaryKey: ['tenant', 'id'] },
);

function by(...columns: readonly string[]): readonly PagerKey[] {
  return columns.map((name) => ({ column: name, direction: 'asc', nulls: null }));
}

describe('an order', () => {
  it('should be total where the primary key lies within it', () => {
    expect(whyNotTotal(EVENTS, by('at', 'tenant', '"id"'), null)).toBeNull();
  });

  it('should not be total without it, and say what to add', () => {
    expect(whyNotTotal(EVENTS, by('at', 'id'), null)).toBe(
      'the order (at, id) of public.events does not tell all rows apart: no unique key of the table lies within it; end it with tenant to break ties',
    );
  });

  it.each(["tenant = 7 AND code = 'x OR y'", "code <> 'x' AND (tenant = 'a')", 'tenant = $3', "tenant = 'a'::text"])(
    'should be total within a filter that fixes the rest: %s',
    (filter) => {
      const fixed = filter.includes(' OR ') ? 'tenant = 7' : filter;
      expect(whyNotTotal(EVENTS, by('at', 'id'), fixed)).toBeNull();
    },
  );

  it.each(['tenant = 7 OR true', 'tenant > 7', 'tenant = code'])(
    'should not be by a filter that does not: %s',
    (filter) => {
      expect(whyNotTotal(EVENTS, by('at', 'id'), filter)).toContain('does not tell all rows apart');
    },
  );

  it('should not be total by a unique column that may be NULL, unless NULLs are not distinct', () => {
    expect(whyNotTotal({ ...EVENTS, uniques: [unique(['code'])] }, by('code'), null)).toContain('code may be NULL');
    expect(
      whyNotTotal({ ...EVENTS, uniques: [unique(['code'], { nullsNotDistinct: true })] }, by('code'), null),
    ).toBeNull();
  });

  it.each([{ predicate: 'tenant > 1' }, { hasExpressions: true }])(
    'should not be total by a unique index of part of it: %o',
    (more) => {
      expect(whyNotTotal({ ...EVENTS, uniques: [unique(['at'], more)] }, by('at'), null)).not.toBeNull();
    },
  );
});

const SEEN: PagingEvidence = {
  kind: 'paging',
  pager: 'events-page',
  steps: [],
  histories: [],
  codec: [],
  plans: [],
  order: null,
  promises: { indexes: ['events_cursor_idx'], maxCostRatio: 2 },
  isCrossing: false,
  shown: '',
};

describe('what is judged beside histories', () => {
  it('should be the order', () => {
    expect(judgeOrder(SEEN)).toEqual([]);
    expect(judgeOrder({ ...SEEN, order: 'the order (at) …' }).map(({ clause }) => clause)).toEqual(['total-order']);
  });

  it.each([
    ['kept', ['1'], 0],
    ['changed', ['1'], 1],
    ['refused', ['1'], 1],
    ['failed', ['1'], 1],
    ['refused', null, 0],
    ['failed', null, 1],
    ['accepted', null, 1],
  ] as const)('should be a cursor that is %s, made of %o', (outcome, key, faults) => {
    const found = judgeCodec({ ...SEEN, codec: [{ key, cursor: 'abc', outcome, message: null }] });
    expect(found).toHaveLength(faults);
    for (const { clause, message } of found) expect([clause, message.includes('abc')]).toEqual(['codec', true]);
  });

  it('should be a page that reads no declared index, and one that costs more the deeper it is', () => {
    const plan = { era: 'steady', index: 'events_cursor_idx', text: 'Index Scan' } as const;
    const good = [
      { ...plan, page: 'first', cost: '4.2' },
      { ...plan, page: 'deep', cost: '8.4' },
    ] as const;
    expect(judgePlans({ ...SEEN, plans: good })).toEqual([]);
    const bad = [
      good[0],
      { ...good[1], cost: '8.5' },
      { ...plan, page: 'next', index: null, cost: '4', text: 'Seq Scan on events\n  x' },
    ] as const;
    expect(judgePlans({ ...SEEN, plans: bad }).map(({ message }) => message)).toEqual([
      'the second page reads none of events_cursor_idx: Seq Scan on events',
      'a page deep in the table costs 8.5, more than 2 times the 4.2 of the first one: it grows with the number of the page',
    ]);
    expect(judgePlans({ ...SEEN, plans: bad, promises: { indexes: [], maxCostRatio: null } })).toEqual([]);
  });
});
