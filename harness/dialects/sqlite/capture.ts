/**
 * Reads a snapshot: catalog, rows as exact literals, sequences and projections, in one transaction.
 * What has not changed since the last capture is not sent again.
 */
import type { CaptureRequest } from '../../core/dialect.ts';
import type { Row } from '../../core/dataset.ts';
import { PalindromeError, messageOf } from '../../core/errors.ts';
import { sha256 } from '../../core/hash.ts';
import type { Projection, SequenceState } from '../../core/snapshot.ts';
import { compareText } from '../../core/text.ts';
import { buildCatalog, normaliseType } from './catalog.ts';
import type { Home } from './home.ts';
import type { CaptureAnswer, CapturePlan, CapturedTable } from './protocol.ts';
import { bytesLiteralSql, literalSql, quoteName, quoteText } from './quote.ts';
import type { RawColumn, RawSchema, RawTable, SchemaCache } from './schema.ts';

interface TablePlan {
  readonly table: RawTable;
  readonly captured: CapturedTable;
  readonly from: string;
  /** Cheap to prepare; the last column is not '0' in a row that only `exactSql` reads exactly. */
  readonly rowsSql: string;
  readonly exactSql: string;
  readonly bytesSql: string;
  /** Places of the columns in the order of their names: a digest does not depend on their order. */
  readonly order: readonly number[];
}

interface KnownPlan {
  readonly plan: CapturePlan;
  readonly tables: readonly TablePlan[];
  /** Digests of the last capture under this plan, by table. */
  readonly digests: Map<string, string>;
}

/** Schemas whose plans are kept: a trajectory has few, and the next case visits the same. */
const PLANS_KEPT = 8;

/** What the harness already has from this process: plans, and the rows of each table as it was last captured under its plan. */
export class CaptureMemory {
  readonly #plans = new Map<string, KnownPlan>();
  #lastId = 0;
  /** The last answer without projections, and the database as it was then, byte for byte. */
  #last: { readonly image: Buffer; readonly maxRows: number; readonly answer: CaptureAnswer } | null = null;

