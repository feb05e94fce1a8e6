/** What generation needs to know of a table, worked out once for a model. */
import type { ForeignKey, Table, UniqueKey } from '../../harness/core/schema.ts';
import type { CheckPlan } from '../checks/check-plan.ts';
import type { ExclusionPlan } from '../checks/exclusion.ts';
import type { Expression } from '../checks/expression.ts';
import type { ColumnPlan } from './column-plan.ts';

export interface UniquePlan {
  readonly key: UniqueKey;
  readonly columns: readonly number[];
  /** A partial key's condition where it could be parsed; rows for which it is certainly not true are outside the key. */
  readonly predicate: Expression | null;
}

export interface ForeignKeyPlan {
  readonly key: ForeignKey;
  readonly columns: readonly number[];
  /** Index of the table referred to. */
  readonly target: number;
  readonly targetColumns: readonly number[];
  /** No column of it can be NULL, so every row needs a parent. */
  readonly isRequired: boolean;
  /** Parent and child refer to each other, directly or not: the reference is set when all rows of the group are known. */
  readonly isCyclic: boolean;
}

/** What a table's own definition says. */
export interface TableShape {
  readonly columns: readonly ColumnPlan[];
  readonly uniques: readonly UniquePlan[];
  readonly checks: readonly CheckPlan[];
  readonly exclusions: readonly ExclusionPlan[];
  /** Indexes of columns in the order in which they are given values: those of comparisons before those compared with them. */
  readonly columnOrder: readonly number[];
  /** Columns of unique keys of a single column. */
  readonly keyColumns: ReadonlySet<number>;
  /** Columns whose default may stand in for a value in some cases. */
  readonly omittable: readonly number[];
  /** Rows already there, as inner text; undefined where a cell has no inner text. */
  readonly existing: readonly (readonly (string | null | undefined)[])[];
  /** Why the table cannot be filled; null: it can. */
  readonly blocked: string | null;
}

/** A table among the others of its model. */
export interface TablePlan extends TableShape {
  readonly index: number;
  readonly table: Table;
  /** Widest first, so that a shared column is set by the key that constrains it most. */
  readonly foreignKeys: readonly ForeignKeyPlan[];
  /** Columns of foreign keys that wait for the rows of their cycle. */
  readonly cyclic: ReadonlySet<number>;
}

export interface ModelPlan {
  readonly tables: readonly TablePlan[];
  readonly byKey: ReadonlyMap<string, TablePlan>;
  /** Tables in groups, parents first. */
  readonly components: readonly (readonly number[])[];
}
