/** Dialects are loaded when a set needs one: a grammar of some megabytes, a native module. */
import type { Dialect } from '../core/dialect.ts';
import type { DialectName } from '../core/migration.ts';

export async function loadDialect(name: DialectName): Promise<Dialect> {
  if (name === 'sqlite') return (await import('../dialects/sqlite/dialect.ts')).sqliteDialect;
  return (await import('../dialects/postgres/dialect.ts')).postgresDialect;
}
