/** Columns that foreign keys join: what one of them becomes, all become. */
import type { SchemaModel } from '../../harness/core/schema.ts';
import { compareText } from '../../harness/core/text.ts';

/** A column by table and name. */
export interface ColumnRef {
  readonly table: string;
  readonly column: string;
}

/** Columns joined by foreign keys, directly or through others; a column that none joins is a class of its own. */
export interface ColumnClass {
  readonly members: readonly ColumnRef[];
  /** The column to which the others refer, in the end. */
  readonly root: ColumnRef;
}

/** `table.column`, as reports and errors write it. */
export function refName({ table, column }: ColumnRef): string {
  return `${table}.${column}`;
}

/** The class of every column, by `refName`. */
export function classesOf(model: SchemaModel): ReadonlyMap<string, ColumnClass> {
  const leader = new Map<string, string>();
  const refs = new Map<string, ColumnRef>();
  for (const { key, columns } of model.tables)
    for (const { name } of columns) {
      const ref = { table: key, column: name };
      refs.set(refName(ref), ref);
      leader.set(refName(ref), refName(ref));
    }
  const find = (name: string): string => {
    const next = leader.get(name) ?? name;
    return next === name ? name : find(next);
  };
  const referring = new Set<string>();
  for (const { key, foreignKeys } of model.tables)
    for (const foreign of foreignKeys)
      foreign.columns.forEach((column, at) => {
        const from = refName({ table: key, column });
        const to = refName({ table: foreign.refTable, column: foreign.refColumns[at] ?? '' });
        if (!refs.has(from) || !refs.has(to)) return;
        if (from !== to) referring.add(from);
        leader.set(find(from), find(to));
      });
  const members = new Map<string, ColumnRef[]>();
  for (const [name, ref] of refs) members.set(find(name), [...(members.get(find(name)) ?? []), ref]);
  const classes = new Map<string, ColumnClass>();
  for (const group of members.values()) {
    const ordered = group.toSorted((a, b) => compareText(refName(a), refName(b)));
    const root = ordered.find((ref) => !referring.has(refName(ref))) ?? ordered[0];
    if (root === undefined) continue;
    for (const ref of ordered) classes.set(refName(ref), { members: ordered, root });
  }
  return classes;
}
