/** What a table's own definition says about filling it. Models of successive migrations share most tables, so shapes are kept between them. */
import type * as fc from 'fast-check';
import type { DialectName } from '../../harness/core/migration.ts';
import type { Check, Table } from '../../harness/core/schema.ts';
import type { CheckPlan } from '../checks/check-plan.ts';
import { planExclusion } from '../checks/exclusion.ts';
import { columnsOf, type Expression } from '../checks/expression.ts';
import { parseExpression, type NameScope } from '../checks/parse.ts';
import { partitionCondition } from '../checks/partition.ts';
import type { Atom, Wish } from '../checks/wish.ts';
import { wishFor } from '../checks/wishes.ts';
import { planColumn, type ColumnPlan } from './column-plan.ts';
import { planOmissions } from './omissions.ts';
import type { TableShape, UniquePlan } from './table-plan.ts';

/** The user's arbitrary for a column, as inner text; null: none. */
export type OverrideOf = (dialect: DialectName, table: Table, column: string) => fc.Arbitrary<string | null> | null;

/** Works out the shape of one table. */
export function shapeTable(dialect: DialectName, table: Table, overrideOf: OverrideOf): TableShape {
  const scope = scopeOf(dialect, table);
  const columns = table.columns.map((column, at) =>
    planColumn(dialect, table, column, at, overrideOf(dialect, table, column.name)),
  );
  const referring = new Set(
    table.foreignKeys.flatMap((key) => key.columns.flatMap((name) => scope.indexOf(name) ?? [])),
  );
  const rank = (column: number): number => (referring.has(column) ? column : columns.length + column);
  const checks = [
    ...tableChecks(table, scope, rank),
    ...domainChecks(columns, rank),
    ...partitionChecks(table, scope, rank),
  ];
  const uniques = planUniques(table, scope);
  return {
    columns,
    uniques,
    checks,
    exclusions: table.exclusions.map((exclusion) => planExclusion(exclusion, scope)).filter((plan) => plan !== null),
    columnOrder: orderColumns(columns.length, checks),
    keyColumns: new Set(uniques.flatMap((unique) => (unique.columns.length === 1 ? unique.columns : []))),
    omittable: planOmissions(table, columns, checks, referring),
    existing: table.existing.map((row) =>
      row.map((cell, at) => (cell === null ? null : (columns[at]?.storage.decode(cell) ?? undefined))),
    ),
    blocked: whyBlocked(table, columns),
  };
}

function scopeOf(dialect: DialectName, table: Table): NameScope {
  const exact = new Map(table.columns.map((column, at) => [column.name, at]));
  const folded = new Map(table.columns.map((column, at) => [column.name.toLowerCase(), at]));
  const isFolding = dialect === 'sqlite';
  return {
    dialect,
    indexOf: (name) => exact.get(name) ?? (isFolding ? folded.get(name.toLowerCase()) : undefined) ?? null,
  };
}

function planUniques(table: Table, scope: NameScope): UniquePlan[] {
  return table.uniques.map((key) => ({
    key,
    columns: key.columns.flatMap((name) => scope.indexOf(name) ?? []),
    predicate: key.predicate === null ? null : parseExpression(key.predicate, scope),
  }));
}

type Rank = (column: number) => number;

function tableChecks(table: Table, scope: NameScope, rank: Rank): CheckPlan[] {
  return table.checks.map((check) => planCheck(check, parseExpression(check.sql, scope), rank));
}

function planCheck(check: Pick<Check, 'name'>, expression: Expression | null, rank: Rank): CheckPlan {
  return {
    name: check.name,
    expression,
    wish: expression === null ? { kind: 'free' } : wishFor(expression, true, rank),
    columns: expression === null ? [] : [...columnsOf(expression)],
  };
}

/** A domain's conditions over VALUE, as conditions over the column. */
function domainChecks(columns: readonly ColumnPlan[], rank: Rank): CheckPlan[] {
  return columns.flatMap((plan) => {
    const type = plan.column.type;
    return domainConditions(type).map((sql) => {
      const scope: NameScope = {
        dialect: 'postgres',
        indexOf: (name) => (name.toLowerCase() === 'value' ? plan.index : null),
      };
      return planCheck(
        { name: type.kind === 'domain' ? type.name : plan.column.name },
        parseExpression(sql, scope),
        rank,
      );
    });
  });
}

function domainConditions(type: ColumnPlan['column']['type']): readonly string[] {
  return type.kind === 'domain' ? [...type.checks, ...domainConditions(type.base)] : [];
}

function partitionChecks(table: Table, scope: NameScope, rank: Rank): CheckPlan[] {
  if (table.partitioning === null) return [];
  const expression = partitionCondition(table.partitioning, scope);
  return expression === null ? [] : [planCheck({ name: 'partition bounds' }, expression, rank)];
}

/** Columns so that those which a wish compares with come before the column that follows the wish. */
function orderColumns(size: number, checks: readonly CheckPlan[]): number[] {
  const after = new Map<number, Set<number>>();
  for (const check of checks) {
    for (const atom of atomsOf(check.wish)) {
      if (atom.kind !== 'bound') continue;
      const before = after.get(atom.column) ?? new Set<number>();
      columnsOf(atom.value, before);
      after.set(atom.column, before);
    }
  }
  const order: number[] = [];
  const seen = new Set<number>();
  const visit = (column: number): void => {
    if (seen.has(column)) return;
    seen.add(column);
    for (const before of after.get(column) ?? []) visit(before);
    order.push(column);
  };
  for (let column = 0; column < size; column++) visit(column);
  return order;
}

function atomsOf(wish: Wish): Atom[] {
  switch (wish.kind) {
    case 'free':
    case 'never':
      return [];
    case 'all':
    case 'any':
      return wish.parts.flatMap(atomsOf);
    case 'count':
      return wish.items.flatMap((item) => [...atomsOf(item.yes), ...atomsOf(item.no)]);
    default:
      return [wish];
  }
}

function whyBlocked(table: Table, columns: readonly ColumnPlan[]): string | null {
  if (table.notInsertable !== null) return table.notInsertable;
  const missing = columns.find(
    (plan) =>
      !plan.isGivable &&
      plan.column.generated === null &&
      !plan.isNullable &&
      plan.column.defaultSql === null &&
      plan.column.identity === null,
  );
  if (missing === undefined) return null;
  const { type } = missing.column;
  return `column ${missing.column.name} is NOT NULL and no value can be made for its type ${'name' in type ? type.name : type.kind}`;
}
