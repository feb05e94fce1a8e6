/**
 * Whether the foreign keys of a state do what they declare where a parent gets another key: the child follows, loses its reference, or
 * stands in the way. Each trial gives one referenced column of one parent another value, and is rolled back.
 */
import type { Cell, Row } from '../core/dataset.ts';
import type { AttemptResult } from '../core/dialect.ts';
import type { Probe } from '../core/evidence.ts';
import type { Column, ForeignKey, Table } from '../core/schema.ts';
import type { ProbeSetting } from './probe-constraints.ts';

/** Values that are tried: one that another parent has, or that a check forbids, tells nothing. */
const MOST_VALUES = 12;

/** Probes ON UPDATE of a foreign key whose child has a parent. Null: nothing was told. */
export async function probeKeyChange(setting: ProbeSetting, table: Table, key: ForeignKey): Promise<Probe | null> {
  const { database, dialect, queryLimitMs, at, model } = setting;
  const place = changeablePlace(
    model.tables.find((each) => each.key === key.refTable),
    key,
  );
  if (place === null) return null;
  const names = key.columns.map((name) => dialect.quoteIdentifier(name));
  const parents = key.refColumns.map((name) => dialect.quoteIdentifier(name));
  const ask = async (sql: string): Promise<Row | undefined> => {
    const result = await database.query(sql, 1, queryLimitMs);
    return result.status === 'rows' ? result.rows[0] : undefined;
  };
  const filled = names.map((name) => `${name} IS NOT NULL`).join(' AND ');
  const child = await ask(`SELECT ${names.join(', ')} FROM ${table.key} WHERE ${filled} LIMIT 1`);
  if (child === undefined) return null;
  const match = (columns: readonly string[], row: Row): string =>
    columns.map((name, index) => `${name} = ${dialect.renderCell(row[index] ?? null)}`).join(' AND ');
  const empty = names.map((name) => `${name} IS NULL`).join(' AND ');
  const look = (row: Row): string =>
    `SELECT ${[
      countSql(table.key, match(names, child)),
      countSql(table.key, match(names, row)),
      countSql(table.key, empty),
      countSql(table.key, '1 = 1'),
      countSql(key.refTable, match(parents, row)),
    ].join(', ')}`;
  const before = readCounts(await ask(look(child)));
  if (before === null) return null;
  const trials = otherValues(setting, key, place, child[place] ?? null).map((cell) => {
    const row = child.map((old, index) => (index === place ? cell : old));
    const set = `${parents[place]} = ${dialect.renderCell(cell)}`;
    return { row, statement: `UPDATE ${key.refTable} SET ${set} WHERE ${match(parents, child)}` };
  });
  for (const { row, statement } of trials) {
    const [result] = await database.attempt([{ statements: [statement], look: look(row), ends: 'rollback' }]);
    const instead = result === undefined ? undefined : whatInstead(setting, table, key, result, before);
    if (instead === undefined) continue;
    return {
      at,
      table: table.key,
      constraint: `ON UPDATE ${key.onUpdate.toUpperCase()} of ${key.name} of ${table.key}`,
      part: 'action',
      outcome: instead === null ? 'works' : 'broken',
      sql: statement,
      instead,
    };
  }
  return null;
}

function countSql(from: string, condition: string): string {
  return `(SELECT count(*) FROM ${from} WHERE ${condition})`;
}

/** The last referenced column that may be written; null: there is none. */
function changeablePlace(parent: Table | undefined, { refColumns }: ForeignKey): number | null {
  const place = refColumns.findLastIndex((name) => {
    const column = parent?.columns.find((each) => each.name === name);
    return column !== undefined && isWritable(column);
  });
  return place === -1 ? null : place;
}

function isWritable({ generated, identity }: Column): boolean {
  return generated === null && identity !== 'always';
}

/** Other values of the referenced column: those that generated parents have, then simple ones. */
function otherValues({ source, model }: ProbeSetting, key: ForeignKey, place: number, old: Cell): readonly Cell[] {
  const column = key.refColumns[place] ?? '';
  const generated = [7, 11].flatMap((index) => {
    const dataset = source.generate({ model, seed: index, index, focus: [key.refTable], literals: [] });
    const rows = dataset.tables.find(({ table }) => table === key.refTable);
    const at = rows?.columns.indexOf(column) ?? -1;
    return at === -1 ? [] : (rows?.rows.map((row) => row[at] ?? null) ?? []);
  });
  const simple = source.simplerCells(model, key.refTable, column, old);
  const values = [...generated, ...simple].filter((cell): cell is string => cell !== null && cell !== old);
  return [...new Set(values)].slice(0, MOST_VALUES);
}

/** Children with the parent's old key, with its new one, and with none; all children; parents with the new key. */
interface Counts {
  readonly old: number;
  readonly moved: number;
  readonly empty: number;
  readonly all: number;
  readonly parents: number;
}

function readCounts(row: Row | undefined): Counts | null {
  if (row === undefined) return null;
  const [old = 0, moved = 0, empty = 0, all = 0, parents = 0] = row.map(Number);
  return { old, moved, empty, all, parents };
}

/** Null: it acted as declared. Undefined: something else decided (another key, a check, a trigger), which tells nothing of this one. */
function whatInstead(
  setting: ProbeSetting,
  table: Table,
  key: ForeignKey,
  { fault, rows }: AttemptResult,
  before: Counts,
): string | null | undefined {
  const action = key.onUpdate.toUpperCase();
  const isRefusal = /^(NO ACTION|RESTRICT)/.test(action);
  if (fault !== null) {
    if (action.startsWith('SET NULL') && fault.class === 'not-null' && key.columns.includes(fault.column ?? ''))
      return `the parent keeps its key: ${fault.message}`;
    if (isRestricted(action, fault)) return null;
    if (fault.class !== 'foreign-key') return undefined;
    const isToBlame = isBlamed(setting, table, key, fault);
    if (isRefusal) return isToBlame || fault.constraint === null ? null : undefined;
    // The default of a column need not be a parent's key.
    return isToBlame && !action.startsWith('SET DEFAULT') ? `the parent keeps its key: ${fault.message}` : undefined;
  }
  const after = readCounts(rows[0]);
  if (after === null || after.parents === 0 || after.all !== before.all) return undefined;
  if (after.old > 0)
    return action.startsWith('NO ACTION') && key.isDeferrable
      ? undefined
      : `the parent has another key, and rows of ${table.key} still refer to the old one`;
  if (action.startsWith('CASCADE') && after.moved < before.old)
    return `the parent has another key, and rows of ${table.key} do not refer to it`;
  if (action.startsWith('SET NULL') && after.empty < before.empty + before.old)
    return `the parent has another key, and rows of ${table.key} that referred to it are not NULL`;
  return null;
}

/** SQLite carries RESTRICT out by a trigger of its own, and refuses as a trigger does. */
export function isRestricted(action: string, { code }: { readonly code: string }): boolean {
  return action.startsWith('RESTRICT') && code === 'SQLITE_CONSTRAINT_TRIGGER';
}

/** Whether a foreign key is what refused: the fault names it, or does not tell which one it was, as SQLite never does, and no other can be it. */
export function isBlamed(
  { model }: ProbeSetting,
  table: Table,
  key: ForeignKey,
  { constraint }: { readonly constraint: string | null },
): boolean {
  if (constraint !== null) return constraint === key.name;
  const near = new Set([table.key, key.refTable]);
  const others = model.tables.flatMap((each) =>
    each.foreignKeys.filter((other) => other !== key && (near.has(each.key) || near.has(other.refTable))),
  );
  return others.length === 0;
}
