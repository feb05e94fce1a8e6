/** Wishes: what a row should hold so that a condition comes true. */
import type { Comparison, Expression, MatchKind } from './expression.ts';

export type Measure = 'value' | 'characters' | 'bytes' | 'elements';

/** `date` and `datetime`: text as SQLite's functions of that name give it. */
export type Shape = 'lower' | 'upper' | 'trimmed' | 'visible' | 'date' | 'datetime';

/** A wish for one column. */
export type Atom =
  | { readonly kind: 'null'; readonly column: number; readonly isNull: boolean }
  | {
      readonly kind: 'bound';
      readonly column: number;
      readonly op: Comparison;
      readonly measure: Measure;
      /** May mention other columns: they are drawn first. */
      readonly value: Expression;
    }
  | {
      readonly kind: 'set';
      readonly column: number;
      readonly isNegated: boolean;
      readonly values: readonly Expression[];
    }
  | {
      readonly kind: 'pattern';
      readonly column: number;
      readonly how: MatchKind;
      readonly isNegated: boolean;
      readonly pattern: string;
    }
  | { readonly kind: 'truth'; readonly column: number; readonly value: boolean }
  | { readonly kind: 'shape'; readonly column: number; readonly shape: Shape }
  | { readonly kind: 'json'; readonly column: number; readonly type: string; readonly key: string | null }
  | { readonly kind: 'subset'; readonly column: number; readonly items: readonly Expression[] };

export type Wish =
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Wish[] }
  /** As many of `items` as one of `counts` come true, the others do not. */
  | {
      readonly kind: 'count';
      readonly items: readonly { readonly yes: Wish; readonly no: Wish }[];
      readonly counts: readonly number[];
    }
  | { readonly kind: 'free' | 'never' }
  | Atom;
