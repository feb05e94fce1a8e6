/**
 * Differences in words: one sentence a person can act on.
 */
import type { CatalogChange } from '../../harness/core/catalog.ts';
import type { Cell } from '../../harness/core/dataset.ts';
import type { TableDifference } from '../../harness/core/property.ts';
import { count } from '../../harness/core/text.ts';
import type { ScriptOutcome } from '../../harness/core/trace.ts';

/** `index public.users_email_key is missing`, `column public.users.name: default is 'x', expected none`. */
function describeChange(change: CatalogChange): string {
  const subject = `${change.kind} ${change.name}`;
  if (change.change !== 'altered')
    return change.change === 'missing' ? `${subject} is gone` : `${subject} was left behind`;
  return `${subject}: ${change.attribute} is ${quoteText(change.actual)}, expected ${quoteText(change.expected)}`;
}

/** The first change in words, and how many more there are. */
export function describeChanges(changes: readonly CatalogChange[]): string {
  const telling = changes.toSorted((a, b) => rank(a) - rank(b));
  const [first] = telling;
  if (first === undefined) return 'the catalog differs';
  const more = changes.length - 1;
  return more === 0 ? describeChange(first) : `${describeChange(first)} (and ${count(more, 'more difference')})`;
}

/** Whole objects before their parts: a lost table says more than its lost columns. */
function rank(change: CatalogChange): number {
  if (change.change === 'altered') return 1;
  return change.kind === 'column' ? 2 : change.kind === 'table' ? 0 : 1;
}

/** What happened to a table's rows, with the first example. */
export function describeTableDifference(difference: TableDifference): string {
  const { table, missing, extra, changed } = difference;
  const [cell] = changed;
  if (cell !== undefined) {
    const more = changed.length > 1 ? ` (and ${count(changed.length - 1, 'more cell')})` : '';
    return `${table}.${cell.column} is ${showCell(cell.actual)}, expected ${showCell(cell.expected)}${more}`;
  }
  if (missing.length > 0 && extra.length > 0) return `${table} has ${count(missing.length, 'row')} with other values`;
  if (missing.length > 0)
    return `${count(missing.length, 'row')} of ${table} ${missing.length === 1 ? 'is' : 'are'} gone`;
  if (extra.length > 0)
    return `${table} has ${count(extra.length, 'row')} that ${extra.length === 1 ? 'was' : 'were'} not there before`;
  return `the rows of ${table} differ`;
}

/** The object that a table difference is about, independent of the data: a column where one stands out, else the table. */
export function objectOfDifference(difference: TableDifference): string {
  const [cell] = difference.changed;
  return cell === undefined ? difference.table : `${difference.table}.${cell.column}`;
}

/** Why a script did not complete. */
export function describeFailure(outcome: Exclude<ScriptOutcome, { status: 'completed' }>): string {
  const where = outcome.at === null ? '' : ` at ${outcome.at.file}:${outcome.at.line}`;
  if (outcome.status === 'timed-out') return `did not finish within ${outcome.limitMs} ms${where}`;
  return `failed${where}: ${outcome.fault.message} (${outcome.fault.code})`;
}

function showCell(cell: Cell): string {
  if (cell === null) return 'NULL';
  return cell.length > 60 ? `${quoteText(cell.slice(0, 57))}…` : quoteText(cell);
}

function quoteText(text: string | null): string {
  if (text === null) return 'none';
  return text.startsWith("'") && text.endsWith("'") && text.length > 1 ? text : `'${text}'`;
}
