/** A condition of a table, ready for proposing and judging rows. */
import type { Expression } from './expression.ts';
import type { Wish } from './wish.ts';

export interface CheckPlan {
  readonly name: string;
  /** Null: it could not be parsed, so rows are proposed and the database decides. */
  readonly expression: Expression | null;
  readonly wish: Wish;
  readonly columns: readonly number[];
}
