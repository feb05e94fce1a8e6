/**
 * A table's keys, checks and exclusions from facts.
 */
import { compareText } from '../../../core/text.ts';
import type { Check, Exclusion, ForeignKey, UniqueKey } from '../../../core/schema.ts';
import type { ConstraintFacts, UniqueFacts } from './facts.ts';

/** Column names of one table by attribute number. */
export type ColumnNames = ReadonlyMap<number, string>;

const ACTIONS: Readonly<Record<string, string>> = {
  a: 'NO ACTION',
  r: 'RESTRICT',
  c: 'CASCADE',
  n: 'SET NULL',
  d: 'SET DEFAULT',
};

const MATCHES: Readonly<Record<string, ForeignKey['match']>> = { s: 'simple', f: 'full', p: 'partial' };

/** Names of the attribute numbers; 0 stands for expressions, whose columns `mentioned` gives. */
export function namesOf(numbers: readonly number[] | null, expressions: string | null, names: ColumnNames): string[] {
  const all = (numbers ?? []).flatMap((number) => (number === 0 ? mentioned(expressions) : [number]));
  return all.includes(0) ? [...names.values()] : [...new Set(all)].flatMap((number) => names.get(number) ?? []);
}

/** Attribute numbers of the columns in a printed expression tree; 0 is the whole row. There is no function that lists them for one key part. */
function mentioned(expressions: string | null): number[] {
  return [...(expressions ?? '').matchAll(/:varattno (\d+)/g)].map(([, number]) => Number(number));
}

export function uniqueKey(facts: UniqueFacts, names: ColumnNames): UniqueKey {
  return {
    name: facts.name,
    columns: namesOf(facts.columns, facts.expressions, names),
    hasExpressions: facts.columns.includes(0),
    sql: facts.parts.join(', '),
    predicate: facts.predicate,
    nullsNotDistinct: facts.nullsNotDistinct,
    isPrimary: facts.isPrimary,
  };
}

export function foreignKey(
  facts: ConstraintFacts,
  names: ColumnNames,
  refTable: string,
  refNames: ColumnNames,
): ForeignKey {
  const setColumns =
    facts.onDeleteColumns === null ? '' : ` (${namesOf(facts.onDeleteColumns, null, names).join(', ')})`;
  return {
    name: facts.name,
    columns: namesOf(facts.columns, null, names),
    refTable,
    refColumns: namesOf(facts.refColumns, null, refNames),
    match: MATCHES[facts.match] ?? 'simple',
    isDeferrable: facts.isDeferrable,
    onDelete: `${ACTIONS[facts.onDelete] ?? facts.onDelete}${setColumns}`,
    onUpdate: ACTIONS[facts.onUpdate] ?? facts.onUpdate,
    isEnforced: facts.isEnforced,
  };
}

export function check(facts: ConstraintFacts, names: ColumnNames): Check {
  return {
    name: facts.name,
    sql: facts.sql ?? 'true',
    columns: namesOf(facts.columns, null, names),
    isValidated: facts.isValidated,
  };
}

export function exclusion(facts: ConstraintFacts, names: ColumnNames): Exclusion {
  return {
    name: facts.name,
    columns: namesOf(facts.columns, facts.expressions, names),
    sql: facts.sql ?? '',
  };
}

/** Orders by name, by code unit. */
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return compareText(a.name, b.name);
}
