/**
 * Transactions of a writer as one block of PL/pgSQL, which the server runs from the first to the last: each begins and ends as any other, and one
 * round trip has hundreds of them. What came of each is kept in a variable, which no rollback takes back, and handed over at the end.
 *
 * Each transaction does its work in a subtransaction, so that what is refused is told and not lost. Versions therefore keep the subtransaction's id
 * (`mark`); visibility goes by that of the transaction.
 */
import type { Cell, Row } from '../../core/dataset.ts';
import type { LaterWrite } from '../../core/later-write.ts';
import type { Returning, SentAnswer, SentTransaction, WrittenRow } from '../../core/session.ts';
import { quoteIdentifier, quoteLiteral } from './quote.ts';
import { classifyFault } from './faults.ts';
import { linkedWriteSql, type Bind } from './session-sql.ts';

/** The setting in which the block leaves what it has to tell; `BEGUN` while it has not come to its end. */
const TOLD = 'palindrome.told';
export const BEGUN = 'begun';

/** Whether a block can do it: the end of a serialisable transaction may be refused where nothing can tell of it. */
export function fitsBlock(transactions: readonly SentTransaction[]): boolean {
  return transactions.every(({ isolation }) => isolation !== 'serializable');
}

/** What is sent: each is a message by itself, since the block ends transactions. The last one returns a single cell for `readBlock`. */
export function blockMessages(transactions: readonly SentTransaction[], returning: Returning): readonly string[] {
  return [
    `SELECT pg_catalog.set_config('${TOLD}', '', false)`,
    blockSql(transactions, returning),
    `SELECT pg_catalog.current_setting('${TOLD}')`,
  ];
}

/** Cells that come before the writes of a transaction: how many writes, level, seconds to stay open, end, and how many cells follow. */
const HEAD = 5;

interface Shape {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  /** Of each parameter the column that it is for. */
  readonly columns: readonly string[];
}

function blockSql(transactions: readonly SentTransaction[], returning: Returning): string {
  const shapes = new Map<string, Shape>();
  const work: Cell[] = [];
  for (const { isolation, writes, lingerMs, ends } of transactions) {
    const cells = writes.flatMap((write) => shapeWrite(shapes, write, returning));
    const level = isolation === 'repeatable-read' ? 'r' : 'c';
    work.push(String(writes.length), level, String(lingerMs / 1000), ends, String(cells.length), ...cells);
  }
  const all = [...shapes.values()];
  const declared = all.flatMap(({ number, columns }) =>
    columns.map((column, place) => `  ${parameterOf(number, place)} ${column}%TYPE;`),
  );
  const body = `
#variable_conflict use_column
DECLARE
  work text[] := ${arraySql(work)};
  told text[];
  done int := 0;
  at int := 1;
  stop int;
  line text;
  lines text;
  txid text;
  version text;
  id text;
  mark text;
  fault text;
${declared.join('\n')}
BEGIN
  PERFORM pg_catalog.set_config('${TOLD}', '${BEGUN}', false);
  ${beginNext('work[2]')}
  WHILE at <= ${work.length} LOOP
    stop := at + ${HEAD} + work[at + 4]::int;
    lines := '';
    id := NULL;
    mark := NULL;
    fault := NULL;
    DECLARE
      many int := work[at];
      linger float := work[at + 2];
      isKept boolean := work[at + 3] = 'commit';
    BEGIN
      BEGIN
        at := at + ${HEAD};
        FOR number IN 1..many LOOP
          line := NULL;
          CASE work[at]
${all.map(branchOf).join('\n')}
          END CASE;
          id := coalesce(id, txid);
          mark := coalesce(mark, version);
          lines := lines || CASE WHEN number = 1 THEN '[' ELSE ',[' END || coalesce(line, '') || ']';
        END LOOP;
        IF linger > 0 THEN
          PERFORM pg_catalog.pg_sleep(linger);
        END IF;
        SET CONSTRAINTS ALL IMMEDIATE;
      EXCEPTION WHEN OTHERS THEN
        fault := pg_catalog.json_build_array(SQLSTATE, SQLERRM)::text;
        isKept := false;
      END;
      done := done + 1;
      told[done] := pg_catalog.concat('[', isKept::int, ',', coalesce('"' || id || '"', 'null'), ',', coalesce('"' || mark || '"', 'null'),
        ',[', lines, '],', coalesce(fault, 'null'), ']');
      IF NOT isKept THEN
        ROLLBACK;
      END IF;
      ${beginNext('work[stop + 1]')}
    END;
    at := stop;
  END LOOP;
  PERFORM pg_catalog.set_config('${TOLD}', '[' || pg_catalog.array_to_string(told, ',') || ']', false);
END`;
  return `DO LANGUAGE plpgsql ${quoteLiteral(body)}`;
}

