/**
 * SQLite's own checks of a database: `integrity_check` (indexes, NOT NULL, CHECK, UNIQUE) and `foreign_key_check`.
 */
import type { Connection } from './home.ts';
import { quoteIdentifier } from './quote.ts';

const MOST = 20;

/** What the checks say beside "ok". */
export function examineDatabase(
  connection: Connection,
): readonly { readonly object: string; readonly message: string }[] {
  const integrity = connection.prepare(`PRAGMA integrity_check(${MOST})`).pluck().all() as string[];
  const orphans = connection.prepare('PRAGMA foreign_key_check').raw().all() as [string, unknown, string, number][];
  const tables = [...new Set(orphans.map(([table, , parent]) => `${table}\0${parent}`))].slice(0, MOST);
  return [
    ...integrity
      .filter((line) => line !== 'ok')
      .map((line) => ({ object: line.replaceAll(/\d+/g, 'n'), message: line })),
    ...tables.map((pair) => {
      const [table = '', parent = ''] = pair.split('\0');
      const object = `${quoteIdentifier(table)} → ${quoteIdentifier(parent)}`;
      return {
        object,
        message: `rows of ${quoteIdentifier(table)} refer to rows of ${quoteIdentifier(parent)} that are not there`,
      };
    }),
  ];
}
