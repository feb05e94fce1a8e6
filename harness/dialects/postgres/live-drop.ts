/**
 * Dropping what a migration created, in one transaction: tables are locked before their rows are looked for, nothing is dropped by CASCADE,
 * and the catalog afterwards must lack exactly what was to go.
 */
import { DatabaseError } from 'pg';
import type { Client } from 'pg';
import type { Catalog } from '../../core/catalog.ts';
import { diffCatalogs } from '../../core/catalog.ts';
import type { DropOutcome, DropRequest, LiveObject } from '../../core/live.ts';
import { count } from '../../core/text.ts';
import { readCatalog } from './catalog.ts';
import { queryRows } from './connection.ts';
import { isSessionLost } from './faults.ts';

const OTHERS_DEPEND = '2BP01';
/** Objects that hold others: what lies in them goes with them. */
const HOLDERS = new Set(['table', 'foreign table', 'view', 'materialized view']);
const ROUTINES = new Set(['function', 'procedure', 'aggregate', 'window function']);
const TYPES = new Set(['enum', 'composite type', 'range type', 'base type', 'shell type']);
const PLAIN: Readonly<Record<string, string>> = {
  table: 'TABLE',
  'foreign table': 'FOREIGN TABLE',
  view: 'VIEW',
  'materialized view': 'MATERIALIZED VIEW',
  sequence: 'SEQUENCE',
  index: 'INDEX',
  domain: 'DOMAIN',
  schema: 'SCHEMA',
  collation: 'COLLATION',
  'statistics object': 'STATISTICS',
};
/** Parts of an object that has no table of its own. */
const PARTS = new Set(['extension dependency', 'view column settings', 'domain constraint']);

type Refused = Extract<DropOutcome, { status: 'refused' }>;

