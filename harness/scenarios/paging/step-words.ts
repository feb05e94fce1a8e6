/** Steps in words, and as what is sent. */
import type { Cell, Row } from '../../core/dataset.ts';
import type { InterleavingStep } from '../../core/interleaving.ts';
import type { LaterWrite } from '../../core/later-write.ts';
import type { SessionAnswer } from '../../core/session.ts';
import { count } from '../../core/text.ts';
import type { PagedTable } from './paged-table.ts';
import type { Turned } from './page-turner.ts';

/** The write that a step is; null: it is none. */
export function writeOf(step: InterleavingStep, table: string): LaterWrite | null {
  switch (step.op) {
    case 'insert':
    case 'reinsert':
      return { op: 'insert', table, columns: step.columns, row: step.row };
    case 'update-key':
    case 'update-other':
      return { op: 'update', table, key: step.key, columns: step.columns, row: step.row };
    case 'delete':
      return { op: 'delete', table, key: step.key };
    default:
      return null;
  }
}

/** What a step does, in one line: `insert 7 (created_at 2024-03-10 12:00:00+00)`. */
export function stepText(step: InterleavingStep, paged: PagedTable, page: number | null): string {
  switch (step.op) {
    case 'insert':
    case 'reinsert': {
      const cellOf = (name: string): Cell => step.row[step.columns.indexOf(name)] ?? null;
      const keys = paged.key.filter(({ column }) => !paged.identity.includes(column));
      const told = keys.map(({ column }) => `${column} ${shown(cellOf(column))}`).join(', ');
      return `insert ${shownRow(paged.identity.map(cellOf))}${told === '' ? '' : ` (${told})`}`;
    }
    case 'update-key':
    case 'update-other': {
      const sets = step.columns.map((name, at) => `${name} = ${shown(step.row[at] ?? null)}`).join(', ');
      return `update ${shownRow(step.key.row)}: ${sets}`;
    }
    case 'delete':
      return `delete ${shownRow(step.key.row)}`;
    case 'page':
      return `page ${page ?? ''}`.trim();
    default:
      return step.op;
  }
}

/** How a step ended, in one line. */
export function outcomeOf(
  step: InterleavingStep,
  answer: Exclude<SessionAnswer, { readonly status: 'blocked' }>,
): string {
  if (answer.status === 'failed') return `${answer.fault.message} (${answer.fault.code}), rolled back`;
  return step.op === 'commit' ? 'done' : count(answer.rows.length, 'row');
}

/** What a page returned, in one line. */
export function turnedText(turned: Exclude<Turned, { readonly status: 'blocked' }>): string {
  if (turned.status === 'failed') return turned.message;
  if (turned.items.length === 0) return 'no rows';
  const rows = turned.items.map(({ identity }) => shownRow(identity)).join(', ');
  return `${turned.items.length === 1 ? 'row' : 'rows'} ${rows}${turned.cursor === null ? ', the end' : ''}`;
}

function shownRow(row: Row): string {
  return row.map(shown).join('/');
}

function shown(cell: Cell): string {
  if (cell === null) return 'NULL';
  return cell.length > 40 ? `${cell.slice(0, 37)}…` : cell;
}
