/**
 * Whether the foreign keys of a state do what they declare where a parent goes, or gets another key (`probe-key-change.ts`): the child
 * follows, loses its reference, or stands in the way.
 */
import type { Row } from '../core/dataset.ts';
import type { Probe } from '../core/evidence.ts';
import type { ForeignKey, Table } from '../core/schema.ts';
import type { ProbeSetting } from './probe-constraints.ts';
import { isBlamed, isRestricted, probeKeyChange } from './probe-key-change.ts';

/** Probes ON DELETE and ON UPDATE of the enforced foreign keys of a table that has a child with a parent. Keys of a table to itself are left out. */
export async function probeActions(setting: ProbeSetting, table: Table): Promise<readonly Probe[]> {
  const probes: Probe[] = [];
  for (const key of table.foreignKeys) {
    if (!key.isEnforced || key.refTable === table.key) continue;
    for (const probe of [await probeDelete(setting, table, key), await probeKeyChange(setting, table, key)])
      if (probe !== null) probes.push(probe);
  }
  return probes;
}

async function probeDelete(setting: ProbeSetting, table: Table, key: ForeignKey): Promise<Probe | null> {
  const { database, dialect, queryLimitMs, at } = setting;
  const names = key.columns.map((name) => dialect.quoteIdentifier(name));
  const filled = names.map((name) => `${name} IS NOT NULL`).join(' AND ');
  const found = await database.query(
    `SELECT ${names.join(', ')} FROM ${table.key} WHERE ${filled} LIMIT 1`,
    1,
    queryLimitMs,
  );
  const child = found.status === 'rows' ? found.rows[0] : undefined;
  if (child === undefined) return null;
  const match = (columns: readonly string[]): string =>
    columns.map((name, place) => `${name} = ${dialect.renderCell(child[place] ?? null)}`).join(' AND ');
  const counted = await database.query(`SELECT count(*) FROM ${table.key}`, 1, queryLimitMs);
  const before = counted.status === 'rows' ? (counted.rows[0]?.[0] ?? null) : null;
  const statement = `DELETE FROM ${key.refTable} WHERE ${match(key.refColumns.map((name) => dialect.quoteIdentifier(name)))}`;
  const look = `SELECT (SELECT count(*) FROM ${table.key} WHERE ${match(names)}), (SELECT count(*) FROM ${table.key})`;
  const [result] = await database.attempt([{ statements: [statement], look, ends: 'rollback' }]);
  if (result === undefined) return null;
  const action = key.onDelete.toUpperCase();
  const instead = whatInstead(setting, action, table, key, result, before);
  if (instead === undefined) return null;
  return {
    at,
    table: table.key,
    constraint: `ON DELETE ${action} of ${key.name} of ${table.key}`,
    part: 'action',
    outcome: instead === null ? 'works' : 'broken',
    sql: statement,
    instead,
  };
}

/** Null: it acted as declared. Undefined: something else decided (another key, a trigger), which tells nothing of this one. */
function whatInstead(
  setting: ProbeSetting,
  action: string,
  table: Table,
  key: ForeignKey,
  {
    fault,
    rows,
  }: {
    readonly fault: {
      readonly code: string;
      readonly class: string;
      readonly constraint: string | null;
      readonly column: string | null;
      readonly message: string;
    } | null;
    readonly rows: readonly Row[];
  },
  before: string | null,
): string | null | undefined {
  if (fault !== null) {
    if (action.startsWith('SET NULL') && fault.class === 'not-null' && key.columns.includes(fault.column ?? ''))
      return `the parent cannot go: ${fault.message}`;
    if (isRestricted(action, fault)) return null;
    const isRefusal = /^(NO ACTION|RESTRICT)/.test(action);
    if (/^(CASCADE|SET NULL)/.test(action) && fault.class === 'foreign-key' && isBlamed(setting, table, key, fault))
      return `the parent cannot go: ${fault.message}`;
    return isRefusal && fault.class === 'foreign-key' && (fault.constraint === null || fault.constraint === key.name)
      ? null
      : undefined;
  }
  const [still = null, total = null] = rows[0] ?? [];
  if (still !== '0')
    return /^(NO ACTION)/.test(action) && key.isDeferrable
      ? undefined
      : `the parent is gone, and rows of ${table.key} still refer to it`;
  if (action.startsWith('SET ') && total !== before) return undefined;
  return null;
}
