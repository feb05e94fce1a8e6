/**
 * Plans, read from EXPLAIN and never by running the statement.
 *
 * A statement with placeholders is prepared and explained six times with the declared values. The first plan is made for the values, as it
 * is for every execution by a driver that does not keep statements. The sixth is what a session that keeps the statement goes on with:
 * from then on the server itself decides between a plan for the values and one for any values, by their costs.
 */
import { DatabaseError } from 'pg';
import type { Client } from 'pg';
import type { ExplainRequest, ExplainResult, IndexState } from '../../core/dialect.ts';
import type { PlanNode, QueryPlan } from '../../core/evidence.ts';
import { splitName } from '../../core/schema-lookup.ts';
import { queryRows, SET_EXACT_TEXT } from './connection.ts';
import { isSessionLost, toFault } from './faults.ts';
import { quoteLiteral, quoteQualified } from './quote.ts';
import { splitUnchecked } from './split.ts';

/** The server's own count of plans for values before it weighs a plan for any. */
const PLANS_FOR_VALUES = 5;

/** Explains one statement in a transaction that cannot write. Throws only when the session is lost. */
export async function explainQuery(client: Client, { sql, params, limitMs }: ExplainRequest): Promise<ExplainResult> {
  const [statement] = splitUnchecked(sql);
  const text = statement?.text ?? sql;
  try {
    await client.query(`BEGIN READ ONLY; ${SET_EXACT_TEXT} SET LOCAL statement_timeout = ${Math.ceil(limitMs)}`);
    const { plans, shown } = await explainInside(client, text, params);
    return { status: 'explained', plans: await withRootIndexes(client, plans), sql: shown };
  } catch (error) {
    if (!(error instanceof DatabaseError) || isSessionLost(error)) throw error;
    return { status: 'failed', fault: toFault(error, statement?.command ?? '') };
  } finally {
    await client.query('ROLLBACK; DEALLOCATE ALL').catch(() => undefined);
  }
}

async function explainInside(
  client: Client,
  text: string,
  params: readonly string[],
): Promise<{ plans: readonly QueryPlan[]; shown: string }> {
  const prepare = `PREPARE palindrome_query AS ${text}`;
  if (params.length === 0 && !/\$\d/.test(text)) {
    return { plans: [await readPlan(client, `EXPLAIN (FORMAT JSON) ${text}`, 'values')], shown: `EXPLAIN ${text}` };
  }
  await client.query(prepare);
  if (params.length === 0) {
    const [[count] = []] = await queryRows(
      client,
      `SELECT cardinality(parameter_types)::text FROM pg_prepared_statements WHERE name = 'palindrome_query'`,
    );
    const call = callOf(Array.from({ length: Number(count) }, () => 'NULL'));
    await client.query('SET LOCAL plan_cache_mode = force_generic_plan');
    const shown = `${prepare};\nSET plan_cache_mode = force_generic_plan;\nEXPLAIN ${call}`;
    return { plans: [await readPlan(client, `EXPLAIN (FORMAT JSON) ${call}`, 'kept')], shown };
  }
  const values: string[] = [];
  for (const param of params) {
    const [[value = null] = []] = await queryRows(client, `SELECT (${param}\n)::text`);
    values.push(value === null ? 'NULL' : quoteLiteral(value));
  }
  const call = callOf(values);
  const explain = `EXPLAIN (FORMAT JSON) ${call}`;
  const first = await readPlan(client, explain, 'values');
  for (let again = 1; again < PLANS_FOR_VALUES; again++) await client.query(explain);
  const kept = await readPlan(client, explain, 'kept');
  return { plans: [first, kept], shown: `${prepare};\nEXPLAIN ${call}` };
}

function callOf(values: readonly string[]): string {
  return `EXECUTE palindrome_query${values.length === 0 ? '' : `(${values.join(', ')})`}`;
}

interface JsonPlan {
  readonly 'Node Type': string;
  readonly 'Total Cost': number;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly JsonPlan[];
}

async function readPlan(client: Client, explain: string, kind: QueryPlan['kind']): Promise<QueryPlan> {
  const [[text] = []] = await queryRows(client, explain);
  const [top] = JSON.parse(text ?? '[]') as { readonly Plan: JsonPlan }[];
  if (top === undefined) return { kind, nodes: [], cost: null };
  return { kind, nodes: readingNodes(top.Plan), cost: top.Plan['Total Cost'].toFixed(2) };
}

function readingNodes(plan: JsonPlan): PlanNode[] {
  const { 'Node Type': type, 'Relation Name': relation, 'Index Name': index } = plan;
  const own =
    relation === undefined && index === undefined
      ? []
      : [
          {
            text: [type, index === undefined ? '' : `using ${index}`, relation === undefined ? '' : `on ${relation}`]
              .filter((part) => part !== '')
              .join(' '),
            index: index ?? null,
          },
        ];
  return [...own, ...(plan.Plans ?? []).flatMap(readingNodes)];
}

/** A partition's index stands for the one that was declared on the root. */
async function withRootIndexes(client: Client, plans: readonly QueryPlan[]): Promise<readonly QueryPlan[]> {
  const names = [...new Set(plans.flatMap(({ nodes }) => nodes.flatMap(({ index }) => index ?? [])))];
  if (names.length === 0) return plans;
  const rows = await queryRows(
    client,
    `SELECT c.relname, r.relname FROM pg_class c JOIN pg_class r ON r.oid = pg_partition_root(c.oid)
      WHERE c.relkind = 'i' AND c.relispartition AND c.relname IN (${names.map(quoteLiteral).join(', ')})`,
  );
  const roots = new Map(rows.map(([name, root]) => [name ?? '', root ?? '']));
  const nodeOf = (node: PlanNode): PlanNode => ({ ...node, index: roots.get(node.index ?? '') ?? node.index });
  return plans.map((plan) => ({ ...plan, nodes: plan.nodes.map(nodeOf) }));
}

/** What is there under these names. A name may be qualified, and quoted as in SQL; without quotes its case does not matter. */
export async function findIndexes(client: Client, names: readonly string[]): Promise<readonly IndexState[]> {
  if (names.length === 0) return [];
  const rows = await queryRows(
    client,
    `SELECT n.nspname, c.relname, i.indisvalid AND i.indisready, tn.nspname, t.relname
       FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace
      WHERE n.nspname NOT IN ('pg_catalog', 'pg_toast')`,
  );
  return names.map((asked) => {
    const parts = splitName(asked);
    const name = parts.at(-1) ?? '';
    const schema = parts.length > 1 ? parts.at(-2) : undefined;
    const found = rows.filter(
      ([inSchema, called]) =>
        (called === name || called === name.toLowerCase()) && (schema === undefined || schema === inSchema),
    );
    const [best] = found.toSorted(([, , a], [, , b]) => (a === b ? 0 : a === 't' ? -1 : 1));
    if (best === undefined) return { name: asked, state: 'missing', table: null };
    const [, , isUsable, tableSchema, table] = best;
    return {
      name: asked,
      state: isUsable === 't' ? 'usable' : 'invalid',
      table: quoteQualified(tableSchema ?? '', table ?? ''),
    };
  });
}
