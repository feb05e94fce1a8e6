/**
 * A counterexample as a script for SQLite's own shell: `sqlite3 :memory: < repro.sql`.
 */
import type { ReproInput } from '../../core/dialect.ts';
import type { TableRows } from '../../core/dataset.ts';
import { PalindromeError } from '../../core/errors.ts';
import type { Script } from '../../core/migration.ts';
import { planScript } from './execute.ts';
import { quoteIdentifier } from './quote.ts';

/**
 * What the shell needs to know besides the scripts.
 * `foreignKeys`: whether the harness ran scripts with them on. `functions`: names of functions that the application registers.
 */
export interface ReproSettings {
  readonly foreignKeys: boolean;
  readonly functions: readonly string[];
}

/** Renders the script. Steps may fail: the shell prints their errors and goes on, as the harness did. */
export function renderSqliteRepro(input: ReproInput, settings: ReproSettings): string {
  const lines = [
    ...comment(input.title),
    ...comment('Run: sqlite3 :memory: < this-file'),
    ...(settings.functions.length === 0
      ? []
      : comment(
          `Needs these SQL functions of the application, which the shell lacks: ${settings.functions.join(', ')}`,
        )),
    '.bail on',
    '.headers on',
    '.mode quote',
    pragma(settings),
    '',
    ...input.before.flatMap((script) => [...caption(`before: ${script.file}`), ...scriptLines(script), '']),
    ...dataLines(input),
    '.bail off',
    ...input.steps.flatMap(({ caption: text, script }) => [
      ...caption(text),
      pragma(settings),
      ...scriptLines(script),
      '',
    ]),
    ...input.checks.flatMap(({ caption: text, sql }) => [...caption(text), terminated(sql), '']),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function pragma(settings: ReproSettings): string {
  return `PRAGMA foreign_keys = ${settings.foreignKeys ? 'ON' : 'OFF'};`;
}

function dataLines(input: ReproInput): string[] {
  if (input.dataset.tables.every(({ rows }) => rows.length === 0)) return [];
  return [
    ...caption('data'),
    'BEGIN;',
    'PRAGMA defer_foreign_keys = ON;',
    ...input.dataset.tables.flatMap(insertLines),
    'COMMIT;',
    '',
  ];
}

function insertLines(table: TableRows): string[] {
  return table.rows.map((row) => {
    if (table.columns.length === 0) return `INSERT INTO ${table.table} DEFAULT VALUES;`;
    const cells = row.map((cell) => cell ?? 'NULL');
    return `INSERT INTO ${table.table} (${table.columns.map(quoteIdentifier).join(', ')}) VALUES (${cells.join(', ')});`;
  });
}

/**
 * The script's statements. The shell stops at the first error of a script that failed in the harness only with `.bail on`,
 * which would end the whole file; so a wrapped script that fails is undone by the ROLLBACK that follows it.
 */
function scriptLines(script: Script): string[] {
  const statements = statementsOf(script);
  if (script.transaction !== 'wrapped') return statements;
  return ['BEGIN;', ...statements, 'COMMIT;'];
}

function statementsOf(script: Script): string[] {
  try {
    const plan = planScript(script);
    const whole = plan.statements.map(({ text }) => terminated(text));
    return plan.unfinished === null ? whole : [...whole, ...comment(`left out: ${plan.unfinished.message}`)];
  } catch (error) {
    if (!(error instanceof PalindromeError)) throw error;
    return comment(`${script.file} cannot be run by a driver: ${error.message}`);
  }
}

function terminated(sql: string): string {
  const text = sql.trimEnd();
  return text.endsWith(';')
    ? text
    : `${text}\n;`.replace(/([^\n-])\n;$/, (whole, last: string) => (/--[^\n]*$/.test(text) ? whole : `${last};`));
}

function comment(text: string): string[] {
  return text.split('\n').map((line) => `-- ${line}`);
}

/** `.print` takes one line; a quoted argument knows C escapes. */
function caption(text: string): string[] {
  return [`.print "-- ${text.replace(/\s+/g, ' ').replace(/[\\"]/g, '\\$&')}"`];
}
