/** The full story of one falsified property: what broke, where, on which rows, and how to see it again. */
import type { TableRows } from '../harness/core/dataset.ts';
import type { DialectName } from '../harness/core/migration.ts';
import type { ReportCounterexample, ReportMigration, ReportResult, ReportSet } from '../harness/core/report.ts';
import { count } from '../harness/core/text.ts';
import { describeCatalogChanges, describeDifference, describeFault } from './finding-words.ts';
import { drawExcerpt, drawStatement } from './excerpt.ts';
import { cutTo, hang, widthOf, wrap } from './fit.ts';
import { drawInterleaving } from './interleaving.ts';
import { renderRows, showRows } from './rows-table.ts';
import { sanitize, sanitizeLines } from './sanitize.ts';
import type { Style } from './style.ts';

const MOST_ROWS = 12;
/** Stands for a value that does not matter. */
const ANY_CELL = { text: '(any)', isNull: true };

export interface FailureInReport {
  readonly set: ReportSet;
  readonly migration: ReportMigration;
  readonly result: ReportResult;
}

/** A counterexample with what is needed to describe its rows and its finding. */
export interface Story extends Pick<ReportCounterexample, 'dataset' | 'rows' | 'shrinks' | 'file' | 'finding'> {
  readonly anyValue?: ReportCounterexample['anyValue'] | undefined;
  readonly explanation?: ReportCounterexample['explanation'] | undefined;
  readonly dialect: DialectName;
  /** Pointed at where no statement is known. */
  readonly upFile: string;
}

/** Lines of the section; `number` and `of` count the failures of the run. `alsoSeenBy`: results of other properties that the same failure falsifies. */
export function describeFailure(
  failure: Omit<FailureInReport, 'set'> & { readonly set: Pick<ReportSet, 'dialect'> },
  number: number,
  of: number,
  style: Style,
  alsoSeenBy: readonly ReportResult[] = [],
): readonly string[] {
  const { set, migration, result } = failure;
  const example = result.counterexample;
  const title = `${sanitize(migration.name)} ${style.glyphs.dot} ${result.property}${result.clause === null ? '' : `/${result.clause}`}`;
  const lines = [drawTitle(title, number, of, style), ...wrapIn(result.reason, 2, style)];
  if (example === null) return [...lines, '', `  ${sanitize(migration.upFile)}`];
  const story = { ...example, dialect: set.dialect, upFile: migration.upFile };
  return [
    ...lines,
    '',
    ...describeStatement(story, style),
    ...describeRowsBefore(story, style),
    ...describeOutcome(story, style),
    ...(example.interleaving === undefined
      ? describeSteps(example, style)
      : describeSessions(example.interleaving, style)),
    ...describeWayOut(example, style),
    '',
    `  ${style.paint.dim('see it again')}  ${style.paint.cyan(sanitize(example.replay))}`,
    `  ${style.paint.dim('by hand     ')}  ${sanitize(example.repro)}`,
    ...(example.history === undefined
      ? []
      : [
          `  ${style.paint.dim('judge again ')}  ${style.paint.cyan(sanitize(`palindrome replay ${example.history}`))}`,
        ]),
    ...alsoSeenBy.map(
      ({ property, clause, counterexample }) =>
        `  ${style.paint.dim('also breaks ')}  ${property}/${sanitize(clause ?? '')}${counterexample === null ? '' : `: ${style.paint.cyan(sanitize(counterexample.replay))}`}`,
    ),
  ];
}

function drawTitle(title: string, number: number, of: number, { paint, glyphs, width }: Style): string {
  const head = `${glyphs.rule.repeat(2)} ${number} of ${of} `;
  const shown = cutTo(title, width - widthOf(head) - 6, glyphs.ellipsis);
  const tail = glyphs.rule.repeat(Math.max(2, width - widthOf(head) - widthOf(shown) - 4));
  return `${paint.red(head)} ${paint.bold(shown)}  ${paint.red(tail)}`;
}

