/**
 * A counterexample as one script for `psql`, with nothing to fetch: schema, rows, the scenario's scripts, and queries that show it.
 */
import type { Dataset } from '../../core/dataset.ts';
import type { ReproInput } from '../../core/dialect.ts';
import type { Chunk, Script } from '../../core/migration.ts';
import type { SchemaModel } from '../../core/schema.ts';
import { EXACT_TEXT_SETTINGS } from './connection.ts';
import { insertUnitSql } from './load-sql.ts';
import { planUnits } from './load-units.ts';
import { quoteIdentifier, quoteLiteral } from './quote.ts';
import { findRequirements } from './requirements.ts';
import { renderStopped } from './repro-stop.ts';
import { splitUnchecked } from './split.ts';

/** Renders the script. It wants an empty database and stops at the first error, except in the scenario's own steps. */
export function renderPsqlRepro(input: ReproInput): string {
  return [
    header(input),
    makeRoles([...input.before, ...input.steps.map(({ script }) => script)]),
    section('The schema before the migration', input.before.map((script) => renderScript(script)).join('\n')),
    section('The rows', renderRows(input.dataset, input.model)),
    ...input.steps.map(({ caption, script, stop }) =>
      section(caption, stop === undefined ? renderStep(script) : renderStopped(script, stop, input.model)),
    ),
    ...input.checks.map(({ caption, sql }) => section(caption, terminate(sql))),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function header({ title }: ReproInput): string {
  return [
    ...comment(title),
    '--',
    '-- Run it in an empty database that nobody needs:',
    '--   createdb palindrome_repro && psql -X -d palindrome_repro -f <this file>; dropdb palindrome_repro',
    '\\set QUIET on',
    '\\set ON_ERROR_STOP on',
    '\\pset null NULL',
    '',
  ].join('\n');
}

function comment(text: string): string[] {
  return text.split(/\r?\n/).map((line) => `-- ${line}`.trimEnd());
}

function section(caption: string, body: string): string {
  if (body.trim() === '') return '';
  return `\\echo\n\\echo ${quoteForPsql(`== ${caption}`)}\n${body.trimEnd()}\n`;
}

/** psql's own commands know backslash escapes in quotes. */
function quoteForPsql(text: string): string {
  const oneLine = text.replaceAll(/\s+/g, ' ').replaceAll('\\', '\\\\').replaceAll("'", "''");
  return `'${oneLine}'`;
}

function makeRoles(scripts: readonly Script[]): string {
  const { roles } = findRequirements(scripts);
  return roles
    .map((role) => {
      const create = quoteLiteral(`CREATE ROLE ${quoteIdentifier(role)}`);
      return `SELECT ${create} WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${quoteLiteral(role)}) \\gexec\n`;
    })
    .join('');
}

/** A script on a session of its own, in the transactions that its tool would use. */
function renderScript(script: Script): string {
  const body = script.chunks.map((chunk) => renderChunk(script, chunk)).join('\n');
  const whole = script.transaction === 'wrapped' ? `BEGIN;\n${body}\nCOMMIT;` : body;
  return `-- ${script.file}\n\\connect\n${whole}\n`;
}

function renderChunk(script: Script, chunk: Chunk): string {
  const statements = splitUnchecked(chunk.text);
  if (statements.length === 0) return '';
  const text = terminate(chunk.text);
  // The server runs a simple query of several statements as one transaction, unless it opens one itself.
  const isOneTransaction =
    script.transaction === 'implicit' &&
    statements.length > 1 &&
    !statements.some(({ command }) => command === 'BEGIN' || command === 'START TRANSACTION');
  return isOneTransaction ? `BEGIN;\n${text}\nCOMMIT;` : text;
}

/** A step may fail: then what follows it in the same script is not run, and the script goes on. */
function renderStep(script: Script): string {
  return `\\set ON_ERROR_STOP off\n${renderStepBody(script)}\\connect\n\\set ON_ERROR_STOP on`;
}

function renderStepBody(script: Script): string {
  const statements = script.chunks.flatMap((chunk) => splitUnchecked(chunk.text));
  const canSkip = statements.length > 1 && statements.every(({ copyData }) => copyData === null);
  if (script.transaction !== 'autocommit' || !canSkip) return renderScript(script);
  const guarded = statements.map(({ text }) =>
    ['\\if :stopped', '\\else', `${text};`, '\\if :ERROR', '\\set stopped true', '\\endif', '\\endif'].join('\n'),
  );
  return `-- ${script.file}\n\\connect\n\\set stopped false\n${guarded.join('\n')}\n`;
}

/** Closes the last statement, where it is not, on a line of its own: the text may end in a comment. */
function terminate(sql: string): string {
  const text = sql.trimEnd();
  const last = splitUnchecked(text).at(-1);
  if (last === undefined || last.copyData !== null) return text;
  return text
    .slice(last.offset + last.text.length)
    .trimStart()
    .startsWith(';')
    ? text
    : `${text}\n;`;
}

/** The statements that insert a dataset, in one transaction. */
export function renderRows(dataset: Dataset, model: SchemaModel): string {
  const units = planUnits(dataset, model);
  if (units.length === 0) return '';
  const settings = Object.entries(EXACT_TEXT_SETTINGS).map(([name, value]) => `SET LOCAL ${name} = '${value}';`);
  const inserts = units.map(
    (unit) =>
      `${insertUnitSql(
        unit,
        unit.tables.map(({ rows }) => rows),
      )};`,
  );
  const raises = raiseSequences(new Set(units.flatMap(({ tables }) => tables.map(({ table }) => table))), model);
  return ['BEGIN;', ...settings, 'SET CONSTRAINTS ALL DEFERRED;', ...inserts, ...raises, 'COMMIT;'].join('\n');
}

function raiseSequences(loaded: ReadonlySet<string>, model: SchemaModel): string[] {
  return model.tables
    .filter((table) => loaded.has(table.key))
    .flatMap((table) =>
      table.columns
        .filter((column) => column.isAutoNumbered || column.identity !== null)
        .map(({ name }) => {
          const sequence = `pg_get_serial_sequence(${quoteLiteral(table.key)}, ${quoteLiteral(name)})`;
          const column = quoteIdentifier(name);
          return `SELECT setval(${sequence}, max(${column})) FROM ${table.key} HAVING max(${column}) > 0 \\g /dev/null`;
        }),
    );
}
