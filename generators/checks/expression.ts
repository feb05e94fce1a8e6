/** Conditions as a small tree: what `parse.ts` reads, `evaluate.ts` judges and `wishes.ts` turns into proposals. */
import type { Value } from './value.ts';

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type MatchKind = 'like' | 'ilike' | 'regex' | 'iregex' | 'glob';

export type Expression =
  /** `index` of the table's columns. */
  | { readonly kind: 'column'; readonly index: number }
  | { readonly kind: 'literal'; readonly value: Value | null }
  | { readonly kind: 'logic'; readonly op: 'and' | 'or'; readonly args: readonly Expression[] }
  | { readonly kind: 'not'; readonly arg: Expression }
  | { readonly kind: 'compare'; readonly op: Comparison; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'distinct'; readonly isNegated: boolean; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: 'is';
      readonly what: 'null' | 'true' | 'false';
      readonly isNegated: boolean;
      readonly arg: Expression;
    }
  | {
      readonly kind: 'in';
      readonly isNegated: boolean;
      readonly arg: Expression;
      readonly items: readonly Expression[];
    }
  | {
      readonly kind: 'match';
      readonly how: MatchKind;
      readonly isNegated: boolean;
      readonly arg: Expression;
      readonly pattern: Expression;
    }
  | { readonly kind: 'arithmetic'; readonly op: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'cast'; readonly arg: Expression; readonly to: string }
  | {
      readonly kind: 'case';
      readonly branches: readonly { readonly when: Expression; readonly result: Expression }[];
      readonly otherwise: Expression | null;
    }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  /** Something that cannot be judged here. */
  | { readonly kind: 'opaque'; readonly args: readonly Expression[] };

/** The direct parts of an expression. */
function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'column':
    case 'literal':
      return [];
    case 'logic':
    case 'call':
    case 'opaque':
      return expression.args;
    case 'not':
    case 'is':
    case 'cast':
      return [expression.arg];
    case 'compare':
    case 'distinct':
    case 'arithmetic':
      return [expression.left, expression.right];
    case 'in':
      return [expression.arg, ...expression.items];
    case 'match':
      return [expression.arg, expression.pattern];
    case 'list':
      return expression.items;
    default:
      return [
        ...expression.branches.flatMap((branch) => [branch.when, branch.result]),
        ...(expression.otherwise === null ? [] : [expression.otherwise]),
      ];
  }
}

/** The columns an expression mentions. */
export function columnsOf(expression: Expression, into: Set<number> = new Set()): Set<number> {
  if (expression.kind === 'column') into.add(expression.index);
  for (const part of partsOf(expression)) columnsOf(part, into);
  return into;
}

/** The comparison that holds when the sides change places. */
export const MIRRORED: Readonly<Record<Comparison, Comparison>> = {
  '=': '=', '<>': '<>', '<': '>', '<=': '>=', '>': '<', '>=': '<=',
}; // prettier-ignore

/** The comparison that holds when this one does not. */
export const NEGATED: Readonly<Record<Comparison, Comparison>> = {
  '=': '<>', '<>': '=', '<': '>=', '<=': '>', '>': '<=', '>=': '<',
}; // prettier-ignore

/** Whether an order (negative, zero, positive) satisfies a comparison. */
export function satisfies(op: Comparison, order: number): boolean {
  switch (op) {
    case '=':
      return order === 0;
    case '<>':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    default:
      return order >= 0;
  }
}

/** The column behind casts, or null. */
export function bareColumn(expression: Expression): number | null {
  if (expression.kind === 'column') return expression.index;
  return expression.kind === 'cast' ? bareColumn(expression.arg) : null;
}