  /** The last answer again, if the database has not changed by a byte: a script that failed and left nothing is common. */
  repeat(image: Buffer | null, request: CaptureRequest): CaptureAnswer | null {
    if (image === null || this.#last === null || request.projections.length > 0) return null;
    const isSame = this.#last.maxRows === request.maxRowsPerTable && this.#last.image.equals(image);
    return isSame ? this.#last.answer : null;
  }

  /** Keeps an answer for `repeat`; the harness has its rows from now on. */
  remember(image: Buffer | null, request: CaptureRequest, answer: CaptureAnswer): void {
    if (image === null || request.projections.length > 0) {
      this.#last = null;
      return;
    }
    const tables = answer.tables.map((table) => ({ ...table, rows: table.rows === null ? null : ('same' as const) }));
    const again = { ...answer, plan: null, dropped: null, tables };
    this.#last = { image, maxRows: request.maxRowsPerTable, answer: again };
  }

  /** The plan for a schema; with `dropped`, the id of one that had to make room. */
  find(schema: RawSchema): { readonly known: KnownPlan; readonly isNew: boolean; readonly dropped: number | null } {
    const found = this.#plans.get(schema.key);
    if (found !== undefined) {
      this.#plans.delete(schema.key);
      this.#plans.set(schema.key, found);
      return { known: found, isNew: false, dropped: null };
    }
    const known = makePlan(schema, ++this.#lastId);
    this.#plans.set(schema.key, known);
    const [oldest] = this.#plans.entries();
    if (this.#plans.size <= PLANS_KEPT || oldest === undefined) return { known, isNew: true, dropped: null };
    this.#plans.delete(oldest[0]);
    return { known, isNew: true, dropped: oldest[1].plan.id };
  }
}

/** Reads the state; leaves the connection as it was. */
export function captureDatabase(
  home: Home,
  schemas: SchemaCache,
  memory: CaptureMemory,
  request: CaptureRequest,
): CaptureAnswer {
  const image = home.image();
  const repeated = memory.repeat(image, request);
  if (repeated !== null) return repeated;
  const schema = schemas.read(home);
  home.prepare('BEGIN').run();
  try {
    const { known: current, isNew, dropped } = memory.find(schema);
    const answer: CaptureAnswer = {
      planId: current.plan.id,
      plan: isNew ? current.plan : null,
      dropped,
      tables: current.tables.map((table) => captureTable(home, table, current.digests, request.maxRowsPerTable)),
      sequences: readSequences(home, schema),
      projections: request.projections.flatMap(({ table, sql }) => {
        const plan = current.tables.find(({ captured }) => captured.key === table);
        return plan === undefined ? [] : [project(home, plan, sql)];
      }),
    };
    memory.remember(image, request, answer);
    return answer;
  } finally {
    home.prepare('ROLLBACK').run();
  }
}

function makePlan(schema: RawSchema, id: number): KnownPlan {
  const tables = schema.tables.map(planTable);
  const plan = { id, catalog: buildCatalog(schema), tables: tables.map(({ captured }) => captured) };
  return { plan, tables, digests: new Map() };
}

function planTable(table: RawTable): TablePlan {
  const columns = table.columns.filter(({ isHidden }) => !isHidden);
  const names = columns.map(({ name }) => name);
  const from = `main.${quoteName(table.name)}`;
  const literals = columns.map(({ name, type }) => literalSql(quoteName(name), keepsNegativeZero(type)));
  return {
    table,
    captured: {
      key: table.key,
      columns: names,
      types: columns.map(({ type }) => normaliseType(type)),
      primaryKey: primaryKeyOf(table),
    },
    from,
    rowsSql: quickSql(columns, from),
    exactSql: `SELECT ${literals.join(', ')} FROM ${from}`,
    bytesSql: `SELECT ${names.map((name) => bytesLiteralSql(quoteName(name))).join(', ')} FROM ${from}`,
    order: names.map((_, index) => index).toSorted((a, b) => compareText(names[a] ?? '', names[b] ?? '')),
  };
}

/** `quote()` alone is exact for everything but a text with a NUL and, in columns that convert nothing, a negative zero. */
function quickSql(columns: readonly RawColumn[], from: string): string {
  const converting = columns.filter(({ type }) => !keepsNegativeZero(type)).map(({ name }) => quoteName(name));
  const cells = columns.map(({ name, type }) =>
    keepsNegativeZero(type) ? literalSql(quoteName(name), true) : `nullif(quote(${quoteName(name)}), 'NULL')`,
  );
  const sign = converting.length === 0 ? '0' : `instr(concat(${converting.join(', ')}), char(0))`;
  return `SELECT ${cells.join(', ')}, CAST(${sign} AS TEXT) FROM ${from}`;
}

/** Column names of the primary key, in its order. */
export function primaryKeyOf(table: RawTable): string[] {
  return table.columns
    .filter(({ keyPosition }) => keyPosition > 0)
    .toSorted((a, b) => a.keyPosition - b.keyPosition)
    .map(({ name }) => name);
}

/** Whether the column's affinity leaves a negative zero as it is: BLOB affinity, and ANY in a STRICT table. */
export function keepsNegativeZero(type: string): boolean {
  return type === '' || /BLOB|^ANY$/i.test(type);
}

function captureTable(
  home: Home,
  plan: TablePlan,
  digests: Map<string, string>,
  maxRows: number,
): CaptureAnswer['tables'][number] {
  const rows = readRows(home, plan);
  const digest = digestRows(plan, rows);
  const isKnown = digests.get(plan.captured.key) === digest;
  const isListed = rows.length <= maxRows;
  if (isListed) digests.set(plan.captured.key, digest);
  return { rowCount: rows.length, digest, rows: !isListed ? null : isKnown ? 'same' : rows };
}

function readRows(home: Home, plan: TablePlan): Row[] {
  const quick = home.prepare(plan.rowsSql).raw().all() as Row[];
  const isExact = quick.every((row) => row.at(-1) === '0');
  const rows = isExact ? quick.map((row) => row.slice(0, -1)) : (home.prepare(plan.exactSql).raw().all() as Row[]);
  // A text that is not valid in the encoding arrives with replacement characters; its bytes tell it apart.
  if (!rows.some((row) => row.some((cell) => cell?.includes('\uFFFD') === true))) return rows;
  const bytes = home.prepare(plan.bytesSql).raw().all() as Row[];
  return rows.map((row, at) =>
    row.map((cell, column) => (cell?.includes('\uFFFD') === true ? (bytes[at]?.[column] ?? cell) : cell)),
  );
}

function digestRows(plan: TablePlan, rows: readonly Row[]): string {
  const names = plan.order.map((index) => plan.captured.columns[index] ?? '');
  const lines = rows.map((row) => JSON.stringify(plan.order.map((index) => row[index] ?? null))).toSorted(compareText);
  return sha256(`${JSON.stringify(names)}\n${lines.join('\n')}`);
}

function readSequences(home: Home, schema: RawSchema): SequenceState[] {
  const tables = schema.tables.filter(({ isAutoincrement }) => isAutoincrement);
  return tables.map((table) => {
    const column = primaryKeyOf(table)[0] ?? 'rowid';
    const [seq, extreme] = home
      .prepare(
        `SELECT (SELECT CAST(CAST(max(seq) AS INTEGER) AS TEXT) FROM main.sqlite_sequence WHERE name = ${quoteText(table.name)}),
         (SELECT CAST(max(${quoteName(column)}) AS TEXT) FROM main.${quoteName(table.name)})`,
      )
      .raw()
      .get() as [string | null, string | null];
    // SQLite numbers on from the greater of the two, whatever the sequence table says.
    const last = [seq, extreme].map((text) => (text === null ? 0n : BigInt(text))).reduce((a, b) => (a > b ? a : b));
    return {
      name: table.key,
      nextValue: (last + 1n).toString(),
      increment: '1',
      ownedBy: { table: table.key, column },
      columnExtreme: extreme,
    };
  });
}

function project(home: Home, plan: TablePlan, sql: string): Projection {
  const { primaryKey, columns, key } = plan.captured;
  const keyColumns = primaryKey.length > 0 ? primaryKey : columns;
  const cells = keyColumns.map((name) => literalSql(quoteName(name), true));
  const inner = `SELECT *, (${sql}) AS "palindrome value" FROM ${plan.from}`;
  try {
    const rows = home
      .prepare(`SELECT ${[...cells, literalSql('"palindrome value"', true)].join(', ')} FROM (${inner})`)
      .raw()
      .all() as Row[];
    return { table: key, sql, values: rows.map((row) => ({ key: row.slice(0, -1), value: row.at(-1) ?? null })) };
  } catch (error) {
    const message = `The expression \`${sql}\` cannot be evaluated over ${key}: ${messageOf(error)}`;
    throw new PalindromeError('expression-invalid', message, { hint: 'Correct the declaration that it comes from.' });
  }
}
