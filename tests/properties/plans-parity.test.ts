/** `index-used` and `schema-parity` on hand-made evidence: each clause can fail, and what is not known is not held. */
import { describe, expect, it } from 'vitest';
import { makeCatalog, type CatalogObject } from '../../harness/core/catalog.ts';
import type { PlannedQuery, PlansEvidence } from '../../harness/core/evidence.ts';
import type { ModelSource, ParityContext, ParityException } from '../../harness/core/parity.ts';
import type { Judgement } from '../../harness/core/property.ts';
import { indexUsed } from '../../properties/index-used.ts';
import { schemaParity } from '../../properties/schema-parity.ts';
import { failed, makeContext, makeMoment, makeTrace } from './make-trace.ts';

function explained(index: string | null, cost: string | null, kept: string | null = index): PlannedQuery {
  const node = (used: string | null) => ({
    text: used === null ? 'Seq Scan on t' : `Index Scan using ${used} on t`,
    index: used,
  });
  return {
    status: 'explained',
    rows: { t: 5000 },
    shown: 'EXPLAIN …',
    plans: [
      { kind: 'values', nodes: [node(index)], cost },
      { kind: 'kept', nodes: [node(kept)], cost },
    ],
  };
}

function judgePlans(after: PlannedQuery, over: Partial<PlansEvidence['queries'][number]> = {}): Judgement {
  const query = { id: 'page', sql: 'SELECT 1', indexes: ['t_idx'], maxCostRatio: null, before: null, after, ...over };
  const evidence: PlansEvidence = { kind: 'plans', steps: [], filling: '', queries: [query] };
  return indexUsed.judge(makeTrace([], { scenario: 'populated', evidence }), makeContext());
}

const clauseOf = (judgement: Judgement): string =>
  judgement.status === 'falsified' ? judgement.findings.map(({ clause }) => clause).join() : judgement.status;

describe('index-used', () => {
  it.each([
    ['held', explained('t_idx', '8.00'), {}],
    ['held', explained('t_idx', '8.00'), { indexes: ['other_idx', 'public."t_idx"'] }],
    ['unused', explained(null, '90.00'), {}],
    ['unused', explained('t_pkey', '9.00'), {}],
    ['unused', explained('t_idx', '8.00', null), {}],
    ['missing', { status: 'no-index', invalid: [] }, {}],
    ['missing', { status: 'no-index', invalid: ['t_idx'] }, {}],
    ['cost', explained('t_idx', '20.01'), { before: explained('t_idx', '10.00'), maxCostRatio: 2 }],
    ['held', explained('t_idx', '20.00'), { before: explained('t_idx', '10.00'), maxCostRatio: 2 }],
    ['held', explained('t_idx', '99.00'), { before: explained('t_idx', '10.00') }],
    ['unjudged', { status: 'unpopulated', reason: 't has 3 rows' }, {}],
  ] as const)('should be %s for %j with %j', (expected, after, over) => {
    expect(clauseOf(judgePlans(after, over))).toBe(expected);
  });

  it('should name the step that was taken instead', () => {
    const judgement = judgePlans(explained(null, '90.00'));
    expect(judgement.status === 'falsified' && judgement.findings[0]?.message).toContain(
      'by Seq Scan on t instead of t_idx',
    );
  });

  it('should not judge an up that did not complete, nor ask where nothing is declared', () => {
    expect(indexUsed.judge(makeTrace([], { endedEarly: 'the up script did not complete' }), makeContext()).status).toBe(
      'unjudged',
    );
    expect(indexUsed.inapplicable(makeContext())).not.toBeNull();
    expect(indexUsed.inapplicable({ ...makeContext(), queryIds: ['page'] })).toBeNull();
  });
});

const column = (type: string): CatalogObject => ({
  kind: 'column',
  name: 'public.t.a',
  table: 'public.t',
  attributes: { type },
});
const index = (definition: string): CatalogObject => ({
  kind: 'index',
  name: 'public.t_idx',
  table: 'public.t',
  attributes: { definition },
});
const check: CatalogObject = {
  kind: 'check constraint',
  name: 'public.t.t_check',
  table: 'public.t',
  attributes: { definition: 'CHECK (a > 0)' },
};
const unique: CatalogObject = {
  kind: 'unique constraint',
  name: 'public.t.t_a_key',
  table: 'public.t',
  attributes: { definition: 'UNIQUE (a)' },
};
const uniqueIndex: CatalogObject = {
  kind: 'index', name: 'public.t_a_key', table: 'public.t', attributes: { definition: 'CREATE UNIQUE INDEX t_a_key ON public.t USING btree (a)' },
}; // prettier-ignore
const ledger: CatalogObject = {
  kind: 'table',
  name: 'public._prisma_migrations',
  table: 'public._prisma_migrations',
  attributes: {},
};

