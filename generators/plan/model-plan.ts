/** Works out, once for a model, how each table is filled. */
import type { SchemaModel, Table } from '../../harness/core/schema.ts';
import type { ColumnPlan } from './column-plan.ts';
import { orderComponents } from './graph.ts';
import type { ForeignKeyPlan, ModelPlan, TablePlan, TableShape } from './table-plan.ts';
import { shapeTable, type OverrideOf } from './table-shape.ts';

/** Plans models one after another. The shapes of the last model's tables are kept for the next one, and no others, so memory stays bounded. */
export class ModelPlanner {
  readonly #overrideOf: OverrideOf;
  #shapes = new Map<string, TableShape>();

  constructor(overrideOf: OverrideOf) {
    this.#overrideOf = overrideOf;
  }

  /** Plans every table of a model. Needs the parser loaded. */
  plan(model: SchemaModel): ModelPlan {
    const indexOf = new Map(model.tables.map((table, index) => [table.key, index]));
    const edges = model.tables.map((table) => table.foreignKeys.flatMap((key) => indexOf.get(key.refTable) ?? []));
    const components = orderComponents(edges);
    const componentOf = new Map(
      components.flatMap((members, at) => members.map((member): [number, number] => [member, at])),
    );
    const shapes = new Map<string, TableShape>();
    const tables = model.tables.map((table, index): TablePlan => {
      const key = JSON.stringify([model.dialect, table]);
      const shape = this.#shapes.get(key) ?? shapeTable(model.dialect, table, this.#overrideOf);
      shapes.set(key, shape);
      const foreignKeys = planForeignKeys(model, table, index, shape.columns, indexOf, componentOf);
      const cyclic = new Set(foreignKeys.filter((each) => each.isCyclic).flatMap((each) => each.columns));
      return { ...shape, index, table, foreignKeys, cyclic };
    });
    this.#shapes = shapes;
    return { tables, components, byKey: new Map(tables.map((plan) => [plan.table.key, plan])) };
  }
}

function planForeignKeys(
  model: SchemaModel,
  table: Table,
  index: number,
  columns: readonly ColumnPlan[],
  indexOf: ReadonlyMap<string, number>,
  componentOf: ReadonlyMap<number, number>,
): ForeignKeyPlan[] {
  const plans = table.foreignKeys.flatMap((key): ForeignKeyPlan[] => {
    const target = indexOf.get(key.refTable);
    const targetTable = target === undefined ? undefined : model.tables[target];
    if (target === undefined || targetTable === undefined) return [];
    const own = key.columns.map((name) => table.columns.findIndex((column) => column.name === name));
    const theirs = key.refColumns.map((name) => targetTable.columns.findIndex((column) => column.name === name));
    if (own.includes(-1) || theirs.includes(-1)) return [];
    return [
      {
        key,
        columns: own,
        target,
        targetColumns: theirs,
        isRequired:
          own.every((column) => columns[column]?.isNullable === false) ||
          (key.match === 'full' && own.some((column) => columns[column]?.isNullable === false)),
        isCyclic: componentOf.get(target) === componentOf.get(index),
      },
    ];
  });
  return plans.toSorted((a, b) => b.columns.length - a.columns.length);
}
