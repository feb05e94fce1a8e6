/**
 * Finding what a person named (`users.email`, `public.users.email`, `"Order"."totalQuantity"`) in a schema.
 */
import type { SchemaModel, Table } from './schema.ts';

/** A table by key, by `schema.name` or by bare name, quotes optional; undefined where there is none or several. */
export function findTable(model: SchemaModel, reference: string): Table | undefined {
  const wanted = splitName(reference).join('\u0000');
  const byFullName = model.tables.find(
    (table) => table.key === reference || [table.schema, table.name].join('\u0000') === wanted,
  );
  if (byFullName !== undefined) return byFullName;
  const byName = model.tables.filter((table) => table.name === wanted);
  return byName.length === 1 ? byName[0] : undefined;
}

/** A column by `table.column`; `*` stands for the whole row. */
export function findColumn(
  model: SchemaModel,
  reference: string,
): { readonly table: Table; readonly column: string } | undefined {
  const parts = splitName(reference);
  const column = parts.pop();
  if (column === undefined || parts.length === 0) return undefined;
  const table = findTable(model, parts.map((part) => `"${part.replaceAll('"', '""')}"`).join('.'));
  if (table === undefined) return undefined;
  return column === '*' || table.columns.some(({ name }) => name === column) ? { table, column } : undefined;
}

/** The parts of a dotted name, without their quotes. */
export function splitName(reference: string): string[] {
  const parts: string[] = [];
  for (const match of reference.matchAll(/"((?:[^"]|"")*)"|`([^`]*)`|\[([^\]]*)\]|([^.]+)/g)) {
    parts.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? match[3] ?? match[4] ?? '');
  }
  return parts;
}
