/** Tables and columns of a schema model of which a test says only what matters to it. */
import type { Column, ColumnType, Table } from '../../harness/core/schema.ts';

/** NOT NULL, without a default. */
export function makeColumn(name: string, type: ColumnType, more: Partial<Column> = {}): Column {
  return {
    name,
    type,
    isNullable: false,
    defaultSql: null,
    generated: null,
    identity: null,
    isAutoNumbered: false,
    ...more,
  };
}

/** A table without keys, constraints and rows, in the schema `public`. */
export function makeTable(name: string, columns: readonly Column[], more: Partial<Table> = {}): Table {
  return {
    key: `public.${name}`,
    schema: 'public',
    name,
    columns,
    primaryKey: [],
    uniques: [],
    foreignKeys: [],
    checks: [],
    exclusions: [],
    triggers: [],
    partitioning: null,
    notInsertable: null,
    existing: [],
    ...more,
  };
}
