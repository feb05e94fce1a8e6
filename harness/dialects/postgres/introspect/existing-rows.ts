/**
 * The rows that earlier migrations put into the tables.
 */
import type { Client, QueryArrayResult } from 'pg';
import type { Row } from '../../../core/dataset.ts';
import { AS_TEXT } from '../connection.ts';
import { quoteIdentifier } from '../quote.ts';

/** How many rows of a table are listed. */
const MOST_ROWS = 200;

export interface RowsRequest {
  /** `Table.key`. */
  readonly key: string;
  readonly columns: readonly string[];
  readonly primaryKey: readonly string[];
  /** Whether its rows live in partitions. */
  readonly isPartitioned: boolean;
}

/**
 * The first rows of each table as exact text, in an order that does not depend on where they lie. One round trip for all tables.
 * Tables without a column give no rows. The session's settings decide how values are written.
 */
export async function readExistingRows(
  client: Client,
  requests: readonly RowsRequest[],
): Promise<ReadonlyMap<string, readonly Row[]>> {
  const asked = requests.filter((request) => request.columns.length > 0);
  if (asked.length === 0) return new Map();
  const answer: unknown = await client.query({
    text: asked.map(selectRows).join(';\n'),
    rowMode: 'array',
    types: AS_TEXT,
  });
  // A text with several statements has several results, which the types of `pg` do not know.
  const results = (Array.isArray(answer) ? answer : [answer]) as readonly QueryArrayResult<(string | null)[]>[];
  return new Map(asked.map((request, index) => [request.key, results[index]?.rows ?? []]));
}

function selectRows({ key, columns, primaryKey, isPartitioned }: RowsRequest): string {
  const order = primaryKey.length > 0 ? primaryKey.map(column).join(', ') : `t::text COLLATE "C"`;
  // A parent by inheritance shows its children's rows too, which are listed with the children.
  const only = isPartitioned ? '' : 'ONLY ';
  return `SELECT ${columns.map(column).join(', ')} FROM ${only}${key} t ORDER BY ${order} LIMIT ${MOST_ROWS}`;
}

function column(name: string): string {
  return `t.${quoteIdentifier(name)}`;
}