/** Drops the objects of a request. Leaves no transaction open. Errors of the connection pass through. */
export async function dropObjects(
  client: Client,
  request: DropRequest,
  ledgerSql: string,
  ownView: (catalog: Catalog) => Catalog,
): Promise<DropOutcome> {
  const startedAt = performance.now();
  const roots = rootsOf(request.objects);
  const unknown = roots.filter((root) => dropSql(root) === null);
  if (unknown.length > 0) return refuse(unknown.map(describeUnknown));
  await client.query('BEGIN');
  try {
    const tables = roots.filter(({ kind }) => kind === 'table').map(({ name }) => name);
    if (tables.length > 0) await client.query(`LOCK TABLE ${tables.join(', ')} IN ACCESS EXCLUSIVE MODE`);
    const filled = request.evenWithRows ? [] : await findFilled(client, tables);
    if (filled.length > 0) return await abandon(client, filled);
    const before = ownView(await readCatalog(client, { roles: false }));
    const { statements, blocked } = await dropInOrder(client, roots);
    if (blocked.length > 0) return await abandon(client, blocked);
    const after = ownView(await readCatalog(client, { roles: false }));
    const surprises = findSurprises(before, after, request.objects);
    if (surprises.length > 0) return await abandon(client, surprises);
    await client.query(ledgerSql);
    await client.query('COMMIT');
    return { status: 'dropped', statements, durationMs: Math.round(performance.now() - startedAt) };
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** What has to be dropped by itself: not the parts of what goes anyway. */
function rootsOf(objects: readonly LiveObject[]): readonly LiveObject[] {
  const holders = new Set(objects.filter(({ kind }) => HOLDERS.has(kind)).map(({ name }) => name));
  return objects.filter(
    ({ kind, name, table }) =>
      !PARTS.has(kind) && (HOLDERS.has(kind) || table === null || !holders.has(table)) && name !== '',
  );
}

/** Null: only a person can undo it. */
function dropSql({ kind, name, table }: LiveObject): string | null {
  const plain = PLAIN[kind];
  if (plain !== undefined) return `DROP ${plain} IF EXISTS ${name}`;
  if (TYPES.has(kind)) return `DROP TYPE IF EXISTS ${name}`;
  if (ROUTINES.has(kind)) return `DROP ROUTINE IF EXISTS ${name}`;
  if (table === null) return null;
  const own = name.slice(table.length + 1);
  if (kind === 'trigger' || kind === 'rule' || kind === 'policy') return `DROP ${kind} IF EXISTS ${own} ON ${table}`;
  if (kind.endsWith('constraint') || kind === 'primary key' || kind === 'foreign key')
    return `ALTER TABLE ${table} DROP CONSTRAINT IF EXISTS ${own}`;
  return null;
}

function describeUnknown({ kind, name }: LiveObject): string {
  return kind === 'column'
    ? `it added the column ${name} to a table that was there before: dropping that would lose its values`
    : `it created the ${kind} ${name}, which no inferred drop takes away`;
}

async function findFilled(client: Client, tables: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const table of tables) {
    const [row] = await queryRows(client, `SELECT count(*) FROM (SELECT FROM ${table} LIMIT 1001) AS found`);
    const rows = Number(row?.[0] ?? 0);
    if (rows > 0) found.push(`${table} holds ${rows > 1000 ? 'more than 1000 rows' : count(rows, 'row')}`);
  }
  return found;
}

/** Tables go together, since they may refer to each other; the rest one by one, again and again until none is in another's way. */
async function dropInOrder(
  client: Client,
  roots: readonly LiveObject[],
): Promise<{ readonly statements: readonly string[]; readonly blocked: readonly string[] }> {
  const tables = roots.filter(({ kind }) => kind === 'table');
  let left: readonly { readonly sql: string; readonly what: string }[] = [
    ...roots
      .filter(({ kind }) => kind !== 'table')
      .map((root) => ({ sql: dropSql(root) ?? '', what: `${root.kind} ${root.name}` })),
    ...(tables.length === 0
      ? []
      : [
          {
            sql: `DROP TABLE ${tables.map(({ name }) => name).join(', ')}`,
            what: tables.map(({ name }) => `table ${name}`).join(', '),
          },
        ]),
  ];
  const statements: string[] = [];
  while (left.length > 0) {
    const blocked: { readonly sql: string; readonly what: string; readonly why: string }[] = [];
    for (const { sql, what } of left) {
      const why = await tryDrop(client, sql);
      if (why === null) statements.push(sql);
      else blocked.push({ sql, what, why });
    }
    if (blocked.length === left.length)
      return {
        statements: [],
        blocked: blocked.map(({ what, why }) => `something else depends on the ${what}: ${why}`),
      };
    left = blocked;
  }
  return { statements, blocked: [] };
}

async function tryDrop(client: Client, sql: string): Promise<string | null> {
  await client.query('SAVEPOINT palindrome_drop');
  try {
    await client.query(`${sql} RESTRICT`.replace(/^(DROP (?:trigger|rule|policy) .*) RESTRICT$/, '$1'));
    await client.query('RELEASE palindrome_drop');
    return null;
  } catch (error) {
    if (!(error instanceof DatabaseError) || isSessionLost(error) || error.code !== OTHERS_DEPEND) throw error;
    await client.query('ROLLBACK TO palindrome_drop');
    return (error.detail ?? error.message).replaceAll('\n', '; ');
  }
}

/** Everything that differs but the absence of what was to go. */
function findSurprises(before: Catalog, after: Catalog, objects: readonly LiveObject[]): readonly string[] {
  const wanted = new Set(objects.map(({ kind, name }) => `${kind}\0${name}`));
  const changes = diffCatalogs(before, after);
  const gone = new Set(
    changes.filter(({ change }) => change === 'missing').map(({ kind, name }) => `${kind}\0${name}`),
  );
  return [
    ...changes
      .filter(({ change, kind, name }) => change !== 'missing' || !wanted.has(`${kind}\0${name}`))
      .map(({ change, kind, name }) => `dropping them would leave the ${kind} ${name} ${change}`),
    ...objects
      .filter(({ kind, name }) => !gone.has(`${kind}\0${name}`))
      .map(({ kind, name }) => `the ${kind} ${name} would not go`),
  ];
}

async function abandon(client: Client, reasons: readonly string[]): Promise<Refused> {
  await client.query('ROLLBACK');
  return refuse(reasons);
}

function refuse(reasons: readonly string[]): Refused {
  return { status: 'refused', reasons };
}
