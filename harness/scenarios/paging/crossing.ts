/** Whether cursors can be followed over a migration: what its pager is before and after it. */
import type { Pager } from '../../core/pager.ts';
import type { ColumnType } from '../../core/schema.ts';
import type { ScenarioSetting } from '../scenario.ts';
import { findPaged, type PagedTable } from './paged-table.ts';

/** The pager in the state before; null: it is not turned there. */
export function crossed(setting: ScenarioSetting, pager: Pager): PagedTable | null {
  if (pager.kind !== 'scan' || !setting.pagersBefore.some(({ id }) => id === pager.id)) return null;
  const paged = findPaged(setting.model, pager);
  return typeof paged === 'string' ? null : paged;
}

/**
 * Whether cursors of the pager can be followed from before the up to after it: rows are told by the same columns, and what a key was before is a
 * value of what it is after, so that both have a place in one order.
 */
export function isCrossing(setting: ScenarioSetting, paged: PagedTable): boolean {
  const earlier = crossed(setting, paged.pager);
  return earlier !== null && areCarriedOver(earlier, paged);
}

export function areCarriedOver(earlier: PagedTable, paged: PagedTable): boolean {
  if (identityOf(earlier) !== identityOf(paged)) return false;
  return paged.key.every(({ column }) => isCarriedOver(typeOf(earlier, column), typeOf(paged, column)));
}

function identityOf(paged: PagedTable): string {
  return JSON.stringify(paged.identity.map((name) => [name, typeOf(paged, name)]));
}

function typeOf({ table }: PagedTable, name: string): ColumnType | undefined {
  return table.columns.find((column) => column.name === name)?.type;
}

/** Kinds of which every value is one of the other as it is written. */
const WIDER: Readonly<Record<string, readonly string[]>> = {
  integer: ['numeric', 'float', 'text'],
  date: ['timestamp'],
};

function isCarriedOver(before: ColumnType | undefined, after: ColumnType | undefined): boolean {
  if (before === undefined || after === undefined) return false;
  if (JSON.stringify(before) === JSON.stringify(after)) return true;
  // A shorter text or a narrower number may cut a key: the up itself refuses what does not fit.
  const isPlain =
    before.kind === 'integer' || before.kind === 'numeric' || before.kind === 'text' || before.kind === 'timestamp';
  return (isPlain && before.kind === after.kind) || (WIDER[before.kind]?.includes(after.kind) ?? false);
}
