/**
 * Queries of people (invariants, preconditions): one statement, in a transaction that cannot write.
 */
import { DatabaseError } from 'pg';
import type { Client, Connection, Submittable } from 'pg';
import type { Row } from '../../core/dataset.ts';
import type { QueryResult } from '../../core/dialect.ts';
import type { DatabaseFault } from '../../core/trace.ts';
import { SET_EXACT_TEXT } from './connection.ts';
import { isSessionLost, toFault } from './faults.ts';
import { splitUnchecked } from './split.ts';

/** Runs one statement read-only, in one round trip where it succeeds. Rows beyond `maxRows` are counted, not kept. Throws only when the session is lost. */
export async function readQuery(client: Client, sql: string, maxRows: number, limitMs: number): Promise<QueryResult> {
  const [statement, ...others] = splitUnchecked(sql);
  if (statement === undefined || others.length > 0) return { status: 'failed', fault: oneStatement() };
  const settings = `BEGIN READ ONLY; ${SET_EXACT_TEXT} SET LOCAL statement_timeout = ${Math.ceil(limitMs)}`;
  try {
    const result = await new Promise<RowKeeper>((resolve, reject) => {
      client.query(new RowKeeper(`${settings};\n${statement.text};\nROLLBACK`, maxRows, resolve, reject));
    });
    return { status: 'rows', columns: result.columns, rows: result.rows, rowCount: result.rowCount };
  } catch (error) {
    if (!(error instanceof DatabaseError) || isSessionLost(error)) throw error;
    await client.query('ROLLBACK').catch(() => undefined);
    return { status: 'failed', fault: toFault(error, statement.command) };
  }
}

function oneStatement(): DatabaseFault {
  const none = { detail: null, hint: null, constraint: null, table: null, column: null };
  return { code: '42601', class: 'syntax', message: 'exactly one statement is expected here', ...none };
}

/** Keeps the first rows of the one statement of a simple query that returns any, as text. */
class RowKeeper implements Submittable {
  columns: readonly string[] = [];
  readonly rows: Row[] = [];
  rowCount = 0;
  private readonly text: string;
  private readonly maxRows: number;
  private readonly resolve: (keeper: RowKeeper) => void;
  private readonly reject: (error: Error) => void;

  constructor(text: string, maxRows: number, resolve: (keeper: RowKeeper) => void, reject: (error: Error) => void) {
    this.text = text;
    this.maxRows = maxRows;
    this.resolve = resolve;
    this.reject = reject;
  }

  submit(connection: Connection): void {
    connection.query(this.text);
  }

  handleRowDescription(message: { readonly fields: readonly { readonly name: string }[] }): void {
    this.columns = message.fields.map((field) => field.name);
  }

  handleDataRow(message: { readonly fields: Row }): void {
    this.rowCount++;
    if (this.rows.length < this.maxRows) this.rows.push(message.fields);
  }

  handleCopyInResponse(connection: { sendCopyFail(message: string): void }): void {
    connection.sendCopyFail('a query cannot read data from its client');
  }

  handleError(error: Error): void {
    this.reject(error);
  }

  handleReadyForQuery(): void {
    this.resolve(this);
  }

  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleCopyData(): void {}
}
