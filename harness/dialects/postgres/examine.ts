/**
 * Whether B-tree indexes agree with their tables. `amcheck` computes every index entry anew from the row it stands for; where the server
 * lacks it, rows are counted through the table and through the index.
 */
import type { Client } from 'pg';
import { DatabaseError } from 'pg';
import { queryRows } from './connection.ts';
import { isSessionLost } from './faults.ts';
import { quoteLiteral } from './quote.ts';

/** The disagreements of valid B-tree indexes of the tables. Nothing stays: all of it is rolled back. */
export async function examineIndexes(
  client: Client,
  tables: readonly string[],
): Promise<readonly { readonly object: string; readonly message: string }[]> {
  if (tables.length === 0) return [];
  const list = tables.map((table) => `${quoteLiteral(table)}::regclass`).join(', ');
  const indexes = await queryRows(
    client,
    `SELECT x.indexrelid::oid::text, x.indexrelid::regclass::text, x.indrelid::regclass::text, pg_get_expr(x.indpred, x.indrelid), x.indkey[0]::text
      FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_am a ON a.oid = i.relam
      WHERE x.indrelid IN (${list}) AND a.amname = 'btree' AND x.indisvalid AND i.relkind = 'i' ORDER BY 2`,
  );
  if (indexes.length === 0) return [];
  await client.query('BEGIN; SET LOCAL statement_timeout = 30000');
  try {
    const hasAmcheck = await tryStatement(client, 'CREATE EXTENSION IF NOT EXISTS amcheck');
    const schemas = await queryRows(
      client,
      `SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'amcheck'`,
    );
    const schema = schemas[0]?.[0];
    const found: { object: string; message: string }[] = [];
    for (const [oid, name, table, condition] of indexes) {
      const fault =
        hasAmcheck === null && schema != null
          ? await tryStatement(client, `SELECT ${schema}.bt_index_check(${oid}::regclass, true)`)
          : await compareCounts(client, table ?? '', condition ?? null);
      if (fault !== null) found.push({ object: `index ${name}`, message: fault });
    }
    return found;
  } finally {
    await client.query('ROLLBACK');
  }
}

/** The error's message; null: it ran. */
async function tryStatement(client: Client, sql: string): Promise<string | null> {
  try {
    await client.query(`SAVEPOINT examine; ${sql}; RELEASE examine`);
    return null;
  } catch (error) {
    if (!(error instanceof DatabaseError) || isSessionLost(error)) throw error;
    await client.query('ROLLBACK TO examine; RELEASE examine');
    return error.message;
  }
}

async function compareCounts(client: Client, table: string, condition: string | null): Promise<string | null> {
  const sql = `SELECT count(*) FROM ${table}${condition === null ? '' : ` WHERE ${condition}`}`;
  await client.query(
    'SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_seqscan = on',
  );
  const [bySeq] = await queryRows(client, sql);
  await client.query(
    'SET LOCAL enable_indexscan = on; SET LOCAL enable_indexonlyscan = on; SET LOCAL enable_seqscan = off',
  );
  const [byIndex] = await queryRows(client, sql);
  return bySeq?.[0] === byIndex?.[0] ? null : `it finds ${byIndex?.[0]} rows, the table holds ${bySeq?.[0]}`;
}