/** The statement that did it, with the database's error where there was one. */
export function describeStatement({ finding, upFile, explanation }: Story, style: Style): readonly string[] {
  const [where = '', ...excerpt] =
    finding.at === null
      ? [upFile]
      : explanation == null
        ? drawStatement(finding.at, style)
        : drawExcerpt(explanation.brokenBy.statement, explanation.excerpt, style);
  return [
    `  ${style.paint.cyan(sanitize(where))}`,
    ...excerpt.map((line) => `    ${line}`),
    ...(finding.fault === null ? [] : ['', ...describeFault(finding.fault, style, 4)]),
    ...(explanation == null ? [] : ['', ...wrapIn(explanation.sentences.join(' '), 2, style)]),
  ];
}

/** The smallest rows that show it. */
export function describeRowsBefore(example: Story, style: Style): readonly string[] {
  const { dialect } = example;
  const tables = example.dataset.tables.filter(({ rows }) => rows.length > 0);
  const shrinks = example.shrinks === 0 ? '' : `, after ${count(example.shrinks, 'reduction')}`;
  if (tables.length === 0)
    return ['', heading(`The rows before: none${shrinks}`, style), '    It fails without any generated row.'];
  const any =
    (example.anyValue?.length ?? 0) === 0
      ? []
      : [`    ${style.paint.dim(`${ANY_CELL.text} stands for any value: the failure is the same`)}`];
  const mayBeAny = (table: string, row: number, column: string): boolean =>
    example.anyValue?.some((cells) => cells.table === table && cells.row === row && cells.columns.includes(column)) ??
    false;
  const describeTable = ({ table, columns, rows }: TableRows) => [
    `    ${style.paint.bold(sanitize(table))}`,
    ...renderRows(
      {
        columns,
        rows: showRows(rows.slice(0, MOST_ROWS), dialect).map((cells, row) =>
          cells.map((cell, at) => (mayBeAny(table, row, columns[at] ?? '') ? ANY_CELL : cell)),
        ),
      },
      style,
      6,
    ),
    ...(rows.length > MOST_ROWS ? [`      and ${rows.length - MOST_ROWS} more, all in ${sanitize(example.file)}`] : []),
  ];
  return [
    '',
    heading(`The rows before (${count(example.rows, 'row')}${shrinks})`, style),
    ...any,
    ...tables.flatMap((table, index) => [...(index === 0 ? [] : ['']), ...describeTable(table)]),
  ];
}

/** How catalog and rows differ from what they should be. */
export function describeOutcome({ finding, dialect }: Story, style: Style): readonly string[] {
  const { catalogChanges, tableDifferences } = finding;
  if (catalogChanges.length + tableDifferences.length === 0) return [];
  return [
    '',
    heading('What was expected, and what is there', style),
    ...describeCatalogChanges(catalogChanges, style, 4),
    ...tableDifferences.flatMap((difference, index) => [
      ...(index + catalogChanges.length === 0 ? [] : ['']),
      ...describeDifference(difference, dialect, style, 4),
    ]),
  ];
}

function describeSteps({ steps }: ReportCounterexample, style: Style): readonly string[] {
  if (steps.length === 0) return [];
  return [
    '',
    heading('What happened', style),
    ...steps.flatMap((step, index) => hang(`    ${index + 1}. `, sanitize(step), style.width)),
  ];
}

/** The same where several sessions were at it. */
function describeSessions(interleaving: readonly string[], style: Style): readonly string[] {
  return ['', heading('What happened, session by session', style), ...drawInterleaving(interleaving, style)];
}

/** The declaration to write if the loss was meant. */
export function describeWayOut({ finding }: Pick<Story, 'finding'>, style: Style): readonly string[] {
  if (finding.wayOut === null) return [];
  return [
    '',
    heading('If this was meant, declare it', style),
    ...sanitizeLines(finding.wayOut).map((line) => `    ${style.paint.green(line)}`),
  ];
}

function heading(text: string, { paint }: Style): string {
  return `  ${paint.bold(text)}`;
}

function wrapIn(text: string, indent: number, style: Style): readonly string[] {
  return sanitizeLines(text).flatMap((line) =>
    wrap(line, style.width - indent).map((part) => ' '.repeat(indent) + part),
  );
}
