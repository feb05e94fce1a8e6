/**
 * A counterexample as a script for SQLite's own shell: `sqlite3 :memory: < repro.sql`.
 */
import type { ReproInput } from '../../core/dialect.ts';
import type { Dataset, TableRows } from '../../core/dataset.ts';
import { PalindromeError } from '../../core/errors.ts';
import type { Script } from '../../core/migration.ts';
import type { StopPoint } from '../../core/interruption.ts';
import type { ScriptOutcome } from '../../core/trace.ts';
import { planScript } from './execute.ts';
import { quoteIdentifier } from './quote.ts';

/** Renders the script. Where a step is known to have failed, it stops there as the harness did, and the shell shows the error. */
export function renderSqliteRepro(input: ReproInput): string {
  const foreignKeys = `PRAGMA foreign_keys = ${(input.options?.foreignKeys ?? true) ? 'ON' : 'OFF'};`;
  const functions = Object.keys(input.options?.functions ?? {});
  const lines = [
    ...comment(input.title),
    '-- Run: sqlite3 :memory: < this file',
    ...(functions.length === 0
      ? []
      : comment(`Needs SQL functions that the application registers and the shell lacks: ${functions.join(', ')}`)),
    '.bail on',
    '.headers on',
    '.mode quote',
    '',
    ...input.before.flatMap((script) => [
      ...caption(`before: ${script.file}`),
      foreignKeys,
      ...scriptLines(script, undefined),
      '',
    ]),
    ...dataLines(input, foreignKeys),
    // The shell counts errors: with .bail on after one, it would stop at once, so from here on it goes on.
    '.bail off',
    ...input.steps.flatMap(({ caption: text, script, outcome, stop }) => [
      ...caption(describeStep(text, outcome)),
      foreignKeys,
      ...(stop === undefined ? scriptLines(script, outcome) : stoppedLines(script, stop)),
      '',
    ]),
    ...input.checks.flatMap(({ caption: text, sql }) => [...caption(text), terminated(sql), '']),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function describeStep(text: string, outcome: ScriptOutcome | undefined): string {
  if (outcome === undefined || outcome.status === 'completed') return text;
  return outcome.status === 'failed' ? `${text} (fails: ${outcome.fault.message})` : `${text} (never ended)`;
}

function dataLines(input: ReproInput, foreignKeys: string): string[] {
  if (input.dataset.tables.every(({ rows }) => rows.length === 0)) return [];
  return [...caption('data'), foreignKeys, renderRows(input.dataset), ''];
}

/** The statements that insert a dataset, in one transaction. */
export function renderRows({ tables }: Dataset): string {
  return ['BEGIN;', 'PRAGMA defer_foreign_keys = ON;', ...tables.flatMap(insertLines), 'COMMIT;'].join('\n');
}

function insertLines(table: TableRows): string[] {
  return table.rows.map((row) => {
    if (table.columns.length === 0) return `INSERT INTO ${table.table} DEFAULT VALUES;`;
    const cells = row.map((cell) => cell ?? 'NULL');
    return `INSERT INTO ${table.table} (${table.columns.map(quoteIdentifier).join(', ')}) VALUES (${cells.join(', ')});`;
  });
}

/**
 * The statements that ran. After the one that failed, the session was closed: what its transaction had done is undone.
 * A script that never ended stops before the statement that did not.
 */
function scriptLines(script: Script, outcome: ScriptOutcome | undefined): string[] {
  const isWrapped = script.transaction === 'wrapped';
  const begin = isWrapped ? ['BEGIN;'] : [];
  const statements = statementsOf(script);
  if (outcome === undefined || outcome.status === 'completed') {
    return [...begin, ...statements, ...(isWrapped ? ['COMMIT;'] : [])];
  }
  const isTimeout = outcome.status === 'timed-out';
  const number = outcome.at?.number ?? statements.length + 1;
  const ran = statements.slice(0, isTimeout ? number - 1 : number);
  const end = outcome.at === null && isWrapped ? ['COMMIT;'] : [];
  return [
    ...begin,
    ...ran,
    ...end,
    ...(isTimeout ? comment(`never ends: ${outcome.at?.text ?? ''}`) : []),
    ...(isWrapped || opensTransaction(ran) ? ['ROLLBACK;'] : []),
  ];
}

const FILES_AFTER = {
  server: [],
  'rollback-journal': [],
  'write-ahead-log': [],
  'torn-log': [
    'The end of <file>-wal is cut off in the middle of its last frame: in a file, the last commit is lost as well.',
  ],
  'shortened-log': ['The last frame of <file>-wal is cut off: in a file, the last commit is lost as well.'],
  'copy-in-the-middle': ['A copy of <file> and <file>-wal, made now, goes on: what was not committed is not in it.'],
  'copy-without-log': ['Only <file> is kept, <file>-wal is not: in a file, what the log held is lost as well.'],
} as const satisfies Readonly<Record<StopPoint['storage'], readonly string[]>>;

/** What ran before the process died. Rolling back is all that its death does to a database in memory. */
function stoppedLines(script: Script, { after, storage }: StopPoint): string[] {
  const isWrapped = script.transaction === 'wrapped';
  const statements = statementsOf(script);
  const ran = [...(isWrapped ? ['BEGIN;'] : []), ...statements.slice(0, after)];
  if (isWrapped && after > statements.length) ran.push('COMMIT;');
  return [
    ...ran,
    ...comment('Here the process is killed (kill -9).'),
    ...FILES_AFTER[storage].flatMap(comment),
    ...(opensTransaction(ran) ? ['ROLLBACK;'] : []),
  ];
}

/** Whether the statements leave a transaction open; an error may have ended it already, so the shell may find none to roll back. */
function opensTransaction(statements: readonly string[]): boolean {
  const last = statements.findLast((sql) => /^\s*(?:begin|commit|end|rollback|savepoint)\b/i.test(sql));
  return last !== undefined && /^\s*(?:begin|savepoint)/i.test(last);
}

function statementsOf(script: Script): string[] {
  try {
    const plan = planScript(script);
    const whole = plan.statements.map(({ text }) => `${text};`);
    return plan.unfinished === null ? whole : [...whole, ...comment(`left out: ${plan.unfinished.message}`)];
  } catch (error) {
    if (!(error instanceof PalindromeError)) throw error;
    return comment(`${script.file} cannot be run by a driver: ${error.message}`);
  }
}

/** A comment at the end must not swallow the semicolon. */
function terminated(sql: string): string {
  const text = sql.trimEnd();
  return text.endsWith(';') ? text : `${text}\n;`;
}

function comment(text: string): string[] {
  return text.split('\n').map((line) => `-- ${line}`);
}

/** `.print` takes one line; a quoted argument knows C escapes. */
function caption(text: string): string[] {
  return [`.print "-- ${text.replace(/\s+/g, ' ').replace(/[\\"]/g, '\\$&')}"`];
}
