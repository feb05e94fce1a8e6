/**
 * What a masked value must have in common with the original to be legal wherever it stands: the same answers of every check over that column
 * alone, and of the types of all columns that foreign keys join to it.
 */
import type { Column, ColumnType, SchemaModel, Table } from '../../harness/core/schema.ts';
import { passes } from '../checks/evaluate.ts';
import { columnsOf, type Expression } from '../checks/expression.ts';
import { parseExpression } from '../checks/parse.ts';
import { valueOf } from '../checks/value.ts';
import { storageOf } from '../values/storage.ts';
import type { ColumnClass } from './column-classes.ts';
import { numberLimits } from './numbers.ts';

export interface Admission {
  /** Whether a cell is the edge of a type: it stays as it is, since it tells of the type and of nobody. */
  isEdge(cell: string): boolean;
  /** Equal for cells that are legal in the same places. */
  signatureOf(cell: string): string;
}

/** A check of a table that could be read, with the positions of its columns. */
export interface ReadCheck {
  readonly name: string;
  readonly expression: Expression;
  readonly columns: readonly number[];
}

/** The checks of a table that can be judged without a database. */
export function readChecks(model: SchemaModel, table: Table): readonly ReadCheck[] {
  const fold = (name: string): string => (model.dialect === 'sqlite' ? name.toLowerCase() : name);
  const indexOf = (name: string): number | null => {
    const at = table.columns.findIndex((column) => fold(column.name) === fold(name));
    return at === -1 ? null : at;
  };
  const own = table.checks.flatMap(({ name, sql }) => readCheck(model, name, sql, indexOf));
  const ofDomains = table.columns.flatMap(({ type }, at) =>
    type.kind === 'domain' ? type.checks.flatMap((sql) => readCheck(model, type.name, sql, () => at)) : [],
  );
  return [...own, ...ofDomains];
}

function readCheck(
  { dialect }: SchemaModel,
  name: string,
  sql: string,
  indexOf: (name: string) => number | null,
): readonly ReadCheck[] {
  const expression = parseExpression(sql, { dialect, indexOf });
  return expression === null ? [] : [{ name, expression, columns: [...columnsOf(expression)] }];
}

/** Whether a row, in the order of the table's columns, passes a check: undefined where only the database can tell, or a cell is not known. */
export function rowPasses(
  model: SchemaModel,
  table: Table,
  check: ReadCheck,
  cellAt: (index: number) => string | null | undefined,
): boolean | undefined {
  return passes(check.expression, (index) => {
    const column = table.columns[index];
    const cell = cellAt(index);
    if (column === undefined || cell === undefined) return undefined;
    if (cell === null) return null;
    const storage = storageOf(model.dialect, column);
    const inner = storage.decode(cell);
    return inner === null ? undefined : valueOf(storage, inner);
  });
}

/** What counts for the columns of a class. */
export function admissionOf(model: SchemaModel, group: ColumnClass): Admission {
  const members = group.members.flatMap((ref) => {
    const table = model.tables.find(({ key }) => key === ref.table);
    const index = table?.columns.findIndex(({ name }) => name === ref.column) ?? -1;
    const column = table?.columns[index];
    if (table === undefined || column === undefined) return [];
    const checks = readChecks(model, table).filter(({ columns }) => columns.length === 1 && columns[0] === index);
    return [{ table, index, column, checks, limits: limitsOf(column) }];
  });
  return {
    isEdge: (cell) => members.some(({ limits }) => limits?.isEdge(cell) === true),
    signatureOf: (cell) =>
      members
        .flatMap(({ table, index, checks, limits }) => [
          limits?.admits(cell) ?? true,
          ...checks.map((check) => rowPasses(model, table, check, (at) => (at === index ? cell : undefined)) ?? '?'),
        ])
        .map(String)
        .join(),
  };
}

function limitsOf({ type }: Column): ReturnType<typeof numberLimits> | null {
  const base: ColumnType = type.kind === 'domain' ? type.base : type;
  if (base.kind === 'sqlite')
    return numberLimits({ kind: 'integer', min: '-9223372036854775808', max: '9223372036854775807' });
  return base.kind === 'integer' || base.kind === 'numeric' ? numberLimits(base) : null;
}
