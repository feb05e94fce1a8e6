/** Which rule counts for which column, and everything that is wrong with the rules. */
import type { MaskConfig, MaskRule } from '../../harness/core/mask-rule.ts';
import { findColumn, findTable, splitName } from '../../harness/core/schema-lookup.ts';
import type { Column, ColumnType, SchemaModel, Table } from '../../harness/core/schema.ts';
import { classesOf, refName, type ColumnClass } from './column-classes.ts';
import { guess, treatmentOf, type Decision } from './treatment.ts';

/** The decision for each column, by `refName`, and the complaints about rules: a sentence each. */
export interface Decisions {
  readonly byColumn: ReadonlyMap<string, Decision>;
  readonly issues: readonly string[];
}

/** Decides for every column that is written. */
export function decide(model: SchemaModel, rules: MaskConfig['rules']): Decisions {
  const classes = classesOf(model);
  const issues: string[] = [];
  const given = new Map<string, Given>();
  for (const [pattern, rule] of Object.entries(rules ?? {})) {
    const matches = matchesOf(model, pattern);
    if (matches.length === 0) issues.push(`"${pattern}" names no column of the data`);
    for (const { table, column } of matches) {
      const name = refName({ table: table.key, column: column.name });
      const rank = rankOf(pattern);
      const known = given.get(name);
      if (known === undefined || rank < known.rank) given.set(name, { pattern, rank, rule });
    }
  }
  const byColumn = new Map<string, Decision>();
  for (const table of model.tables)
    for (const column of table.columns) {
      if (column.generated !== null) continue;
      const name = refName({ table: table.key, column: column.name });
      byColumn.set(name, decideOne(model, classes.get(name), given, table, column, issues));
    }
  return { byColumn, issues: [...new Set(issues)] };
}

interface Given {
  readonly pattern: string;
  readonly rank: number;
  readonly rule: MaskRule;
}

function decideOne(
  model: SchemaModel,
  group: ColumnClass | undefined,
  given: ReadonlyMap<string, Given>,
  table: Table,
  column: Column,
  issues: string[],
): Decision {
  const own = given.get(refName({ table: table.key, column: column.name }));
  const members = group?.members ?? [];
  if (own?.rule === 'null') {
    // A reference can be emptied without the column that it refers to.
    const isReferredTo = members.length > 1 && group?.root.table === table.key && group.root.column === column.name;
    const decision = treatmentOf('null');
    const complaint = complainOf(decision, table, column, isReferredTo);
    if (complaint !== null) issues.push(`"${own.pattern}": ${complaint}`);
    return decision;
  }
  const rules = members.flatMap((ref) => given.get(refName(ref)) ?? []).filter(({ rule }) => rule !== 'null');
  const best = rules.toSorted((a, b) => a.rank - b.rank)[0] ?? own;
  if (best === undefined) {
    const root = group === undefined ? undefined : columnAt(model, group.root.table, group.root.column);
    return guess(root?.name ?? column.name, column.type, column.isNullable);
  }
  const rival = rules.find(
    ({ rank, rule }) => rank === best.rank && JSON.stringify(rule) !== JSON.stringify(best.rule),
  );
  if (rival !== undefined)
    issues.push(`"${best.pattern}" and "${rival.pattern}" are joined by a foreign key and have different rules`);
  const decision = treatmentOf(best.rule);
  const complaint = complainOf(decision, table, column, members.length > 1);
  if (complaint !== null) issues.push(`"${best.pattern}": ${complaint}`);
  return decision;
}

function complainOf({ treatment, kind }: Decision, table: Table, column: Column, isJoined: boolean): string | null {
  const name = refName({ table: table.key, column: column.name });
  if (treatment.how === 'null' && !column.isNullable) return `${name} cannot be NULL`;
  if (isJoined && ['shuffle', 'constant', 'shift-per', 'null'].includes(treatment.how))
    return `${name} is joined by a foreign key, so ${kind} would break its references`;
  if (treatment.how === 'shift-per' && !table.columns.some(({ name: other }) => other === treatment.per))
    return `${table.key} has no column ${treatment.per}`;
  return fits(treatment.how, column.type) ? null : `${name} has a type for which ${kind} means nothing`;
}

function fits(how: Decision['treatment']['how'], type: ColumnType): boolean {
  const base = type.kind === 'domain' ? type.base : type;
  if (base.kind === 'sqlite') return true;
  const isText = base.kind === 'text' || base.kind === 'ltree';
  switch (how) {
    case 'fake':
    case 'format':
    case 'iban':
    case 'hash':
      return isText;
    case 'ip':
      return isText || base.kind === 'network';
    case 'uuid':
      return isText || base.kind === 'uuid';
    case 'json':
      return isText || base.kind === 'json';
    case 'shift':
    case 'shift-per':
      return isText || ['date', 'timestamp', 'integer'].includes(base.kind);
    case 'scramble':
    case 'scale':
      return isText || ['integer', 'numeric', 'float', 'money'].includes(base.kind);
    default:
      return true;
  }
}

/** The smaller, the more exact. */
function rankOf(pattern: string): number {
  const { table, column } = partsOf(pattern);
  return (table === '*' ? 2 : 0) + (column === '*' ? 1 : 0);
}

function partsOf(pattern: string): { readonly table: string; readonly column: string } {
  const parts = splitName(pattern);
  const column = parts.pop() ?? '*';
  if (parts.length === 0) return { table: '*', column: pattern === '*' ? '*' : column };
  return { table: parts.map((part) => (part === '*' ? part : `"${part.replaceAll('"', '""')}"`)).join('.'), column };
}

function matchesOf(model: SchemaModel, pattern: string): { readonly table: Table; readonly column: Column }[] {
  const { table, column } = partsOf(pattern);
  if (pattern !== '*' && !pattern.includes('.')) return [];
  const named = findTable(model, table);
  const tables = table === '*' ? model.tables : named === undefined ? [] : [named];
  return tables.flatMap((each) =>
    each.columns
      .filter(({ name, generated }) => generated === null && (column === '*' || name === column))
      .map((found) => ({ table: each, column: found })),
  );
}

function columnAt(model: SchemaModel, table: string, column: string): Column | undefined {
  const found = findColumn(model, `${table}."${column.replaceAll('"', '""')}"`);
  return found?.table.columns.find(({ name }) => name === found.column);
}