interface ParitySketch {
  readonly upgraded?: readonly CatalogObject[];
  readonly fresh: readonly CatalogObject[];
  readonly model?: readonly CatalogObject[];
  readonly source?: ModelSource;
  readonly exceptions?: readonly ParityException[];
}

function sketch({ upgraded, fresh, model, source, exceptions }: ParitySketch) {
  const parity: ParityContext = {
    fresh: makeCatalog(fresh),
    model: model === undefined ? null : { source: source ?? 'sql', file: 'm', catalog: makeCatalog(model) },
    exceptions: exceptions ?? [],
  };
  const context = { ...makeContext(), parity };
  const trace = makeTrace([makeMoment('before', {}), makeMoment('after-up', { objects: upgraded ?? fresh })]);
  return { context, judgement: schemaParity.judge(trace, context) };
}

describe('schema-parity', () => {
  it.each<readonly [string, ParitySketch]>([
    ['held', { fresh: [column('int')] }],
    ['fresh-upgraded', { fresh: [column('int'), check], upgraded: [column('int')] }],
    ['held', { fresh: [column('int')], model: [column('int')] }],
    ['model', { fresh: [column('int')], model: [column('bigint')] }],
    ['model', { fresh: [column('int')], model: [column('int'), check] }],
    ['model', { fresh: [column('int'), check], model: [column('int')] }],
    ['held', { fresh: [column('int'), check], model: [column('int')], source: 'prisma' }],
    ['model', { fresh: [column('int'), check], model: [column('int')], source: 'drizzle' }],
    [
      'held',
      { fresh: [index('CREATE INDEX t_idx ON public.t USING btree (a) WHERE (a > 0)')], model: [], source: 'prisma' },
    ],
    ['held', { fresh: [index('CREATE INDEX t_idx ON public.t USING btree (lower(a))')], model: [], source: 'prisma' }],
    [
      'model',
      { fresh: [index('CREATE INDEX t_idx ON public.t USING btree (a DESC, b)')], model: [], source: 'prisma' },
    ],
    [
      'model',
      { fresh: [index('CREATE INDEX t_idx ON public.t USING btree (a) WHERE (a > 0)')], model: [], source: 'drizzle' },
    ],
    ['held', { fresh: [unique], model: [uniqueIndex], source: 'prisma' }],
    ['model', { fresh: [unique], model: [uniqueIndex], source: 'drizzle' }],
    ['held', { fresh: [column('int'), ledger], model: [column('int')] }],
    ['held', { fresh: [check], model: [], exceptions: [{ object: 'check constraint public.t.t_check', reason: 'r' }] }],
    ['held', { fresh: [check], model: [], exceptions: [{ object: 'check constraint *', reason: 'r' }] }],
    ['model', { fresh: [check], model: [], exceptions: [{ object: 'index *', reason: 'r' }] }],
  ])('should be %s for %j', (expected, given) => {
    expect(clauseOf(sketch(given).judgement)).toBe(expected);
  });

  it('should say what the language has no words for', () => {
    const { judgement } = sketch({ fresh: [check], model: [], source: 'prisma' });
    expect(judgement).toEqual({
      status: 'held',
      notes: [expect.stringContaining('Prisma has no words for check constraint public.t.t_check')],
    });
  });

  it('should report an exception that nothing needs, and the reason of one that is needed', () => {
    const exceptions = [
      { object: 'check constraint *', reason: 'one' },
      { object: 'index public.gone', reason: 'two' },
    ];
    const { context } = sketch({ fresh: [check], model: [], exceptions });
    const notes = schemaParity.conclude?.(context, new Set()) ?? [];
    expect(notes).toEqual([
      expect.stringContaining('one'),
      expect.stringContaining('nothing needs the exception for index public.gone'),
    ]);
  });

  it('should judge the model even where no rows let the up through', () => {
    const { context } = sketch({ fresh: [column('int')], model: [column('bigint')] });
    const trace = makeTrace([makeMoment('before', {}), makeMoment('after-up', {}, failed())]);
    expect(clauseOf(schemaParity.judge(trace, context))).toBe('model');
    const { context: same } = sketch({ fresh: [column('int')], model: [column('int')] });
    expect(schemaParity.judge(trace, same).status).toBe('unjudged');
    expect(schemaParity.judge(trace, makeContext()).status).toBe('unjudged');
  });
});
