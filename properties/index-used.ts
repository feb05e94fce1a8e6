/**
 * `index-used`: on populated tables the plan of each declared query uses a declared index.
 * It is judged over the scenario `populated`, whose traces carry the plans before and after the up.
 */
import { evidenceOf, type PlannedQuery, type PlansEvidence, type QueryPlan } from '../harness/core/evidence.ts';
import type { Finding, Property } from '../harness/core/property.ts';
import { splitName } from '../harness/core/schema-lookup.ts';
import { count } from '../harness/core/text.ts';
import { makeFinding } from './compare/state.ts';

type Query = PlansEvidence['queries'][number];
type Explained = Extract<PlannedQuery, { readonly status: 'explained' }>;

export const indexUsed: Property = {
  id: 'index-used',
  title: 'Declared queries use their indexes',
  law: 'plan(q, U(d)) reads i, and costs no more than r · plan(q, d)',
  clauses: [
    { id: 'missing', law: 'A declared index of the query is there after U, and valid.' },
    { id: 'unused', law: 'On populated tables, each plan of the query after U reads a declared index.' },
    { id: 'cost', law: 'The estimated cost after U is at most the declared ratio times that before it.' },
  ],
  scenario: 'populated',
  needs: 'after-up',
  quantifier: 'every-case',
  inapplicable: ({ queryIds }) =>
    queryIds.length === 0 ? 'no declared query reads what this migration touches' : null,
  obligations: () => [],
  judge(trace) {
    const evidence = evidenceOf(trace, 'plans');
    if (evidence === null) return { status: 'unjudged', reason: trace.endedEarly ?? 'no plan was read' };
    const findings = evidence.queries.flatMap(judgeQuery);
    if (findings.length > 0) return { status: 'falsified', findings };
    const unknown = evidence.queries.flatMap(({ id, after }) =>
      after?.status === 'unpopulated' ? [`${id}: ${after.reason}`] : [],
    );
    const [first] = unknown;
    return first === undefined ? { status: 'held', notes: [] } : { status: 'unjudged', reason: first };
  },
};

function judgeQuery(query: Query): readonly Finding[] {
  const { id, indexes, before, after } = query;
  if (after === null || after.status === 'unpopulated') return [];
  if (after.status === 'no-index') {
    const what = after.invalid.length > 0 ? 'is invalid' : indexes.length > 1 ? 'are missing' : 'is missing';
    return [
      makeFinding(
        'missing',
        objectOf(query),
        `after the up script, ${indexes.join(' and ')} ${what}: ${id} cannot use it`,
      ),
    ];
  }
  const unused = after.plans.find((plan) => !usesAny(plan, indexes));
  if (unused !== undefined) return [makeFinding('unused', objectOf(query), describeUnused(query, after, unused))];
  return before?.status === 'explained' ? judgeCost(query, before, after) : [];
}

function judgeCost(query: Query, before: Explained, after: Explained): readonly Finding[] {
  const { id, maxCostRatio } = query;
  if (maxCostRatio === null) return [];
  return after.plans
    .flatMap((plan) => {
      const then = before.plans.find(({ kind }) => kind === plan.kind)?.cost ?? null;
      if (then === null || plan.cost === null || Number(plan.cost) <= Number(then) * maxCostRatio) return [];
      const message = `the up script raises the estimated cost of ${id} from ${then} to ${plan.cost}, more than ${maxCostRatio} times: it now reads by ${nodesOf(plan)}`;
      return [makeFinding('cost', objectOf(query), message)];
    })
    .slice(0, 1);
}

function usesAny({ nodes }: QueryPlan, indexes: readonly string[]): boolean {
  const wanted = new Set(indexes.flatMap((index) => namesOf(index)));
  return nodes.some(({ index }) => index !== null && (wanted.has(index) || wanted.has(index.toLowerCase())));
}

/** As the database calls it, and without regard to case where it is not quoted. */
function namesOf(index: string): readonly string[] {
  const name = splitName(index).at(-1) ?? index;
  return index.endsWith('"') ? [name] : [name, name.toLowerCase()];
}

function describeUnused({ id, indexes }: Query, { rows }: Explained, plan: QueryPlan): string {
  const size = Object.entries(rows).map(([table, number]) => `${table} with ${count(number, 'row')}`);
  const how = plan.kind === 'kept' ? 'as a prepared statement that is kept, ' : '';
  const instead = plan.nodes.length === 0 ? 'without reading any table' : `by ${nodesOf(plan)}`;
  return `after the up script, ${how}${id} reads ${size.join(', ')} ${instead} instead of ${indexes.join(' or ')}`;
}

function nodesOf({ nodes }: QueryPlan): string {
  return nodes.map(({ text }) => text).join(', ');
}

/** The index stands last: it is what a script is searched for. */
function objectOf({ id, indexes }: Query): string {
  return `query ${id}, index ${indexes[0] ?? ''}`;
}
