import type { MigrationSet } from '../core/migration.ts';

/** Whether what is declared from one migration until another concerns the state in which the first `applied` migrations have run. */
export function isInSpan(
  set: MigrationSet,
  span: { readonly from: string | null; readonly until: string | null },
  applied: number,
): boolean {
  const position = (id: string | null, otherwise: number): number => {
    if (id === null) return otherwise;
    const at = set.migrations.findIndex((migration) => migration.id === id || migration.name === id);
    return at === -1 ? otherwise : at + 1;
  };
  return applied >= position(span.from, 1) && applied <= position(span.until, set.migrations.length);
}
