/**
 * A step of a script for `psql` that dies half-way. Between statements a new connection is what a kill is: what was open is gone. Inside a
 * statement that waits, a person holds what it waits for in a second `psql`, and `statement_timeout` cancels it.
 */
import type { StopPoint } from '../../core/interruption.ts';
import type { Script } from '../../core/migration.ts';
import type { SchemaModel } from '../../core/schema.ts';
import { countCommitsSql, instrumentCommits } from './commit-counter.ts';
import { splitUnchecked } from './split.ts';

const STOP_WITH_ERROR = `RAISE EXCEPTION 'here the session was killed'`;

/** Renders what runs up to the point, and the end of the session there. */
export function renderStopped(script: Script, point: StopPoint, model: SchemaModel): string {
  const statements = script.chunks.flatMap(({ text }) => splitUnchecked(text).map((statement) => statement.text));
  const text = (sql: string): string =>
    `${point.inside === 'commits' ? instrumentCommits(sql, STOP_WITH_ERROR) : sql}\n;`;
  const before = statements.slice(0, point.after).map(text);
  const next = statements[point.after];
  const isOneTransaction =
    script.transaction !== 'autocommit' && point.inside === null && !endsAChunk(script, point.after);
  return [
    `-- ${script.file}`,
    '\\connect',
    '\\set ON_ERROR_STOP off',
    ...(isOneTransaction || script.transaction === 'wrapped' ? ['BEGIN;'] : []),
    ...before,
    ...(script.transaction === 'wrapped' && point.after > statements.length ? ['COMMIT;'] : []),
    ...(point.inside === null || next === undefined ? [] : inside(point, text(next), model)),
    ...(point.how === 'server-crash'
      ? [
          '-- Here the whole server crashes: what was not committed is gone, and so is what unlogged tables held.',
          '\\echo In another terminal: pg_ctl -D <data folder> -m immediate restart',
          "\\prompt 'Then press Enter here: ' ready",
        ]
      : ['-- Here the session is killed (pg_terminate_backend): what it had not committed is gone.']),
    '\\connect',
    '\\set ON_ERROR_STOP on',
  ].join('\n');
}

/** A simple query that ended has committed. */
function endsAChunk({ transaction, chunks }: Script, after: number): boolean {
  if (transaction !== 'implicit') return false;
  let ended = 0;
  return chunks.some(({ text }) => (ended += splitUnchecked(text).length) === after);
}

function inside({ inside: kind, nth }: StopPoint, statement: string, model: SchemaModel): readonly string[] {
  if (kind === 'commits') return [`${countCommitsSql(nth)};`, statement];
  const tables = model.tables.map(({ key }) => key).join(', ');
  const held =
    kind === 'waits-for-snapshots'
      ? 'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM pg_class;'
      : `BEGIN; LOCK TABLE ${tables} IN ${kind === 'waits-for-writers' ? 'ROW EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE'} MODE;`;
  return [
    '\\echo Open a second psql on this database and run there, leaving it open:',
    `\\echo '   ${held.replaceAll("'", "''")}'`,
    "\\prompt 'Then press Enter here: ' ready",
    "SET statement_timeout = '3s';",
    statement,
    '\\echo Now run ROLLBACK; in the second psql.',
    "\\prompt 'Then press Enter here: ' ready",
  ];
}