/** Commits what is open, and begins a transaction of that level: it is to be said before anything else, the evaluation of a condition included. */
function beginNext(level: string): string {
  return `IF ${level} = 'r' THEN COMMIT; SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; ELSE COMMIT; END IF;`;
}

/** A write as what the block reads of it: the number of its shape, and the cells. */
function shapeWrite(shapes: Map<string, Shape>, write: LaterWrite, returning: Returning): readonly Cell[] {
  // All that its SQL is made of, beside the cells that it takes.
  const set = write.op === 'delete' ? [] : write.row;
  const named = write.op === 'insert' ? null : write.key;
  const compared = (named?.row ?? []).map((cell) => cell === null);
  const key = `${write.op} ${write.table} ${write.op === 'delete' ? '' : write.columns.join()} ${named?.columns.join()} ${compared.join()}`;
  const shape = shapes.get(key) ?? makeShape(shapes.size + 1, write, returning);
  shapes.set(key, shape);
  return [shape.name, ...set, ...(named?.row ?? []).filter((cell) => cell !== null)];
}

function makeShape(number: number, write: LaterWrite, returning: Returning): Shape {
  const columns: string[] = [];
  const bind: Bind = (_cell, column) => {
    const place = columns.push(`${write.table}.${quoteIdentifier(column)}`) - 1;
    return parameterOf(number, place);
  };
  const sql = linkedWriteSql(write, returning, bind, 'block');
  return { number, name: String(number), sql, columns };
}

function branchOf({ number, sql, columns }: Shape): string {
  const set = columns.map((_, place) => `            ${parameterOf(number, place)} := work[at + ${place + 1}];`);
  const lines = [`          WHEN '${number}' THEN`, ...set, `            at := at + ${columns.length + 1};`];
  return [...lines, `            ${sql} INTO line, txid, version;`].join('\n');
}

function parameterOf(shape: number, place: number): string {
  return `palindrome_${shape}_${place}`;
}

function arraySql(cells: readonly Cell[]): string {
  const items = cells.map((cell) => (cell === null ? 'NULL' : `"${cell.replaceAll(/["\\]/g, String.raw`\$&`)}"`));
  return `${quoteLiteral(`{${items.join(',')}}`)}::text[]`;
}

type ToldTransaction = readonly [
  isCommitted: 0 | 1,
  id: string | null,
  mark: string | null,
  writes: readonly (readonly [row?: Row])[],
  fault: readonly [code: string, message: string] | null,
];

/** What came of each transaction, in their order. */
export function readBlock(told: string): readonly SentAnswer[] {
  return (JSON.parse(told) as readonly ToldTransaction[]).map(([isCommitted, transaction, mark, writes, fault]) => ({
    outcome: isCommitted === 1 ? 'committed' : 'rolled-back',
    transaction,
    mark,
    writes: writes.map((rows) => rows.flatMap((row) => (row === undefined ? [] : [writtenRow(row)]))),
    fault: fault === null ? null : faultOf(fault),
  }));
}

/** The row that a write made, as its answer or a block tells it. */
export function writtenRow(row: Row): WrittenRow {
  return { cells: row.slice(0, -1), before: row.at(-1) ?? null };
}

function faultOf([code, message]: readonly [code: string, message: string]): NonNullable<SentAnswer['fault']> {
  const nothing = { detail: null, hint: null, constraint: null, table: null, column: null };
  return { code, class: classifyFault(code, null), message, ...nothing };
}
