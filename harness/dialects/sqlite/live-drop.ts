/**
 * Dropping what a migration created, in one transaction that no other writer can get between. The schema afterwards must lack exactly
 * what was to go, and no foreign key may dangle.
 */
import { openConnection } from './native-objects.ts';
import type { Database as Connection } from 'better-sqlite3';
import type { DropOutcome, DropRequest, LiveObject } from '../../core/live.ts';
import { count } from '../../core/text.ts';
import { quoteIdentifier, quoteText } from './quote.ts';

const DROPS: Readonly<Record<string, string>> = {
  trigger: 'TRIGGER',
  view: 'VIEW',
  index: 'INDEX',
  table: 'TABLE',
  'virtual table': 'TABLE',
};
/** Dependents first. */
const ORDER = ['trigger', 'view', 'index', 'virtual table', 'table'];

/** Drops the objects of a request in a session of its own. */
export function dropObjects(file: string, request: DropRequest, ledgerSql: string, ledger: string): DropOutcome {
  const startedAt = performance.now();
  const roots = rootsOf(request.objects);
  const unknown = roots.filter(({ kind }) => DROPS[kind] === undefined);
  if (unknown.length > 0) return { status: 'refused', reasons: unknown.map(describeUnknown) };
  const connection = openConnection(file, { fileMustExist: true });
  try {
    // Inside a transaction it would not count; what dangles is looked for before the commit.
    connection.pragma('foreign_keys = OFF');
    connection.exec('BEGIN IMMEDIATE');
    const filled = request.evenWithRows ? [] : findFilled(connection, roots);
    if (filled.length > 0) return { status: 'refused', reasons: filled };
    const before = readNames(connection, ledger);
    const dangling = countDangling(connection);
    const statements = ORDER.flatMap((kind) =>
      roots.filter((root) => root.kind === kind).map(({ name }) => `DROP ${DROPS[kind] ?? ''} main.${name}`),
    );
    for (const statement of statements) connection.exec(statement);
    const reasons = [
      ...findSurprises(before, readNames(connection, ledger), request.objects),
      ...(countDangling(connection) > dangling ? ['rows of other tables refer to what would be dropped'] : []),
    ];
    if (reasons.length > 0) return { status: 'refused', reasons };
    connection.exec(`${ledgerSql}; COMMIT`);
    return { status: 'dropped', statements, durationMs: Math.round(performance.now() - startedAt) };
  } catch (error) {
    return { status: 'refused', reasons: [error instanceof Error ? error.message : String(error)] };
  } finally {
    if (connection.inTransaction) connection.exec('ROLLBACK');
    connection.close();
  }
}

/** What has to be dropped by itself: not the columns, constraints, indexes and triggers of tables that go. */
function rootsOf(objects: readonly LiveObject[]): readonly LiveObject[] {
  const holders = new Set(
    objects
      .filter(({ kind }) => kind === 'table' || kind === 'view' || kind === 'virtual table')
      .map(({ name }) => name),
  );
  return objects.filter(
    ({ kind, name, table }) => holders.has(name) || table === null || !holders.has(table) || kind === 'view',
  );
}

function describeUnknown({ kind, name }: LiveObject): string {
  return kind === 'column'
    ? `it added the column ${name} to a table that was there before: dropping that would lose its values`
    : `it created the ${kind} ${name}, which no inferred drop takes away`;
}

function findFilled(connection: Connection, roots: readonly LiveObject[]): readonly string[] {
  return roots
    .filter(({ kind }) => kind === 'table' || kind === 'virtual table')
    .flatMap(({ name }) => {
      const rows = Number(
        connection.prepare(`SELECT count(*) FROM (SELECT 1 FROM main.${name} LIMIT 1001)`).pluck().get(),
      );
      return rows === 0 ? [] : [`${name} holds ${rows > 1000 ? 'more than 1000 rows' : count(rows, 'row')}`];
    });
}

type Names = ReadonlyMap<string, string>;

/** Every entry of the schema with its text, by kind and quoted name. */
function readNames(connection: Connection, ledger: string): Names {
  const rows = connection
    .prepare(
      `SELECT type, name, tbl_name, coalesce(sql, '') FROM main.sqlite_schema
        WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~' AND tbl_name <> ${quoteText(ledger)}`,
    )
    .raw()
    .all() as [string, string, string, string][];
  return new Map(
    rows.map(([type, name, table, sql]) => [`${type} ${quoteIdentifier(name)}`, `${quoteIdentifier(table)}\n${sql}`]),
  );
}

function findSurprises(before: Names, after: Names, objects: readonly LiveObject[]): readonly string[] {
  const tables = new Set(
    objects.filter(({ kind }) => kind === 'table' || kind === 'virtual table').map(({ name }) => name),
  );
  const wanted = new Set(objects.map(({ kind, name }) => `${kind === 'virtual table' ? 'table' : kind} ${name}`));
  // A virtual table keeps its content in tables named after it.
  const virtual = objects.filter(({ kind }) => kind === 'virtual table').map(({ name }) => name);
  const isOurs = (entry: string) =>
    wanted.has(entry) ||
    tables.has(before.get(entry)?.split('\n')[0] ?? '') ||
    virtual.some((table) => entry.startsWith(`table ${table}_`));
  return [
    ...[...before.keys()]
      .filter((entry) => !after.has(entry) && !isOurs(entry))
      .map((entry) => `dropping them would take the ${entry} along`),
    ...[...after]
      .filter(([entry, sql]) => before.get(entry) !== sql)
      .map(([entry]) => `dropping them would alter the ${entry}`),
    ...[...tables].filter((table) => after.has(`table ${table}`)).map((table) => `the table ${table} would not go`),
  ];
}

function countDangling(connection: Connection): number {
  return (connection.pragma('foreign_key_check') as unknown[]).length;
}
