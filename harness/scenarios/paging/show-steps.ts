/** A case as SQL, for a person to repeat. */
import type { Dataset } from '../../core/dataset.ts';
import type { Interleaving, InterleavingStep } from '../../core/interleaving.ts';
import type { NamedCells } from '../../core/later-write.ts';
import type { SqlPages } from '../../core/pager.ts';
import type { KindRun, PagingGround } from './kind.ts';

/** The rows, and the first page. */
export function showRows(ground: PagingGround, rows: Dataset): string {
  const { setting, bench, paged } = ground;
  const { pages } = paged.pager;
  const lines = [setting.dialect.renderRows(rows, bench.model)];
  if (pages.kind === 'sql') lines.push(...pageComment(pages));
  return lines.join('\n');
}

/** The rows as they are before the up, and which pages come before it and after it. */
export function showAcross(
  { setting, paged }: PagingGround,
  rows: Dataset,
  { limit, isDuring, isDown }: { readonly limit: number; readonly isDuring: boolean; readonly isDown: boolean },
): Pick<KindRun, 'shown' | 'shownBefore'> {
  const { pages } = paged.pager;
  const first = isDuring
    ? '-- the first page, before the up; the second one while it runs'
    : '-- two pages, before the up';
  const rest = isDown ? 'the next page; the others after the down' : 'the other pages';
  return {
    shownBefore: [
      setting.dialect.renderRows(rows, setting.model),
      ...(pages.kind === 'sql' ? pageComment(pages) : []),
      `${first}, of ${limit} each`,
    ].join('\n'),
    shown: `-- with the cursor of the last page: ${rest}`,
  };
}

/**
 * The rows and the steps. Where sessions are in transactions at once, no single shell can do them: then each line says whose it is, for as many
 * shells as there are sessions.
 */
export function showSteps(ground: PagingGround, rows: Dataset, interleaving: Interleaving): string {
  const { steps } = interleaving;
  const isSerial = !hasOverlap(steps);
  const lines = steps.map((step) => {
    const sql = sqlOf(ground, step);
    return isSerial && step.op !== 'page' ? `${sql} -- ${step.session}` : `-- ${step.session}: ${sql}`;
  });
  const how = isSerial
    ? ['-- the steps in their order; pages are asked for where the comments say so']
    : ['-- each session in a shell of its own, in this order'];
  return [showRows(ground, rows), ...how, ...lines].join('\n');
}

/** The rows, and what each session does by itself: nobody tells them when. */
export function showOverlap(ground: PagingGround, rows: Dataset, { steps }: Interleaving): string {
  const writers = [...new Set(steps.filter(({ op }) => op !== 'page').map(({ session }) => session))];
  const lines = writers.flatMap((name) => [
    `-- ${name}, in a shell of its own, at the same time as the others, again and again:`,
    ...steps.filter(({ session }) => session === name).map((step) => `-- ${sqlOf(ground, step)}`),
  ]);
  return [showRows(ground, rows), ...lines].join('\n');
}

function pageComment({ first, next }: SqlPages): string[] {
  return [`-- first page: ${oneLine(first)}`, `-- next pages: ${oneLine(next)}`];
}

function oneLine(sql: string): string {
  return sql.replaceAll(/\s+/g, ' ').trim();
}

function hasOverlap(steps: readonly InterleavingStep[]): boolean {
  let open: string | null = null;
  for (const { session, op } of steps) {
    if (op === 'page') continue;
    if (open !== null && open !== session) return true;
    if (op === 'begin') open = session;
    if (op === 'commit' || op === 'rollback') open = null;
  }
  return false;
}

function sqlOf({ setting, paged }: PagingGround, step: InterleavingStep): string {
  const { dialect } = setting;
  const { key: table } = paged.table;
  const pairs = ({ columns, row }: NamedCells): string[] =>
    columns.map((name, at) => `${dialect.quoteIdentifier(name)} = ${dialect.renderCell(row[at] ?? null)}`);
  switch (step.op) {
    case 'insert':
    case 'reinsert': {
      const names = step.columns.map((name) => dialect.quoteIdentifier(name)).join(', ');
      return `INSERT INTO ${table} (${names}) VALUES (${step.row.map((cell) => dialect.renderCell(cell)).join(', ')});`;
    }
    case 'update-key':
    case 'update-other':
      return `UPDATE ${table} SET ${pairs(step).join(', ')} WHERE ${pairs(step.key).join(' AND ')};`;
    case 'delete':
      return `DELETE FROM ${table} WHERE ${pairs(step.key).join(' AND ')};`;
    case 'page':
      return 'the next page';
    default:
      return `${step.op.toUpperCase()};`;
  }
}
